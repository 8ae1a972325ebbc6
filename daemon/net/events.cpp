#include "daemon/net/io_thread.hpp"
#include "daemon/net/subprotocol.hpp"
#include "daemon/net/tls.hpp"
#include "daemon/net/ws_frames.hpp"

#include <algorithm>
#include <utility>

namespace chatd::net {

int IoThread::on_event(lws* wsi, lws_callback_reasons reason, void* in, std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_WSI_CREATE:
      // Its opaque pointer is not set yet; adopt() is on the stack.
      if (adopting_ != nullptr) std::exchange(adopting_, nullptr)->wsi = wsi;
      return 0;
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
    case LWS_CALLBACK_HTTP:
    case LWS_CALLBACK_HTTP_BODY:
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
    case LWS_CALLBACK_HTTP_WRITEABLE:
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_RECEIVE_PONG:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
    case LWS_CALLBACK_WSI_DESTROY:
      break;
    case LWS_CALLBACK_RAW_ADOPT:
    case LWS_CALLBACK_RAW_RX:
      return -1;  // what libwebsockets makes of the method CONNECT
    default:
      return 0;
  }
  auto* const connection = static_cast<Connection*>(lws_get_opaque_user_data(wsi));
  if (connection == nullptr) return 0;  // libwebsockets' own
  switch (reason) {
    case LWS_CALLBACK_CLOSED:
    case LWS_CALLBACK_CLOSED_HTTP:
      close_session(*connection);
      set_state(*connection, Connection::State::closing);
      return 0;
    case LWS_CALLBACK_WSI_DESTROY:
      forget(*connection);
      return 0;
    case LWS_CALLBACK_ESTABLISHED:
    case LWS_CALLBACK_RECEIVE:
    case LWS_CALLBACK_RECEIVE_PONG:
    case LWS_CALLBACK_SERVER_WRITEABLE:
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      return on_websocket_event(*connection, reason, in, size);
    default:
      return on_http_event(*connection, reason, in, size);
  }
}

int IoThread::on_http_event(Connection& connection, lws_callback_reasons reason, void* in,
                            std::size_t size) {
  const std::string_view bytes(static_cast<const char*>(in), in == nullptr ? 0 : size);
  switch (reason) {
    case LWS_CALLBACK_HTTP_CONFIRM_UPGRADE:
      return confirm_upgrade(connection);
    case LWS_CALLBACK_HTTP:
      return start_request(connection, bytes);
    case LWS_CALLBACK_HTTP_BODY:
      return receive_body(connection, bytes);
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
      return finish_body(connection);
    case LWS_CALLBACK_HTTP_WRITEABLE:
      return write_response(connection);
    default:
      return 0;
  }
}

int IoThread::on_websocket_event(Connection& connection, lws_callback_reasons reason, void* in,
                                 std::size_t size) {
  switch (reason) {
    case LWS_CALLBACK_ESTABLISHED:
      shake_hands(connection);
      connection.is_link =
          std::string_view(lws_get_protocol(connection.wsi)->name) == kLinkSubprotocol;
      open_session(connection, Kind::websocket, Secret());
      set_state(connection, Connection::State::websocket);
      read_ahead_.begin(connection.reader, connection.wsi);
      return 0;
    case LWS_CALLBACK_RECEIVE:
      receive(connection, static_cast<const char*>(in), size);
      return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
      // When the end comes is not for the other side to say.
      if (connection.state != Connection::State::websocket || connection.close_code != 0) return 0;
      connection.since_ms = now_ms();
      connection.was_pinged = false;
      return 0;
    case LWS_CALLBACK_SERVER_WRITEABLE:
      // It took what waited before: a slow reader is no silent one.
      if (connection.state == Connection::State::websocket) connection.since_ms = now_ms();
      flush(connection);
      return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
      // After our own close frame nothing may follow.
      if (connection.state == Connection::State::closing) return -1;
      // Else libwebsockets answers it, and nothing of ours may follow that.
      if (connection.is_link)
        connection.close_reason = close_sentence({static_cast<const char*>(in), size});
      close_session(connection);
      set_state(connection, Connection::State::closing);
      return 0;
    default:
      return 0;
  }
}

void IoThread::open_session(Connection& connection, Kind kind, Secret bearer) {
  connection.session = connections_.open(connection.slot);
  connection.has_session = true;
  connection.kind = kind;
  if (connection.is_link) {
    counters_.links_open.add();
    return emit(LinkOpened{.link = connection.session,
                           .peer = connection.peer,
                           .exporter = link_exporter(lws_get_ssl(connection.wsi))});
  }
  if (kind == Kind::websocket) {
    counters_.websockets_open.add();
    counters_.websockets_opened.add();
  } else {
    counters_.https_open.add();
    counters_.http_requests.add();
  }
  emit(Opened{.session = connection.session,
              .kind = kind,
              .peer = connection.peer,
              .bearer = std::move(bearer)});
}

void IoThread::close_session(Connection& connection) {
  drop_partial(connection);
  if (!connection.has_session) return;
  connection.has_session = false;
  if (connection.is_link) {
    counters_.links_open.subtract();
    connections_.close(connection.slot);
    std::string why = std::exchange(connection.close_reason, {});
    return emit(LinkClosed{connection.session, why.empty() ? "the connection broke off" : why});
  }
  (connection.kind == Kind::websocket ? counters_.websockets_open : counters_.https_open)
      .subtract();
  connections_.close(connection.slot);
  emit(Closed{connection.session});
}

// Once per connection: it is no longer one of those that may be turned away for being slow.
void IoThread::shake_hands(Connection& connection) {
  if (connection.has_shaken_hands) return;
  connection.has_shaken_hands = true;
  unfinished_.erase(connection.arrival);
  parts_.report(
      {Progress::Step::shook_hands, connection.address_group, connection.is_behind_proxy});
}

void IoThread::forget(Connection& connection) {
  close_session(connection);
  read_ahead_.forget(connection.reader);
  if (connection.is_dirty) {
    std::replace(dirty_.begin(), dirty_.end(), &connection, static_cast<Connection*>(nullptr));
  }
  unfinished_.erase(connection.arrival);
  file_readers_.erase(&connection);
  if (!connection.has_shaken_hands) counters_.handshakes_failed.add();
  parts_.report(
      {connection.has_shaken_hands ? Progress::Step::left : Progress::Step::left_unfinished,
       connection.address_group, connection.is_behind_proxy});
  connections_.remove(connection.slot);
}

void IoThread::kill(Connection& connection) {
  close_session(connection);
  set_state(connection, Connection::State::closing);
  context_->kill(connection.wsi);
}

// For one more that begins its handshake.
void IoThread::make_room() {
  const std::size_t share = std::max<std::size_t>(options_.max_unfinished / options_.io_threads, 1);
  if (unfinished_.size() < share) return;
  Connection& oldest = *connections_.at(unfinished_.begin()->second);
  unfinished_.erase(unfinished_.begin());
  counters_.crowded_out.add();
  kill(oldest);
}

void IoThread::set_state(Connection& connection, Connection::State state) {
  connection.state = state;
  connection.since_ms = now_ms();
}

}  // namespace chatd::net
