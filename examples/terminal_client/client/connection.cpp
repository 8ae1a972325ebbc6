#include "connection.hpp"

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

namespace client {
namespace {

constexpr const char* kPath = "/ws";
constexpr const char* kSubprotocol = "chatd.v1";

// Errors that say "later", not "no".
bool is_passing(const std::string& code) {
  return code == "rate_limited" || code == "unavailable" || code == "timeout" ||
         code == "read_only" || code == "disconnected";
}

Answer failure(std::string code, std::string message) {
  return {nullptr, RpcError{std::move(code), std::move(message), 0}};
}

std::string host_header(const Account& account) {
  const bool is_ipv6 = account.host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + account.host + "]" : account.host) + ":" + account.port;
}

}  // namespace

Connection::Connection(TlsContext tls, Account account, Env env, Listener listener)
    : tls_(std::move(tls)),
      env_(env),
      listener_(std::move(listener)),
      account_(std::move(account)),
      backoff_(env) {}

void Connection::start() {
  state_ = State::waiting;
  next_try_ = env_.steady_ms();
}

void Connection::stop() {
  if (socket_ && stream_) {
    socket_->close();
    std::string ignored;
    stream_->send(socket_->take_output());
    stream_->advance(ignored);
  }
  stream_.reset();
  socket_.reset();
  pending_.clear();
  state_ = State::stopped;
}

void Connection::hurry() {
  if (state_ == State::waiting) next_try_ = env_.steady_ms();
}

void Connection::connect() {
  state_ = State::connecting;
  come_back_ms_.reset();
  connect_deadline_ = env_.steady_ms() + kConnectTimeoutMs;
  socket_ = std::make_unique<WebSocket>(host_header(account_), kPath, kSubprotocol);
  stream_ = std::make_unique<TlsStream>(tls_, account_.host, account_.port);
}

void Connection::advance() {
  if (state_ == State::waiting && env_.steady_ms() >= next_try_) connect();
  if (stream_) exchange_bytes();
  check_deadlines();
}

void Connection::exchange_bytes() {
  std::string received;
  stream_->send(socket_->take_output());
  stream_->advance(received);
  if (!received.empty()) {
    next_beat_ = env_.steady_ms() + kHeartbeatMs;
    socket_->feed(received);
  }
  std::string message;
  while (socket_ && socket_->take_message(message)) handle_message(message);
  if (socket_ && state_ == State::connecting && socket_->is_open()) log_in();
  if (!socket_) return;  // a message or the login ended it
  if (socket_->is_over()) return lose(socket_->error());
  if (stream_->state() == TlsStream::State::closed)
    return lose(stream_->error().empty() ? "the server closed the connection" : stream_->error());
  stream_->send(socket_->take_output());
}

void Connection::log_in() {
  state_ = State::logging_in;
  const Account& me = account_;
  if (!me.token.empty()) {
    send(
        "session.resume", {{"token", me.token}},
        [this](const Answer& answer) { on_login_answer(answer, true); }, kRequestTimeoutMs);
    return;
  }
  if (me.password.empty()) return give_up("no password was given and no login is stored");
  json params{{"password", me.password}, {"device_name", me.device_name}};
  params[me.is_sign_up ? "name" : "user"] = me.user;
  if (me.is_sign_up && !me.invite.empty()) params["invite"] = me.invite;
  if (me.is_sign_up && !me.display_name.empty()) params["display_name"] = me.display_name;
  send(
      me.is_sign_up ? "account.sign_up" : "account.login", std::move(params),
      [this](const Answer& answer) { on_login_answer(answer, false); }, kRequestTimeoutMs);
}

void Connection::on_login_answer(const Answer& answer, bool is_resume) {
  if (answer.ok()) {
    if (const std::string token = text_of(answer.result, "token"); !token.empty())
      account_.token = token;
    if (text_of(answer.result, "user").empty()) return lose("the server's answer makes no sense");
    account_.is_sign_up = false;
    state_ = State::online;
    next_beat_ = env_.steady_ms() + kHeartbeatMs;
    return listener_.on_login(answer.result);
  }
  const RpcError& error = *answer.error;
  if (error.code == "disconnected") return;
  if (is_passing(error.code)) {
    if (error.retry_after_ms > 0) come_back_ms_ = error.retry_after_ms;
    return lose(error.message);
  }
  if (!is_resume) return give_up(error.message);
  account_.token.clear();
  listener_.on_token_refused();
  if (account_.password.empty()) return give_up("this device was logged out");
  log_in();
}

void Connection::call(const std::string& method, json params, OnAnswer on_answer,
                      std::int64_t timeout_ms) {
  if (state_ != State::online)
    return on_answer(failure("disconnected", "there is no connection to the server"));
  send(method, std::move(params), std::move(on_answer), timeout_ms);
}

void Connection::send(const std::string& method, json params, OnAnswer on_answer,
                      std::int64_t timeout_ms) {
  const std::uint64_t id = ++last_id_;
  pending_[id] = {std::move(on_answer), env_.steady_ms() + timeout_ms};
  socket_->send(dump_json(
      {{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}}));
  stream_->send(socket_->take_output());  // poll sees it and wakes
}

void Connection::handle_message(const std::string& message) {
  const json frame = parse_json(message);
  if (!frame.is_object()) return lose("the server sent something that is not JSON-RPC");
  if (const std::string method = text_of(frame, "method"); !method.empty())
    return handle_event(method, member_of(frame, "params"));
  handle_answer(frame);
}

void Connection::handle_answer(const json& frame) {
  const auto found = pending_.find(number_of(frame, "id"));
  if (found == pending_.end()) return;  // too late, or never asked
  const OnAnswer on_answer = std::move(found->second.on_answer);
  pending_.erase(found);
  const json& error = member_of(frame, "error");
  if (error.is_null()) return on_answer({member_of(frame, "result"), {}});
  const json& data = member_of(error, "data");
  RpcError said{text_of(data, "code"), text_of(error, "message"), time_of(data, "retry_after_ms")};
  if (said.code.empty()) said.code = "internal";
  if (said.message.empty()) said.message = "the server refused this: " + said.code;
  on_answer({nullptr, std::move(said)});
}

void Connection::handle_event(const std::string& method, const json& params) {
  if (method == "server.draining") {
    const auto after = static_cast<double>(number_of(params, "reconnect_after_ms"));
    const auto before = static_cast<double>(number_of(params, "reconnect_before_ms"));
    const double window = std::max(before - after, 0.0);
    come_back_ms_ = static_cast<std::int64_t>(after + env_.random() * window);
  } else if (method == "session.revoked") {
    account_.token.clear();
    listener_.on_token_refused();
    return give_up("this device was logged out");
  }
  if (state_ == State::online) listener_.on_event(method, params);
}

void Connection::beat() {
  next_beat_ = env_.steady_ms() + kHeartbeatMs;
  send(
      "session.ping", json::object(),
      [this](const Answer& answer) {
        if (!answer.ok() && answer.error->code == "timeout") lose("the server does not answer");
      },
      kHeartbeatTimeoutMs);
}

std::int64_t Connection::next_deadline() const {
  if (state_ == State::stopped) return std::numeric_limits<std::int64_t>::max();
  if (state_ == State::waiting) return next_try_;
  if (stream_ && stream_->has_more()) return env_.steady_ms();
  std::int64_t soonest = state_ == State::online ? next_beat_ : connect_deadline_;
  for (const auto& [id, pending] : pending_) soonest = std::min(soonest, pending.deadline);
  return soonest;
}

void Connection::check_deadlines() {
  if (!stream_) return;
  const std::int64_t now = env_.steady_ms();
  if (state_ != State::online && now >= connect_deadline_)
    return lose("the server takes too long to answer");
  if (state_ == State::online && now >= next_beat_) beat();
  std::vector<OnAnswer> late;
  for (auto i = pending_.begin(); i != pending_.end();) {
    if (now < i->second.deadline) {
      ++i;
      continue;
    }
    late.push_back(std::move(i->second.on_answer));
    i = pending_.erase(i);
  }
  for (const OnAnswer& on_answer : late)
    on_answer(failure("timeout", "the server did not answer in time"));
}

void Connection::lose(std::string reason) {
  if (!stream_) return;
  stream_.reset();
  socket_.reset();
  state_ = State::waiting;
  const std::int64_t backoff = backoff_.next_ms();
  next_try_ = env_.steady_ms() + come_back_ms_.value_or(backoff);
  come_back_ms_.reset();
  auto unanswered = std::exchange(pending_, {});
  listener_.on_lost(reason);
  for (const auto& [id, pending] : unanswered)
    pending.on_answer(failure("disconnected", "the connection broke before the answer came"));
}

void Connection::give_up(std::string reason) {
  stop();
  listener_.on_refused(reason);
}

}  // namespace client
