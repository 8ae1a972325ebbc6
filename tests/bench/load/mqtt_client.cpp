#include "tests/bench/load/mqtt_client.hpp"

#include "tests/bench/load/stop.hpp"

namespace chatd::bench {
namespace {

// First bytes of packets, flags included where the standard fixes them.
constexpr unsigned char kConnect = 0x10;
constexpr unsigned char kConnAck = 0x20;
constexpr unsigned char kPublish = 0x30;
constexpr unsigned char kPublishQos1 = 0x32;
constexpr unsigned char kPubAck = 0x40;
constexpr unsigned char kSubscribe = 0x82;
constexpr unsigned char kSubAck = 0x90;

std::string two_bytes(std::size_t value) {
  return {static_cast<char>(value >> 8 & 0xff), static_cast<char>(value & 0xff)};
}

std::string with_length(std::string_view text) {
  return two_bytes(text.size()) + std::string(text);
}

std::size_t two_bytes_at(std::string_view bytes, std::size_t at) {
  if (bytes.size() < at + 2) return 0;
  return static_cast<std::size_t>(static_cast<unsigned char>(bytes[at])) << 8 |
         static_cast<unsigned char>(bytes[at + 1]);
}

}  // namespace

MqttClient::MqttClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number)
    : Client(loop, endpoint, listener, number) {}

void MqttClient::begin_login(Login) {
  constexpr char kLevel = 4;       // 3.1.1
  constexpr char kFlags = '\xc2';  // user name, password, clean session
  packet(kConnect, with_length("MQTT") + kLevel + kFlags + two_bytes(0) + with_length(user()) +
                       with_length(user()) + with_length(kPassword));
}

void MqttClient::open_direct(const Client& peer) {
  begin();
  asked_room_ = "to/" + peer.user();
  subscribe("to/" + user());
}

void MqttClient::found_group(const std::string& name, const std::vector<Client*>&) {
  join_group("group/" + name);
}

void MqttClient::join_group(const std::string& room) {
  begin();
  asked_room_ = room;
  subscribe(room);
}

void MqttClient::subscribe(const std::string& topic) {
  packet(kSubscribe, two_bytes(++packet_id_) + with_length(topic) + '\1');
}

void MqttClient::send(const std::string& room, std::string_view text) {
  if (++packet_id_ == 0) ++packet_id_;
  std::string body = with_length(room) + two_bytes(packet_id_);
  body += text;
  packet(kPublishQos1, body);
}

void MqttClient::count(const std::string&) { stop("MQTT has no archive"); }
void MqttClient::befriend(const Client&) { stop("MQTT has no contacts"); }
void MqttClient::newest(const std::string&, std::size_t) { stop("MQTT has no archive"); }
void MqttClient::set_presence(bool) { stop("MQTT has no presence"); }

void MqttClient::packet(unsigned char type, std::string_view body) {
  std::string bytes(1, static_cast<char>(type));
  std::size_t length = body.size();
  do {
    const std::size_t rest = length >> 7;
    bytes += static_cast<char>((length & 0x7f) | (rest != 0 ? 0x80U : 0U));
    length = rest;
  } while (length != 0);
  bytes += body;
  write(bytes);
}

void MqttClient::received(std::string_view bytes) {
  in_ += bytes;
  std::size_t used = 0;
  while (const std::size_t size = take_packet(std::string_view(in_).substr(used))) used += size;
  in_.erase(0, used);
}

// The size of the packet that it took from the front; 0 if none is whole yet.
std::size_t MqttClient::take_packet(std::string_view bytes) {
  std::size_t length = 0;
  std::size_t head = 1;
  for (unsigned shift = 0;; shift += 7) {
    if (head >= bytes.size()) return 0;
    const auto digit = static_cast<unsigned char>(bytes[head++]);
    length |= static_cast<std::size_t>(digit & 0x7f) << shift;
    if ((digit & 0x80) == 0) break;
  }
  if (bytes.size() - head < length) return 0;
  take(static_cast<unsigned char>(bytes[0]), bytes.substr(head, length));
  return head + length;
}

void MqttClient::take(unsigned char type, std::string_view body) {
  if ((type & 0xf0) == kPublish) {
    const std::size_t topic = 2 + two_bytes_at(body, 0);
    packet(kPubAck, two_bytes(two_bytes_at(body, topic)));
    if (body.size() > topic + 2) listener_.delivered(*this, body.substr(topic + 2));
  } else if (type == kPubAck) {
    listener_.acked(*this);
  } else if (type == kConnAck) {
    if (two_bytes_at(body, 0) != 0) return fail("the login was refused");
    done();
  } else if (type == kSubAck) {
    done_with_room(asked_room_);
  }
}

}  // namespace chatd::bench
