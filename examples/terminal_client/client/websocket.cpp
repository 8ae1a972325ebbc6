#include "websocket.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdint>
#include <utility>

namespace client {
namespace {

constexpr std::size_t kMaxUpgradeBytes = 16 * 1024;
// A page of history is 1 MiB at most; the rest is room for a server that is more generous.
constexpr std::size_t kMaxMessageBytes = 8 * 1024 * 1024;
constexpr std::size_t kMaxControlBytes = 125;

constexpr unsigned kContinuation = 0x0;
constexpr unsigned kText = 0x1;
constexpr unsigned kClose = 0x8;
constexpr unsigned kPing = 0x9;
constexpr unsigned kPong = 0xA;

std::string base64(const unsigned char* data, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), data, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  return text;
}

std::string random_key() {
  std::array<unsigned char, 16> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return base64(bytes.data(), bytes.size());
}

// What a server that really speaks WebSocket answers to `key`.
std::string accept_of(const std::string& key) {
  const std::string text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  return base64(digest.data(), digest.size());
}

// The value of a header in a block of "Name: value" lines, whatever the name's case.
std::string header(std::string_view block, std::string_view name) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  while (!block.empty()) {
    const auto end = block.find("\r\n");
    const std::string_view line = block.substr(0, end);
    const auto colon = line.find(':');
    if (colon == name.size() && std::equal(name.begin(), name.end(), line.begin(), same)) {
      std::string_view value = line.substr(colon + 1);
      while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
      while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
      return std::string(value);
    }
    if (end == std::string_view::npos) break;
    block.remove_prefix(end + 2);
  }
  return {};
}

}  // namespace

WebSocket::WebSocket(const std::string& host, const std::string& path, std::string subprotocol)
    : key_(random_key()), subprotocol_(std::move(subprotocol)) {
  output_ = "GET " + path + " HTTP/1.1\r\nHost: " + host +
            "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " + key_ +
            "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: " + subprotocol_ + "\r\n\r\n";
}

void WebSocket::fail(std::string error) {
  is_over_ = true;
  if (error_.empty()) error_ = std::move(error);
}

void WebSocket::feed(std::string_view bytes) {
  if (is_over_) return;
  input_ += bytes;
  if (!is_open_) read_upgrade();
  std::string_view unread = input_;
  while (is_open_ && !is_over_ && read_frame(unread)) {
  }
  input_.erase(0, input_.size() - unread.size());
}

void WebSocket::read_upgrade() {
  const auto end = input_.find("\r\n\r\n");
  if (end == std::string::npos) {
    if (input_.size() > kMaxUpgradeBytes) fail("the server's answer to the upgrade is too long");
    return;
  }
  const std::string_view block = std::string_view(input_).substr(0, end);
  const auto line_end = block.find("\r\n");
  const std::string_view status = block.substr(0, line_end);
  if (!status.starts_with("HTTP/1.1 101"))
    return fail("the server does not take the connection: " + std::string(status.substr(0, 80)));
  const std::string_view headers = block.substr(std::min(line_end, block.size() - 2) + 2);
  if (header(headers, "Sec-WebSocket-Accept") != accept_of(key_))
    return fail("the server does not speak WebSocket");
  if (header(headers, "Sec-WebSocket-Protocol") != subprotocol_)
    return fail("the server does not speak " + subprotocol_);
  input_.erase(0, end + 4);
  is_open_ = true;
  output_ += waiting_;
  waiting_.clear();
}

bool WebSocket::read_frame(std::string_view& unread) {
  if (unread.size() < 2) return false;
  const auto byte = [&unread](std::size_t i) { return static_cast<unsigned char>(unread[i]); };
  const unsigned opcode = byte(0) & 0x0fU;
  const bool is_final = (byte(0) & 0x80U) != 0;
  if ((byte(0) & 0x70U) != 0 || (byte(1) & 0x80U) != 0) {
    fail("the server broke the rules of WebSocket");
    return false;
  }
  std::uint64_t size = byte(1);
  const std::size_t size_bytes = size == 127 ? 8 : size == 126 ? 2 : 0;
  const std::size_t start = 2 + size_bytes;
  if (unread.size() < start) return false;
  if (size_bytes != 0) {
    size = 0;
    for (std::size_t i = 0; i < size_bytes; ++i) size = size << 8 | byte(2 + i);
  }
  if (size > kMaxMessageBytes) {
    fail("the server sent a message that is too large");
    return false;
  }
  if (unread.size() - start < size) return false;
  const std::string_view payload = unread.substr(start, size);
  unread.remove_prefix(start + size);
  handle_frame(opcode, is_final, payload);
  return true;
}

void WebSocket::handle_frame(unsigned opcode, bool is_final, std::string_view payload) {
  if (opcode >= kClose && (!is_final || payload.size() > kMaxControlBytes))
    return fail("the server broke the rules of WebSocket");
  switch (opcode) {
    case kText:
    case kContinuation:
      return handle_data(opcode == kText, is_final, payload);
    case kPing:
      return write_frame(kPong, payload);
    case kPong:
      return;
    case kClose:
      if (!has_said_goodbye_) write_frame(kClose, payload.substr(0, 2));
      has_said_goodbye_ = true;
      return fail(payload.size() > 2 ? "the server closed: " + std::string(payload.substr(2))
                                     : "the server closed the connection");
    default:
      return fail("the server broke the rules of WebSocket");
  }
}

void WebSocket::handle_data(bool is_first, bool is_final, std::string_view payload) {
  if (is_first == is_in_message_ || partial_.size() + payload.size() > kMaxMessageBytes)
    return fail("the server broke the rules of WebSocket");
  partial_ += payload;
  is_in_message_ = !is_final;
  if (!is_final) return;
  messages_.push_back(std::move(partial_));
  partial_.clear();
}

void WebSocket::write_frame(unsigned opcode, std::string_view payload) {
  std::string frame;
  frame += static_cast<char>(0x80U | opcode);
  if (payload.size() < 126) {
    frame += static_cast<char>(0x80U | payload.size());
  } else {
    const unsigned size_bytes = payload.size() < 65536 ? 2 : 8;
    frame += static_cast<char>(0x80U | (size_bytes == 2 ? 126U : 127U));
    for (unsigned i = size_bytes; i-- > 0;)
      frame += static_cast<char>(std::uint64_t{payload.size()} >> (8 * i) & 0xffU);
  }
  // Clients mask what they send, so that no proxy in between takes it for something else.
  std::array<unsigned char, 4> mask{};
  RAND_bytes(mask.data(), static_cast<int>(mask.size()));
  frame.append(reinterpret_cast<const char*>(mask.data()), mask.size());
  for (std::size_t i = 0; i < payload.size(); ++i)
    frame += static_cast<char>(static_cast<unsigned char>(payload[i]) ^ mask[i % 4]);
  (is_open_ ? output_ : waiting_) += frame;
}

void WebSocket::send(std::string_view text) { write_frame(kText, text); }

void WebSocket::close() {
  if (!is_open_ || has_said_goodbye_) return;
  has_said_goodbye_ = true;
  write_frame(kClose, std::string_view("\x03\xe8", 2));  // 1000: done
}

bool WebSocket::take_message(std::string& message) {
  if (messages_.empty()) return false;
  message = std::move(messages_.front());
  messages_.pop_front();
  return true;
}

std::string WebSocket::take_output() { return std::exchange(output_, {}); }

}  // namespace client
