#include "app.hpp"
#include "message_text.hpp"
#include "safe_text.hpp"
#include <utility>

// What the server says, as the person sees it.
namespace terminal {
namespace {

constexpr std::int64_t kTypingMs = 6000;
constexpr std::size_t kMostHeard = 10'000;
constexpr std::size_t kPreviewCharacters = 200;

}  // namespace

void App::on_online() {
  if (!is_connected_) {
    is_connected_ = true;
    say("· online as " + safe_line(chat_.me()));
    show_unread();
  }
  if (!open_.empty()) chat_.mark_read(open_);
  if (!opening_.empty()) {
    const std::string id = std::exchange(opening_, {});
    if (cache_.room(id)) {
      open_room(id);
    } else {
      fail("the server does not tell about that room");
    }
  }
  refresh_prompt();
}

void App::show_unread() {
  for (const client::Room& room : cache_.rooms()) {
    if (room.id == open_) continue;
    const std::uint64_t unread = cache_.unread(room, chat_.me());
    if (unread > 0) say("· " + std::to_string(unread) + " unread in " + title(room));
  }
}

void App::on_offline(const std::string& reason) {
  if (is_connected_ || !has_told_offline_) say("· offline: " + safe_line(reason));
  has_told_offline_ = true;
  is_connected_ = false;
  typing_.clear();
  refresh_prompt();
}

void App::on_refused(const std::string& reason) {
  fail("the server does not let us in: " + safe_line(reason));
  is_connected_ = false;
  is_refused_ = true;
}

void App::on_record(const client::Room& room, const client::Record& record, bool is_live) {
  const bool is_message = record.kind == "message";
  if (is_message && record.sender == chat_.me()) last_own_[room.id] = record.seq;
  if (is_message && record.sender != chat_.me()) {
    heard_.push_back(client::text_of(record.content, "text"));
    if (heard_.size() > kMostHeard) heard_.pop_front();
  }
  if (room.id == open_) {
    show_record(room, record);
    // What is caught up with is marked once, when all of it is here.
    if (is_live) chat_.mark_read(room.id);
  } else if (is_live && is_message) {
    show_other_room(room, record);
  }
}

void App::show_record(const client::Room& room, const client::Record& record) {
  if (record.kind == "message") {
    typing_.erase(record.sender);
    if (const auto message = cache_.message(room.id, record.seq)) show_message(*message);
    if (shown_from_[room.id] == 0) shown_from_[room.id] = record.seq;
    shown_to_[room.id] = record.seq;
    return refresh_prompt();
  }
  std::string before;
  if (record.kind == "member")
    before = cache_.membership_before(room.id, record.seq, client::text_of(record.content, "user"));
  const std::string line =
      record_text(record, before, [this](const std::string& user) { return name(user); });
  if (!line.empty()) say(line);
  if (record.kind == "meta") refresh_prompt();
}

void App::show_other_room(const client::Room& room, const client::Record& record) {
  if (record.sender == chat_.me()) return;
  const std::string text = safe_lines(client::text_of(record.content, "text")).front();
  const std::string where = room.type == "group" ? "[" + title(room) + "] " : "[1:1] ";
  say(where + name(record.sender) + ": " + shortened(text, kPreviewCharacters));
}

void App::on_not_sent(const client::Outgoing& out) {
  fail(outgoing_text(out) + " (/retry or /discard)");
}

void App::on_read(const client::Room& room, const std::string& user, std::uint64_t seq) {
  const auto own = last_own_.find(room.id);
  if (room.id != open_ || user == chat_.me() || own == last_own_.end()) return;
  std::uint64_t& told = told_read_[room.id];
  if (seq < own->second || told >= own->second) return;
  told = own->second;
  say("✓✓ " + name(user) + " has read up to #" + std::to_string(seq));
}

void App::on_typing(const std::string& room, const std::string& user, bool is_typing) {
  if (room != open_ || user == chat_.me()) return;
  if (is_typing) {
    typing_[user] = env_.steady_ms() + kTypingMs;
  } else {
    typing_.erase(user);
  }
  refresh_prompt();
}

void App::on_presence(const std::string& user, const client::People::Presence& presence) {
  if (user == chat_.me()) return;
  say("· " + name(user) + " is " + safe_line(presence.state));
}

void App::on_contact(const client::Contact& contact) {
  if (contact.state == "received")
    say("· " + name(contact.user) + " (" + safe_line(contact.user) +
        ") asks to be your contact: /accept " + safe_line(contact.user));
  else if (contact.state == "accepted" && is_connected_)
    say("· " + name(contact.user) + " is your contact");
}

void App::on_room(const client::Room& room) {
  if (room.membership == "invited")
    say("· " + name(room.invited_by) + " invites you to a room: /rooms, then /join N");
}

void App::on_room_gone(const std::string& room) {
  if (room == open_) {
    say("· this room is no longer yours");
    open_.clear();
  }
  refresh_prompt();
}

}  // namespace terminal
