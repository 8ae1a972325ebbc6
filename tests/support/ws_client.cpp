#include "tests/support/ws_client.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace chatd::tests {
namespace {

constexpr std::string_view kMask("\x1f\x2e\x3d\x4c", 4);

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

void append_big_endian(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xff);
}

std::uint64_t big_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (const unsigned char byte : bytes) value = value << 8 | byte;
  return value;
}

}  // namespace

HttpAnswer read_http(Stream& stream, bool has_body) {
  const auto head = stream.read_until("\r\n\r\n");
  if (!head || head->size() < 12) return {};
  HttpAnswer answer;
  answer.status = number(std::string_view(*head).substr(9));
  std::string_view rest = std::string_view(*head).substr(head->find("\r\n") + 2);
  while (rest.size() > 2) {
    const std::size_t end = rest.find("\r\n");
    const std::string_view line = rest.substr(0, end);
    const std::size_t colon = line.find(": ");
    if (colon != line.npos) answer.headers[lower(line.substr(0, colon))] = line.substr(colon + 2);
    rest.remove_prefix(end + 2);
  }
  const auto length = answer.headers.find("content-length");
  if (!has_body || length == answer.headers.end()) return answer;
  auto body = stream.read_exactly(static_cast<std::size_t>(number(length->second)));
  if (!body) return {};
  answer.body = *std::move(body);
  return answer;
}

HttpAnswer http(Stream& stream, std::string_view method, std::string_view path,
                std::string_view headers, std::string_view body) {
  std::string request;
  request.append(method).append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
  request.append(headers);
  if (!body.empty()) request.append("Content-Length: " + std::to_string(body.size()) + "\r\n");
  request.append("\r\n").append(body);
  if (!stream.write(request)) return {};
  return read_http(stream, method != "HEAD");
}

int Frame::close_code() const {
  return payload.size() < 2 ? 1005 : static_cast<int>(big_endian(payload.substr(0, 2)));
}

std::string Frame::close_reason() const { return payload.size() < 2 ? "" : payload.substr(2); }

std::unique_ptr<WsClient> WsClient::open(std::uint16_t port, const std::string& trusted,
                                         const WsOptions& options) {
  auto stream = Stream::open(port, trusted, std::chrono::seconds(20), options.address);
  if (!stream) return nullptr;
  std::unique_ptr<WsClient> client(new WsClient(std::move(stream)));
  std::string headers =
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  if (!options.protocol.empty()) headers += "Sec-WebSocket-Protocol: " + options.protocol + "\r\n";
  headers += options.headers;
  client->answer_ = http(*client->stream_, "GET", options.path, headers);
  return client;
}

bool WsClient::send_frame(const Frame& frame) {
  std::string bytes;
  bytes += static_cast<char>((frame.is_final ? 0x80 : 0) | frame.opcode);
  const std::size_t size = frame.payload.size();
  if (size < 126) {
    bytes += static_cast<char>(0x80 | size);
  } else if (size <= 0xffff) {
    bytes += static_cast<char>(0x80 | 126);
    append_big_endian(bytes, size, 2);
  } else {
    bytes += static_cast<char>(0x80 | 127);
    append_big_endian(bytes, size, 8);
  }
  bytes += kMask;
  for (std::size_t i = 0; i < size; ++i)
    bytes += static_cast<char>(frame.payload[i] ^ kMask[i % kMask.size()]);
  return stream_->write(bytes);
}

std::optional<Frame> WsClient::read_frame() {
  const auto head = stream_->read_exactly(2);
  if (!head) return std::nullopt;
  Frame frame;
  frame.is_final = ((*head)[0] & 0x80) != 0;
  frame.opcode = static_cast<std::uint8_t>((*head)[0] & 0x0f);
  std::uint64_t size = static_cast<unsigned char>((*head)[1]);
  if (size >= 126) {
    const auto length = stream_->read_exactly(size == 126 ? 2 : 8);
    if (!length) return std::nullopt;
    size = big_endian(*length);
  }
  auto payload = stream_->read_exactly(size);
  if (!payload) return std::nullopt;
  frame.payload = *std::move(payload);
  return frame;
}

std::optional<std::string> WsClient::read() {
  while (auto frame = read_frame()) {
    if (frame->opcode == Frame::text) return std::move(frame->payload);
    if (frame->opcode == Frame::close) return std::nullopt;
    if (frame->opcode == Frame::ping)
      send_frame({.opcode = Frame::pong, .payload = std::move(frame->payload)});
  }
  return std::nullopt;
}

std::optional<Frame> WsClient::read_close() {
  while (auto frame = read_frame())
    if (frame->opcode == Frame::close) return frame;
  return std::nullopt;
}

}  // namespace chatd::tests
