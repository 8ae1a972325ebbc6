#pragma once

#include "env.hpp"
#include <memory>
#include <string>
#include <string_view>

struct addrinfo;
struct ssl_ctx_st;
struct ssl_st;

namespace client {

// Whom to trust: made once, used by every connection.
class TlsContext {
 public:
  // `ca_file`: PEM certificates to trust instead of the system's; empty for the system's.
  [[nodiscard]] static Outcome<TlsContext> create(const std::string& ca_file);

  [[nodiscard]] ssl_ctx_st* get() const { return context_.get(); }

 private:
  explicit TlsContext(std::shared_ptr<ssl_ctx_st> context) : context_(std::move(context)) {}
  std::shared_ptr<ssl_ctx_st> context_;
};

// One TLS connection to a server whose name is checked. Never blocks, but for the DNS look-up when
// it is made: wait for `wanted_events()` on `fd()`, then call `advance()`.
class TlsStream {
 public:
  enum class State { connecting, handshaking, open, closed };

  TlsStream(const TlsContext& context, std::string host, const std::string& port);
  ~TlsStream();
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;

  [[nodiscard]] State state() const { return state_; }
  // Why it closed; empty if the server simply went.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] int fd() const { return fd_; }
  // For poll(2).
  [[nodiscard]] short wanted_events() const;
  // Whether `advance()` has more to do even if poll finds nothing.
  [[nodiscard]] bool has_more() const { return has_more_; }

  // Goes on as far as it can without waiting. Received bytes are added to `received`.
  void advance(std::string& received);
  // Queues bytes; they leave in this and later calls of `advance()`.
  void send(std::string_view bytes) { unsent_ += bytes; }

 private:
  void connect_next();
  void finish_connect();
  void start_tls();
  void handshake();
  void write_some();
  void read_some(std::string& received);
  void close(std::string error);

  const TlsContext context_;
  const std::string host_;
  std::unique_ptr<addrinfo, void (*)(addrinfo*)> addresses_;
  const addrinfo* next_address_ = nullptr;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> ssl_;
  int fd_ = -1;
  State state_ = State::connecting;
  short handshake_wants_ = 0;
  bool has_more_ = false;
  std::string unsent_;
  std::string error_;
};

}  // namespace client
