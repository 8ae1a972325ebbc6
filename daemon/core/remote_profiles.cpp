#include "daemon/core/remote_profiles.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/core/context.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace chatd::core {
namespace {

constexpr Millis kFresh{60 * 60'000};
// After no answer, or one that tells nothing.
constexpr Millis kAskAgain{60'000};
constexpr Millis kAnswerDeadline{5'000};
constexpr std::size_t kMaxKnown = 10'000;    // 1 KiB each at most
constexpr std::size_t kMaxQuestions = 1000;  // on their way

Status check(const ProfileAnswer& answer) {
  const bool is_short = count_code_points(answer.display_name) <= wire::kMaxNameCharacters &&
                        count_code_points(answer.status_text) <= wire::kMaxStatusCharacters;
  if (!answer.is_known ||
      (is_short && is_name(answer.display_name) && !has_control_characters(answer.status_text)))
    return {};
  return fail(Code::invalid_params, "a profile that can't be shown");
}

}  // namespace

Task<wire::Profile> RemoteProfiles::get(UserId user, RoomId room) {
  const auto found = known_.find(user);
  if (found == known_.end() || core_.clock.now() >= found->second->fresh_until) {
    const std::shared_ptr<Gate> answered = ask(user, room);
    if (answered != nullptr) co_await answered->wait();
  }
  co_return known(user);
}

wire::Profile RemoteProfiles::known(const UserId& user) const {
  const auto found = known_.find(user);
  if (found != known_.end()) return found->second->profile;
  return {user, std::string(user.localpart()), {}};
}

// Opens when there is nothing more to wait for; null: there is nothing to wait for.
std::shared_ptr<Gate> RemoteProfiles::ask(const UserId& user, const RoomId& room) {
  for (const auto& [number, question] : questions_)
    if (question.user == user) return question.answered;
  if (questions_.size() >= kMaxQuestions) return nullptr;
  const std::string server(user.server());
  const std::uint64_t number = ++last_number_;
  if (!core_.peers->say(server, ProfileQuestion{number, user, room})) {
    core_.peers->wake(server);
    return nullptr;
  }
  const auto deadline = core_.timers.after(kAnswerDeadline, [this, number] {
    const auto late = questions_.find(number);
    if (late == questions_.end()) return;
    note(known(late->second.user), kAskAgain);
    close(number);
  });
  auto answered = std::make_shared<Gate>();
  questions_.emplace(number, Question{user, answered, deadline});
  return answered;
}

Status RemoteProfiles::take(const std::string& server, ProfileAnswer answer) {
  const auto found = questions_.find(answer.number);
  if (found == questions_.end() && answer.number <= last_number_) return {};  // too late
  if (found == questions_.end() || found->second.user.server() != server)
    return fail(Code::conflict, "it answers a question that was not asked");
  const UserId user = found->second.user;
  const Status status = check(answer);
  if (status && answer.is_known)
    note({user, std::move(answer.display_name), std::move(answer.status_text)}, kFresh);
  else
    note(known(user), kAskAgain);
  close(answer.number);
  return status;
}

void RemoteProfiles::unlinked(const std::string& server) {
  std::vector<std::uint64_t> numbers;
  for (const auto& [number, question] : questions_)
    if (question.user.server() == server) numbers.push_back(number);
  for (const std::uint64_t number : numbers) close(number);
}

void RemoteProfiles::note(wire::Profile profile, Millis fresh_for) {
  const UserId user = profile.user;
  if (const auto before = known_.find(user); before != known_.end()) recent_.erase(before->second);
  recent_.push_front({std::move(profile), core_.clock.now() + fresh_for});
  known_[user] = recent_.begin();
  if (known_.size() <= kMaxKnown) return;
  known_.erase(recent_.back().profile.user);
  recent_.pop_back();
}

void RemoteProfiles::close(std::uint64_t number) {
  const auto question = questions_.extract(number);
  core_.timers.cancel(question.mapped().deadline);
  question.mapped().answered->open();
}

Task<void> RemoteProfiles::answer(std::string server, ProfileQuestion question) {
  const bool is_allowed = co_await may_know(server, question.user, question.room);
  const User* const user = core_.users.find(question.user);
  ProfileAnswer answer{question.number, is_allowed && user != nullptr, {}, {}};
  if (answer.is_known) {
    answer.display_name = user->account.display_name;
    answer.status_text = user->account.status_text;
  }
  core_.peers->say(server, std::move(answer));
}

// A contact of theirs, as both agreed, or in the room with somebody of theirs: in a 1:1 room once
// it was accepted.
Task<bool> RemoteProfiles::may_know(std::string server, UserId id, RoomId room_id) {
  bool is_shared = false;
  if (!room_id.empty()) {
    auto room = co_await core_.rooms.load(room_id);
    is_shared = room && (*room)->is_joined(id) && (*room)->has_joined_from(server);
  }
  auto loaded = co_await core_.users.load(id);
  if (!loaded) co_return false;
  const User& user = **loaded;
  const RoomEntry* const entry = user.room(room_id);
  const bool is_in_room =
      is_shared && entry != nullptr && entry->membership == wire::Membership::joined;
  co_return user.account.is_enabled && (is_in_room || user.has_contact_at(server));
}

}  // namespace chatd::core
