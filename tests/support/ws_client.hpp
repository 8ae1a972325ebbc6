#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

// Blocking clients for tests: TCP or TLS, HTTP and WebSocket on top, each wait with a deadline.
// They are honest only where they are asked to be: raw bytes can go out at any time.
namespace chatd::tests {

// A connection, to 127.0.0.1 unless told otherwise. One thread.
class Stream {
 public:
  // TLS with `trusted` (a PEM file) as the only authority; plain TCP when that is empty. Null when
  // there is no connection or no handshake.
  [[nodiscard]] static std::unique_ptr<Stream> open(
      std::uint16_t port, const std::string& trusted,
      std::chrono::milliseconds patience = std::chrono::seconds(20),
      const std::string& address = "127.0.0.1");
  // A Unix socket.
  [[nodiscard]] static std::unique_ptr<Stream> open_unix(const std::string& path);
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;
  ~Stream();

  // False when the other side is gone.
  bool write(std::string_view bytes);
  // What is written while it is held leaves when it no longer is, in one piece.
  void hold(bool is_held);
  // At most one read: empty at the end; nothing when patience ends.
  [[nodiscard]] std::optional<std::string> read_some();
  // Exactly so many bytes, or those up to and with `mark`; nothing at the end or without patience.
  [[nodiscard]] std::optional<std::string> read_exactly(std::size_t size);
  [[nodiscard]] std::optional<std::string> read_until(std::string_view mark);
  // Reads on until the other side ends the connection; false when it does not.
  [[nodiscard]] bool read_to_end();
  void set_patience(std::chrono::milliseconds patience);
  // SHA-256 of the server's certificate, hexadecimal.
  [[nodiscard]] std::string fingerprint() const;
  [[nodiscard]] SSL* tls() const { return tls_.get(); }
  // Vanishes without a word of TLS, as when a process dies.
  void drop();

 private:
  explicit Stream(int fd) : fd_(fd) {}
  [[nodiscard]] bool shake_hands(const std::string& trusted);
  [[nodiscard]] std::optional<bool> fill();

  int fd_;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> tls_{nullptr, &SSL_free};
  std::string buffered_;
};

struct HttpAnswer {
  int status = 0;                              // 0: none came
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};
// The next response on `stream`. `has_body`: false for the answer to HEAD.
[[nodiscard]] HttpAnswer read_http(Stream& stream, bool has_body = true);
// Sends one request and reads its response. `headers`: whole lines, each with "\r\n".
[[nodiscard]] HttpAnswer http(Stream& stream, std::string_view method, std::string_view path,
                              std::string_view headers = {}, std::string_view body = {});

// One WebSocket frame.
struct Frame {
  enum Opcode : std::uint8_t { more = 0, text = 1, binary = 2, close = 8, ping = 9, pong = 10 };
  std::uint8_t opcode = text;
  bool is_final = true;
  std::string payload;
  // Of a close frame; 1005 when it has none.
  [[nodiscard]] int close_code() const;
  [[nodiscard]] std::string close_reason() const;
};

struct WsOptions {
  std::string path = "/ws";
  std::string protocol = "chatd.v1";  // empty: no such header
  std::string headers{};              // further lines, each with "\r\n"
  std::string address = "127.0.0.1";
};

// A WebSocket client. One thread.
class WsClient {
 public:
  // Connects and upgrades. Null when there is no connection; see answer() for a refusal.
  [[nodiscard]] static std::unique_ptr<WsClient> open(std::uint16_t port,
                                                      const std::string& trusted,
                                                      const WsOptions& options = {});

  [[nodiscard]] bool is_open() const { return answer_.status == 101; }
  [[nodiscard]] const HttpAnswer& answer() const { return answer_; }
  [[nodiscard]] Stream& stream() { return *stream_; }

  bool send(std::string_view text) { return send_frame({.payload = std::string(text)}); }
  bool send_frame(const Frame& frame);
  // The next frame of any kind; nothing at the end or without patience.
  [[nodiscard]] std::optional<Frame> read_frame();
  // The payload of the next text frame; pings on the way are answered.
  [[nodiscard]] std::optional<std::string> read();
  // Reads until a close frame comes; nothing if none does.
  [[nodiscard]] std::optional<Frame> read_close();

 private:
  explicit WsClient(std::unique_ptr<Stream> stream) : stream_(std::move(stream)) {}

  std::unique_ptr<Stream> stream_;
  HttpAnswer answer_;
};

}  // namespace chatd::tests
