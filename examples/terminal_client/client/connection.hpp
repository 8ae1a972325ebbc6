#pragma once

#include "backoff.hpp"
#include "env.hpp"
#include "json.hpp"
#include "tls_stream.hpp"
#include "websocket.hpp"
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace client {

// Why a request failed. `code` is the word on the wire (`not_found`, `rate_limited` ...), or one of
// ours: `disconnected` (it never left, or its answer was lost) and `timeout`. After both nobody
// knows whether it happened.
struct RpcError {
  std::string code;
  std::string message;
  std::int64_t retry_after_ms = 0;
};

struct Answer {
  json result;
  std::optional<RpcError> error;
  [[nodiscard]] bool ok() const { return !error.has_value(); }
};
using OnAnswer = std::function<void(const Answer&)>;

// Who connects where. With a token it is a known device; without, a new one is made by password.
struct Account {
  std::string host;
  std::string port;
  std::string user;
  std::string password;  // empty: only the token may be used
  std::string device_name;
  bool is_sign_up = false;
  std::string invite;
  std::string display_name;
  std::string token;
};

// JSON-RPC 2.0 over one WebSocket that is opened again and again until `stop()`, logged in each
// time. One thread: call `advance()` whenever poll(2) says so or `next_deadline()` has come.
class Connection {
 public:
  // What it tells its owner. None of these is called from within a call of the owner's, but for
  // answers of requests made while there is no connection.
  struct Listener {
    std::function<void(const json& login)> on_login;  // {user, device, token?}: requests may begin
    std::function<void(const std::string& reason)> on_lost;
    std::function<void(const std::string& reason)> on_refused;  // for good: it does not try again
    std::function<void()> on_token_refused;  // forget it; the password is tried next
    std::function<void(const std::string& method, const json& params)> on_event;
  };
  enum class State { waiting, connecting, logging_in, online, stopped };

  Connection(TlsContext tls, Account account, Env env, Listener listener);

  void start();
  // Says goodbye and does not come back.
  void stop();
  // Tries again at once instead of waiting.
  void hurry();
  // The server has proven that it works: the next waits are short again.
  void settled() { backoff_.reset(); }

  // Sends a request; `on_answer` is called exactly once, unless `stop()` comes before.
  void call(const std::string& method, json params, OnAnswer on_answer,
            std::int64_t timeout_ms = kRequestTimeoutMs);

  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const Account& account() const { return account_; }

  // For poll(2): -1 while there is no socket.
  [[nodiscard]] int fd() const { return stream_ ? stream_->fd() : -1; }
  [[nodiscard]] short wanted_events() const {
    return stream_ ? stream_->wanted_events() : short{0};
  }
  // By steady_ms: when `advance()` has something to do even if nothing comes.
  [[nodiscard]] std::int64_t next_deadline() const;
  void advance();

  static constexpr std::int64_t kRequestTimeoutMs = 30'000;
  static constexpr std::int64_t kConnectTimeoutMs = 20'000;
  static constexpr std::int64_t kHeartbeatMs = 25'000;
  static constexpr std::int64_t kHeartbeatTimeoutMs = 10'000;

 private:
  struct Pending {
    OnAnswer on_answer;
    std::int64_t deadline;
  };

  void connect();
  void exchange_bytes();
  void check_deadlines();
  void log_in();
  void on_login_answer(const Answer& answer, bool is_resume);
  void handle_message(const std::string& message);
  void handle_answer(const json& frame);
  void handle_event(const std::string& method, const json& params);
  void beat();
  void lose(std::string reason);  // by value: what it drops may hold the words
  void give_up(std::string reason);
  void send(const std::string& method, json params, OnAnswer on_answer, std::int64_t timeout_ms);

  // Constant after construction
  const TlsContext tls_;
  const Env env_;
  const Listener listener_;

  Account account_;
  State state_ = State::waiting;
  std::unique_ptr<TlsStream> stream_;
  std::unique_ptr<WebSocket> socket_;
  std::map<std::uint64_t, Pending> pending_;
  std::uint64_t last_id_ = 0;
  Backoff backoff_;
  std::int64_t next_try_ = 0;                 // while waiting
  std::int64_t connect_deadline_ = 0;         // until online
  std::int64_t next_beat_ = 0;                // while online
  std::optional<std::int64_t> come_back_ms_;  // what the server asked for when it went
};

}  // namespace client
