#include "tests/bench/load/nats_client.hpp"

#include "tests/bench/load/stop.hpp"

#include <charconv>
#include <utility>

namespace chatd::bench {
namespace {

constexpr std::string_view kLineEnd = "\r\n";

}  // namespace

NatsClient::NatsClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number)
    : Client(loop, endpoint, listener, number) {}

// The server greets first, but need not be waited for.
void NatsClient::begin_login(Login) {
  write("CONNECT {\"verbose\":true,\"pedantic\":false,\"echo\":false,\"user\":\"" + user() +
        "\",\"pass\":\"" + std::string(kPassword) + "\"}\r\n");
}

void NatsClient::open_direct(const Client& peer) {
  begin();
  asked_room_ = "to." + peer.user();
  subscribe("to." + user());
}

void NatsClient::found_group(const std::string& name, const std::vector<Client*>&) {
  join_group("group." + name);
}

void NatsClient::join_group(const std::string& room) {
  begin();
  asked_room_ = room;
  subscribe(room);
}

void NatsClient::subscribe(const std::string& subject) { write("SUB " + subject + " 1\r\n"); }

void NatsClient::send(const std::string& room, std::string_view text) {
  std::string line = "PUB " + room + ' ' + std::to_string(text.size());
  line += kLineEnd;
  line += text;
  line += kLineEnd;
  write(line);
}

void NatsClient::count(const std::string&) { stop("NATS has no archive here"); }
void NatsClient::befriend(const Client&) { stop("NATS has no contacts"); }
void NatsClient::newest(const std::string&, std::size_t) { stop("NATS has no archive here"); }
void NatsClient::set_presence(bool) { stop("NATS has no presence"); }

void NatsClient::received(std::string_view bytes) {
  in_ += bytes;
  std::size_t used = 0;
  while (const std::size_t size = take_line(std::string_view(in_).substr(used))) used += size;
  in_.erase(0, used);
}

// The size of the line, with what belongs to it, that it took from the front; 0: not whole yet.
std::size_t NatsClient::take_line(std::string_view bytes) {
  const auto end = bytes.find(kLineEnd);
  if (end == std::string_view::npos) return 0;
  const auto line = bytes.substr(0, end);
  const std::size_t size = end + kLineEnd.size();
  if (line.starts_with("MSG ")) {
    std::size_t length = 0;
    const auto digits = line.substr(line.rfind(' ') + 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), length);
    if (bytes.size() < size + length + kLineEnd.size()) return 0;
    listener_.delivered(*this, bytes.substr(size, length));
    return size + length + kLineEnd.size();
  }
  if (line == "+OK") confirmed();
  if (line == "PING") write("PONG\r\n");
  if (line.starts_with("-ERR")) fail(line);
  return size;
}

void NatsClient::confirmed() {
  if (!is_busy()) return listener_.acked(*this);
  if (asked_room_.empty()) return done();
  done_with_room(std::exchange(asked_room_, {}));
}

}  // namespace chatd::bench
