#pragma once

#include <deque>
#include <string>
#include <string_view>

namespace client {

// The client's side of WebSocket (RFC 6455), without a socket: bytes in, messages out. chatd speaks
// text messages, one JSON value each, under the subprotocol chatd.v1.
class WebSocket {
 public:
  // `host` as it goes into the Host header.
  WebSocket(const std::string& host, const std::string& path, std::string subprotocol);

  // Takes what came from the server.
  void feed(std::string_view bytes);
  // Queues one text message; before the upgrade is done it waits.
  void send(std::string_view text);
  // Says goodbye; messages may still come.
  void close();

  [[nodiscard]] bool is_open() const { return is_open_; }
  // Over: the server closed, or broke the rules; `error()` says what.
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] const std::string& error() const { return error_; }

  // The next whole message into `message`; false if there is none yet.
  [[nodiscard]] bool take_message(std::string& message);
  // The bytes to send to the server.
  [[nodiscard]] std::string take_output();

 private:
  void read_upgrade();
  // Takes one frame off `unread`; false if more bytes are needed first.
  [[nodiscard]] bool read_frame(std::string_view& unread);
  void handle_frame(unsigned opcode, bool is_final, std::string_view payload);
  void handle_data(bool is_first, bool is_final, std::string_view payload);
  void write_frame(unsigned opcode, std::string_view payload);
  void fail(std::string error);

  const std::string key_;
  const std::string subprotocol_;
  std::string input_;
  std::string output_;
  std::string waiting_;  // frames until the upgrade is done
  std::string partial_;  // fragments of a message
  bool is_in_message_ = false;
  bool is_open_ = false;
  bool is_over_ = false;
  bool has_said_goodbye_ = false;
  std::deque<std::string> messages_;
  std::string error_;
};

}  // namespace client
