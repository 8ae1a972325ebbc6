#include "people.hpp"

namespace client {
namespace {

std::string server_of(const std::string& user) {
  const auto at = user.find('@');
  return at == std::string::npos ? std::string() : user.substr(at + 1);
}

}  // namespace

std::string People::name(const std::string& user) {
  if (user.empty()) return "the server";
  if (std::string known = cache_.display_name(user); !known.empty()) return known;
  look_up(user);
  const bool is_of_this_server = server_of(user) == server_of(cache_.value("user"));
  return is_of_this_server ? user.substr(0, user.find('@')) : user;
}

std::string People::full_id(const std::string& user) {
  if (user.find('@') != std::string::npos) return user;
  return user + "@" + server_of(cache_.value("user"));
}

void People::look_up(const std::string& user) {
  if (user.empty() || connection_.state() != Connection::State::online) return;
  if (!asked_.insert(user).second) return;
  connection_.call("profile.get", {{"user", user}}, [this, user](const Answer& answer) {
    if (answer.ok()) return take_profile(answer.result);
    if (answer.error->code != "not_found") asked_.erase(user);
  });
}

void People::take_profile(const json& profile) {
  const std::string user = text_of(profile, "user");
  if (!user.empty()) cache_.put_display_name(user, text_of(profile, "display_name"));
}

bool People::take_presence(const json& said) {
  const std::string user = text_of(said, "user");
  const Presence now{text_of(said, "state"), time_of(said, "last_seen")};
  if (user.empty()) return false;
  Presence& before = presence_[user];
  const bool is_news = before.state != now.state;
  before = now;
  return is_news;
}

People::Presence People::presence(const std::string& user) const {
  const auto found = presence_.find(user);
  return found == presence_.end() ? Presence{} : found->second;
}

}  // namespace client
