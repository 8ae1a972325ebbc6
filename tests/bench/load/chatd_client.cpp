#include "tests/bench/load/chatd_client.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdio>

namespace chatd::bench {
namespace {

std::string quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string full_id(const Client& client) { return client.user() + '@' + client.domain(); }

std::uint64_t number_after(std::string_view text, std::string_view before) {
  std::uint64_t number = 0;
  const auto at = text.find(before);
  if (at != std::string_view::npos)
    std::from_chars(text.data() + at + before.size(), text.data() + text.size(), number);
  return number;
}

std::size_t occurrences(std::string_view text, std::string_view word) {
  std::size_t count = 0;
  for (auto at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1))
    ++count;
  return count;
}

}  // namespace

ChatdClient::ChatdClient(Loop& loop, const Endpoint& endpoint, Listener& listener,
                         std::size_t number)
    : Client(loop, endpoint, listener, number) {}

void ChatdClient::begin_login(Login how) {
  if (how == Login::by_token)
    return ask(Asked::login, "session.resume", R"("token":)" + quoted(token_));
  const std::string rest = R"(,"device_name":"load","password":)" + quoted(kPassword);
  if (how == Login::first)
    return ask(Asked::login, "account.sign_up", R"("name":)" + quoted(user()) + rest);
  ask(Asked::login, "account.login", R"("user":)" + quoted(user()) + rest);
}

void ChatdClient::open_direct(const Client& peer) {
  begin();
  ask(Asked::room, "room.open_direct", R"("user":)" + quoted(full_id(peer)));
}

void ChatdClient::found_group(const std::string& name, const std::vector<Client*>& members) {
  begin();
  std::string invite;
  for (const Client* member : members)
    if (member != this) invite += (invite.empty() ? "" : ",") + quoted(full_id(*member));
  ask(Asked::room, "room.create", R"("name":)" + quoted(name) + R"(,"invite":[)" + invite + ']');
}

void ChatdClient::join_group(const std::string& room) {
  begin();
  asked_room_ = room;
  ask(Asked::join, "room.join", R"("room":)" + quoted(room));
}

// All records, those of the room's beginnings included: what came between two counts is exact.
void ChatdClient::count(const std::string& room) {
  begin();
  ask(Asked::count, "history.get", R"("limit":1,"room":)" + quoted(room));
}

void ChatdClient::befriend(const Client& peer) {
  begin();
  ask(Asked::befriend, "contact.request", R"("user":)" + quoted(full_id(peer)));
}

void ChatdClient::send(const std::string& room, std::string_view text) {
  std::string params = R"("room":")";
  params += room;
  params += R"(","client_msg_id":")";
  params += next_message_id();
  params += R"(","content":{"text":")";
  params += text;
  params += R"("})";
  ask(Asked::send, "message.send", params);
}

void ChatdClient::newest(const std::string& room, std::size_t count) {
  ask(Asked::page, "history.get",
      R"("limit":)" + std::to_string(count) + R"(,"room":)" + quoted(room));
}

void ChatdClient::set_presence(bool is_away) {
  ask(Asked::set_presence, "presence.set", is_away ? R"("state":"away")" : R"("state":"online")");
}

void ChatdClient::ask(Asked asked, std::string_view method, std::string_view params) {
  std::string request = R"({"jsonrpc":"2.0","id":)" + std::to_string(static_cast<int>(asked));
  request += R"(,"method":")";
  request += method;
  request += R"(","params":{)";
  request += params;
  request += "}}";
  write(request);
}

// A UUIDv7 that grows: the time, then what makes it this client's.
std::string ChatdClient::next_message_id() {
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
  last_message_id_ = std::max(last_message_id_ + 1, static_cast<std::uint64_t>(now.count()) << 12);
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-7%03llx-8000-%012zx",
                static_cast<unsigned long long>(last_message_id_ >> 28 & 0xffffffff),
                static_cast<unsigned long long>(last_message_id_ >> 12 & 0xffff),
                static_cast<unsigned long long>(last_message_id_ & 0xfff), number());
  return {text.data()};
}

void ChatdClient::received(std::string_view message) {
  if (message.find(R"("method":"room.record")") != std::string_view::npos) {
    if (const auto text = between(message, R"("text":")", "\""); !text.empty())
      listener_.delivered(*this, text);
    return;
  }
  if (message.find(R"("method":")") != std::string_view::npos) return take_event(message);
  if (message.find(R"("error":)") != std::string_view::npos) return fail(message);
  answered(static_cast<Asked>(number_after(message, R"("id":)")), message);
}

void ChatdClient::take_event(std::string_view message) {
  const auto method = between(message, R"("method":")", "\"");
  if (method == "presence")
    listener_.presence(*this, message.find(R"("state":"away")") != std::string_view::npos);
  else if (method == "account.changed")
    take_contact(message);
  else if (method == "sync.behind")
    fail("the client reads too slowly (sync.behind)");
}

// Whoever asks is accepted. Changes of presence come to those who asked for it once.
void ChatdClient::take_contact(std::string_view message) {
  const auto contact = between(message, R"("contact":{)", "}");
  const auto state = between(contact, R"("state":")", "\"");
  if (state == "received")
    ask(Asked::accept, "contact.accept",
        R"("user":)" + quoted(between(contact, R"("user":")", "\"")));
  else if (state == "accepted" && is_busy())
    ask(Asked::presence, "presence.contacts", "");
}

void ChatdClient::answered(Asked asked, std::string_view message) {
  switch (asked) {
    case Asked::login:
      if (const auto token = between(message, R"("token":")", "\""); !token.empty()) token_ = token;
      return ask(Asked::sync, "sync", R"("account_version":0,"rooms":[],"max_rooms":1)");
    case Asked::sync:
      return done();
    case Asked::room:
      return done_with_room(std::string(between(message, R"("room":")", "\"")));
    case Asked::join:
      return done_with_room(asked_room_);
    case Asked::count:
      return done_with_count(number_after(message, R"("head_seq":)"));
    case Asked::befriend:
    case Asked::accept:
      return;
    case Asked::presence:
      return done();
    case Asked::send:
      return listener_.acked(*this);
    case Asked::page:
      return listener_.page(*this, occurrences(message, R"("kind":"message")"));
    case Asked::set_presence:
      return;
  }
}

}  // namespace chatd::bench
