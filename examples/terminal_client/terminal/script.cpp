#include "script.hpp"

#include "commands.hpp"
#include <algorithm>
#include <cstdlib>
#include <limits>

namespace terminal {
namespace {

constexpr std::int64_t kCommandTimeoutMs = 60'000;

}  // namespace

std::optional<std::string> Script::next_line() {
  const auto end = input_.find('\n');
  if (end == std::string::npos && (!has_ended_ || input_.empty())) return std::nullopt;
  std::string line = input_.substr(0, end);
  input_.erase(0, end == std::string::npos ? input_.size() : end + 1);
  return line;
}

void Script::advance() {
  while (!is_done_) {
    if (has_failed() || app_.has_quit() || app_.is_refused()) {
      is_done_ = true;
    } else if (app_.is_busy()) {
      if (env_.steady_ms() < busy_until_) return;
      app_.fail("the command was not answered in time");
    } else if (wait_) {
      if (is_over(*wait_)) {
        wait_.reset();
      } else if (env_.steady_ms() < wait_->deadline) {
        return;
      } else {
        app_.fail("waited in vain: " + wait_->what);
      }
    } else if (const auto line = next_line()) {
      run(*line);
    } else if (has_ended_) {
      is_done_ = true;
    } else {
      return;
    }
  }
}

void Script::run(const std::string& line) {
  if (line.empty()) return;
  if (line.front() == '#') return app_.say(line);
  if (line.starts_with("/wait ")) return begin_wait(line.substr(6));
  if (is_command(line)) app_.say(line);  // so that the transcript explains itself
  app_.run_line(line);
  busy_until_ = env_.steady_ms() + kCommandTimeoutMs;
}

void Script::begin_wait(const std::string& what) {
  std::vector<std::string> words = split_words(what);
  const long seconds = words.empty() ? 0 : std::strtol(words.front().c_str(), nullptr, 10);
  if (seconds <= 0 || words.size() < 2) return app_.fail("usage: /wait SECONDS WHAT");
  words.erase(words.begin());
  wait_ = Wait{what, std::move(words), env_.steady_ms() + seconds * 1000};
}

bool Script::is_over(const Wait& wait) {
  const std::string& what = wait.words.front();
  if (what == "online") return app_.chat().is_online();
  if (what == "offline") return !app_.is_connected();
  if (what == "read") return app_.is_last_read();
  if (what == "invite") return is_invited();
  if (what == "message") return was_heard(join_words(wait.words, 1));
  if (what == "ack") return app_.chat().cache().outbox().empty();
  if (what == "presence" && wait.words.size() == 3) {
    client::People& people = app_.chat().people();
    return people.presence(people.full_id(wait.words[1])).state == wait.words[2];
  }
  app_.fail("there is nothing to wait for called " + what);
  return true;
}

bool Script::was_heard(const std::string& text) {
  auto& heard = app_.heard();
  const auto found = std::find_if(heard.begin(), heard.end(), [&](const std::string& one) {
    return one.find(text) != std::string::npos;
  });
  if (found == heard.end()) return false;
  heard.erase(found);
  return true;
}

bool Script::is_invited() {
  const auto rooms = app_.chat().cache().rooms();
  return std::any_of(rooms.begin(), rooms.end(),
                     [](const client::Room& room) { return room.membership == "invited"; });
}

std::int64_t Script::next_deadline() const {
  if (app_.is_busy()) return busy_until_;
  return wait_ ? wait_->deadline : std::numeric_limits<std::int64_t>::max();
}

}  // namespace terminal
