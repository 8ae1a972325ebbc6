#include "daemon/net/io_thread.hpp"

#include <algorithm>

namespace chatd::net {
namespace {

// Each turn of the sweep looks at an eighth of the connections: with 10,000 of them that is 60 us.
// libwebsockets' own timers are a sorted list, where each setting walks past all others.
constexpr std::size_t kSlices = 8;
constexpr Millis kSlowestTurn{250};  // with default timeouts each connection is seen every 2 s

}  // namespace

void IoThread::set_sweep_alarm() {
  const Timeouts& timeouts = options_.timeouts;
  const Millis shortest = std::min({timeouts.handshake, timeouts.ping, timeouts.hang_up,
                                    timeouts.message, timeouts.http_body, timeouts.http_answer,
                                    timeouts.http_idle, timeouts.closing, timeouts.stalled});
  const Millis turn = std::clamp(shortest / static_cast<int>(4 * kSlices), Millis{1}, kSlowestTurn);
  sweep_alarm_.set(std::chrono::steady_clock::now() + turn);
}

void IoThread::sweep() {
  const std::size_t slots = connections_.slots();
  for (std::size_t left = (slots + kSlices - 1) / kSlices; left > 0; --left) {
    if (next_swept_ >= slots) next_swept_ = 0;
    Connection* const connection = connections_.at(next_swept_++);
    if (connection != nullptr && connection->wsi != nullptr) check_deadline(*connection);
  }
  set_sweep_alarm();
}

// Clients that do so lose their events, and come back for them.
bool IoThread::has_stalled(Connection& connection) {
  if (!connection.is_link || connection.state != Connection::State::websocket) return false;
  return connection.stall.is_stalled(outgoing_of(lws_get_socket_fd(connection.wsi)),
                                     std::chrono::steady_clock::now(), options_.timeouts.stalled);
}

void IoThread::check_deadline(Connection& connection) {
  using State = Connection::State;
  if (has_stalled(connection)) {
    counters_.overflowed.add();
    connection.close_reason = kStalled;
    return kill(connection);
  }
  const Timeouts& timeouts = options_.timeouts;
  const Millis silent{static_cast<std::int64_t>(now_ms() - connection.since_ms)};
  bool is_over = false;
  switch (connection.state) {
    case State::handshake:
      is_over = silent > timeouts.handshake;
      break;
    case State::websocket:
      if (!connection.partial.empty()) {
        const Millis age{static_cast<std::int64_t>(now_ms() - connection.partial_ms)};
        is_over = age > timeouts.message;
      }
      if (connection.close_code != 0) is_over |= silent > timeouts.closing;
      is_over |= silent > timeouts.hang_up;
      if (!is_over && silent > timeouts.ping) ping(connection);
      break;
    case State::http_body:
      is_over = silent > timeouts.http_body;
      break;
    case State::http_waiting:
      if (silent > timeouts.http_answer) {
        respond_to_rpc(connection, error_reply(504, "the answer took too long"));
      }
      break;
    case State::http_writing:
      is_over = silent > timeouts.http_body;
      break;
    case State::http_idle:
      is_over = silent > timeouts.http_idle;
      break;
    case State::closing:
      is_over = silent > timeouts.closing;
      break;
  }
  if (!is_over) return;
  counters_.timed_out.add();
  connection.close_reason = "it said nothing for too long";
  kill(connection);
}

}  // namespace chatd::net
