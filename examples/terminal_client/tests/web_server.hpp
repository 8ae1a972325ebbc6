#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct ssl_ctx_st;
struct ssl_st;

// The other end for tests: TLS and WebSocket on a free port of 127.0.0.1, one client at a time,
// with a certificate made on the spot. Never blocks; `advance()` does what can be done.
class WebServer {
 public:
  // `folder`: where the certificate is written, for the client to trust.
  explicit WebServer(const std::string& folder);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  [[nodiscard]] std::string port() const { return port_; }
  [[nodiscard]] std::string ca_file() const { return ca_file_; }
  [[nodiscard]] std::vector<int> fds() const;
  [[nodiscard]] bool has_client() const { return is_open_; }
  [[nodiscard]] int connects() const { return connects_; }

  void advance();
  void send_text(std::string_view text);
  // Bytes as they are, instead of a well-formed frame.
  void send_raw(std::string_view bytes) { output_ += bytes; }
  // The cable is cut.
  void drop();

  std::function<void(const std::string& text)> on_text;
  std::function<void()> on_drop;
  // What the upgrade is answered with; empty: as it should be.
  std::string upgrade_answer;
  bool is_listening = true;

 private:
  void accept_client();
  void read_some();
  void write_some();
  void answer_upgrade();
  bool read_frame();

  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  int listener_ = -1;
  int fd_ = -1;
  bool is_open_ = false;
  int connects_ = 0;
  std::string port_;
  std::string ca_file_;
  std::string input_;
  std::string output_;
};

// A text frame of a server.
[[nodiscard]] std::string text_frame(std::string_view text, bool is_final = true,
                                     bool is_first = true);
