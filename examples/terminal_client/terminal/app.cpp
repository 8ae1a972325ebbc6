#include "app.hpp"

#include "commands.hpp"
#include "message_text.hpp"
#include "safe_text.hpp"
#include <algorithm>
#include <cctype>

namespace terminal {
namespace {

constexpr std::size_t kMostLines = 30;
constexpr std::size_t kMostNameCharacters = 60;
constexpr std::uint64_t kOlderMessages = 20;
constexpr std::uint64_t kFirstMessages = 12;
constexpr std::uint64_t kMostFreshMessages = 200;
constexpr std::int64_t kTypingRepeatMs = 4000;  // others forget it after six seconds

bool same_letters(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

App::App(client::TlsContext tls, client::Account account, client::Env env, client::Cache& cache,
         Screen& screen, Style style)
    : cache_(cache),
      screen_(screen),
      style_(style),
      env_(env),
      chat_(std::move(tls), std::move(account), env, cache, *this) {
  refresh_prompt();
}

void App::run_line(const std::string& line) {
  if (line.empty()) return;
  if (is_command(line)) return run_command(*this, line.substr(1));
  if (open_.empty()) return fail("no room is open: /rooms shows them, /open NAME opens one");
  chat_.send(open_, line.starts_with("//") ? line.substr(1) : line);
  if (!chat_.is_online()) say("· kept; it goes out when the server is back");
}

void App::fail(const std::string& line) {
  ++failures_;
  say("! " + line);
}

void App::ask(const std::string& method, client::json params,
              std::function<void(const client::json&)> on_ok) {
  ++unanswered_;
  chat_.call(method, std::move(params), [this, on_ok](const client::Answer& answer) {
    --unanswered_;
    if (!answer.ok()) return fail(safe_line(answer.error->message));
    if (on_ok) on_ok(answer.result);
  });
}

std::string App::name(const std::string& user) {
  return shortened(safe_line(chat_.people().name(user)), kMostNameCharacters);
}

std::string App::title(const client::Room& room) {
  return shortened(safe_line(chat_.title(room)), kMostNameCharacters);
}

void App::open_when_known(const std::string& id) {
  if (cache_.room(id)) return open_room(id);
  opening_ = id;
  chat_.sync();
}

void App::enter_when_joined(const std::string& id) {
  const auto room = cache_.room(id);
  if (room && room->membership == "joined") return open_room(id);
  opening_ = id;
  chat_.sync();
}

void App::open_room(const std::string& id) {
  const auto room = cache_.room(id);
  if (!room) return fail("there is no such room");
  opening_.clear();
  open_ = id;
  typing_.clear();
  if (room->membership == "invited")
    say("--- " + title(*room) + ": you are invited; /join or /leave");
  else
    say("--- " + title(*room));
  // What came since it was last on the screen, and some of what was there before.
  const std::uint64_t shown_to = shown_to_[id];
  auto messages = cache_.messages(id, 0, shown_to == 0 ? kFirstMessages : kMostFreshMessages);
  const auto fresh = static_cast<std::size_t>(
      std::count_if(messages.begin(), messages.end(),
                    [shown_to](const client::Message& one) { return one.seq > shown_to; }));
  const std::size_t wanted = std::max(style_.context, fresh);
  if (messages.size() > wanted)
    messages.erase(messages.begin(), messages.end() - static_cast<std::ptrdiff_t>(wanted));
  for (const client::Message& message : messages) show_message(message);
  if (!messages.empty()) {
    std::uint64_t& from = shown_from_[id];
    from = from == 0 ? messages.front().seq : std::min(from, messages.front().seq);
    shown_to_[id] = std::max(shown_to, messages.back().seq);
  }
  chat_.watch(id);
  chat_.mark_read(id);
  refresh_prompt();
}

void App::show_older() {
  const auto room = open();
  if (!room) return fail("no room is open");
  const std::string id = room->id;
  const auto show = [this, id] {
    const std::uint64_t before = shown_from_[id] == 0 ? 0 : shown_from_[id];
    const auto messages = cache_.messages(id, before, kOlderMessages);
    for (const client::Message& message : messages) show_message(message);
    if (messages.empty()) return say("· that was the beginning");
    shown_from_[id] = messages.front().seq;
    shown_to_[id] = std::max(shown_to_[id], messages.back().seq);
  };
  const auto cached = cache_.messages(id, shown_from_[id], kOlderMessages);
  if (cached.size() == kOlderMessages || room->first <= 1 || !chat_.is_online()) return show();
  ++unanswered_;
  chat_.load_older(id, [this, show](std::size_t) {
    --unanswered_;
    show();
  });
}

std::string App::mark_of(const client::Message& message) {
  if (message.sender != chat_.me()) return {};
  return cache_.read_by_others(open_, chat_.me()) >= message.seq ? " ✓✓" : " ✓";
}

void App::show_message(const client::Message& message) {
  const NameOf name_of = [this](const std::string& user) { return name(user); };
  std::vector<std::string> lines = message_lines(message, name_of, kMostLines);
  if (style_.has_time)
    lines.front() = time_text(message.time, env_.wall_ms()) + " " + lines.front();
  lines.back() += mark_of(message);
  for (const std::string& line : lines) say(line);
}

void App::list_rooms() {
  listed_.clear();
  for (const client::Room& room : cache_.rooms()) {
    listed_.push_back(room.id);
    std::string line = std::to_string(listed_.size()) + ". " + title(room);
    if (room.type == "direct") {
      const std::string state = chat_.people().presence(room.peer).state;
      if (!state.empty()) line += " (" + safe_line(state) + ")";
    }
    if (room.membership == "invited") line += " — invited by " + name(room.invited_by);
    if (const std::uint64_t unread = cache_.unread(room, chat_.me()); unread > 0)
      line += " — " + std::to_string(unread) + " unread";
    if (room.id == open_) line += " ←";
    say(line);
  }
  if (listed_.empty()) say("· no rooms yet: /open USER begins one with somebody, /new a group");
}

std::optional<client::Room> App::find_room(const std::string& text) {
  if (auto room = cache_.room(text)) return room;
  const bool is_number =
      text.size() < 6 && !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0;
      });
  if (is_number) {
    const std::size_t number = std::stoul(text);
    if (number >= 1 && number <= listed_.size()) return cache_.room(listed_[number - 1]);
  }
  const std::string user = chat_.people().full_id(text);
  for (const client::Room& room : cache_.rooms()) {
    if (room.type == "direct" && room.peer == user) return room;
  }
  for (const client::Room& room : cache_.rooms()) {
    if (same_letters(chat_.title(room), text)) return room;
  }
  return std::nullopt;
}

void App::on_typing_here(bool is_typing) {
  const std::int64_t now = env_.steady_ms();
  if (open_.empty() || (is_typing && now < next_typing_)) return;
  next_typing_ = is_typing ? now + kTypingRepeatMs : 0;
  chat_.set_typing(open_, is_typing);
}

bool App::is_last_read() const {
  const auto own = last_own_.find(open_);
  return own != last_own_.end() &&
         cache_.read_by_others(open_, cache_.value("user")) >= own->second;
}

void App::refresh_prompt() {
  std::string prompt;
  if (const auto room = open()) prompt = title(*room);
  if (!is_connected_) prompt += prompt.empty() ? "(offline)" : " (offline)";
  std::string typing;
  for (const auto& [user, until] : typing_) typing += (typing.empty() ? "" : ", ") + name(user);
  if (!typing.empty()) prompt += " [" + typing + " typing]";
  screen_.set_prompt(prompt + "> ");
}

void App::tick() {
  const std::int64_t now = env_.steady_ms();
  if (std::erase_if(typing_, [now](const auto& one) { return one.second <= now; }) > 0)
    refresh_prompt();
}

}  // namespace terminal
