#include "daemon/net/ws_client.hpp"

#include "daemon/net/http.hpp"
#include "daemon/net/response_head.hpp"
#include "daemon/net/subprotocol.hpp"
#include "daemon/wire/limits.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <array>
#include <utility>

namespace chatd::net {
namespace {

// What was sent before the end may take so long to leave.
constexpr Millis kClosePatience{10'000};
constexpr std::uint16_t kNormal = 1000;  // RFC 6455 section 7.4.1
constexpr std::uint16_t kProtocolError = 1002;
constexpr std::string_view kGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";  // section 1.3

std::string base64(const unsigned char* bytes, std::size_t size) {
  std::string text((size + 2) / 3 * 4 + 1, '\0');  // it ends it with a zero
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), bytes.size());
  return base64(bytes.data(), bytes.size());
}

std::string accept_of(std::string_view key) {
  const std::string text = fmt::format("{}{}", key, kGuid);
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return base64(digest.data(), size);
}

}  // namespace

WsClient::WsClient(const TlsStream::Parts& parts, Place place, std::size_t max_message_bytes,
                   Events& events)
    : place_(place),
      events_(events),
      key_(random_key()),
      reader_(max_message_bytes),
      stream_(parts, std::move(place), *this) {}

void WsClient::on_open() {
  stream_.write(
      fmt::format("GET /ws HTTP/1.1\r\nHost: {}:{}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  "Sec-WebSocket-Key: {}\r\nSec-WebSocket-Version: 13\r\n"
                  "Sec-WebSocket-Protocol: {}\r\n\r\n",
                  place_.server, place_.port, key_, kLinkSubprotocol));
  stream_.flush();
}

void WsClient::on_bytes(std::string_view bytes) {
  std::string first;
  if (!is_open_) {
    auto rest = read_answer(bytes);
    if (!rest) return stream_.fail(std::move(rest.error().message));
    if (!is_open_) return;
    first = *std::move(rest);
    bytes = first;
    events_.on_open(stream_.exporter());
  }
  const auto status = reader_.feed(
      bytes, [this](Opcode opcode, std::string payload) { take(opcode, std::move(payload)); });
  if (status || is_closing_) return;
  finish(close_payload(kProtocolError, status.error().message), status.error().message);
}

// Gives back what follows the answer: frames.
Result<std::string> WsClient::read_answer(std::string_view bytes) {
  answer_ += bytes;
  CHATD_TRY(const auto head, read_response_head(answer_));
  if (!head) return std::string();
  if (head->status != 101)
    return fail(Code::unavailable,
                fmt::format("it refuses the WebSocket with status {}", head->status));
  if (!list_has(head->field("upgrade"), "websocket", false) ||
      !list_has(head->field("connection"), "upgrade", false) ||
      head->field("sec-websocket-accept") != accept_of(key_) ||
      !head->field("sec-websocket-extensions").empty())
    return fail(Code::unavailable, "its answer to the upgrade is no WebSocket's");
  if (head->field("sec-websocket-protocol") != kLinkSubprotocol)
    return fail(Code::unavailable, "it does not speak the protocol between servers");
  is_open_ = true;
  stream_.settle();
  return std::exchange(answer_, {}).substr(head->size);
}

void WsClient::take(Opcode opcode, std::string payload) {
  switch (opcode) {
    case Opcode::ping:
      if (is_closing_) return;
      write(Opcode::pong, payload);
      return stream_.flush();
    case Opcode::close:
      return finish(payload.substr(0, 2), close_sentence(payload));
    case Opcode::binary:
      if (!is_closing_) events_.on_message(std::move(payload));
      return;
    case Opcode::more:
    case Opcode::text:
    case Opcode::pong:
      return;
  }
}

void WsClient::write(Opcode opcode, std::string_view payload) {
  std::uint32_t key = 0;
  RAND_bytes(reinterpret_cast<unsigned char*>(&key), sizeof key);
  std::string frame;
  append_masked_frame(frame, opcode, payload, key);
  stream_.write(frame);
  if (stream_.queued() > wire::kMaxSendBytes) stream_.fail("it reads too slowly");
}

void WsClient::finish(std::string_view last_frame, std::string why) {
  if (std::exchange(is_closing_, true)) return;
  if (is_open_) write(Opcode::close, last_frame);
  stream_.finish(std::move(why), kClosePatience);
}

void WsClient::send(std::string_view message) {
  if (!is_open_ || is_closing_) return;
  write(Opcode::binary, message);
}

void WsClient::close() { finish(close_payload(kNormal, {}), "this server ended the connection"); }

void WsClient::on_sent(std::size_t bytes) {
  if (is_open_) events_.on_sent(bytes);
}

void WsClient::on_end(std::string why) {
  events_.on_end(why.empty() ? close_sentence({}) : std::move(why));
}

}  // namespace chatd::net
