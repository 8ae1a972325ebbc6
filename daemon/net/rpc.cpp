#include "daemon/net/address.hpp"
#include "daemon/net/io_thread.hpp"
#include "daemon/wire/limits.hpp"

#include <utility>

namespace chatd::net {
namespace {

// A token has some 50 bytes; whoever sends more means something else.
constexpr std::size_t kMaxAuthorizationBytes = 4 * 1024;
constexpr std::string_view kContinue("HTTP/1.1 100 Continue\r\n\r\n");

bool keeps_alive(lws* wsi) {
  return header_of(wsi, WSI_TOKEN_HTTP) == "HTTP/1.1" &&
         !list_has(header_of(wsi, WSI_TOKEN_CONNECTION), "close", false);
}

}  // namespace

std::string IoThread::peer_of(const Connection& connection) const {
  if (connection.is_behind_proxy) {
    std::string peer = forwarded_peer(header_of(connection.wsi, WSI_TOKEN_X_FORWARDED_FOR));
    if (!peer.empty()) return peer;
  }
  return connection.peer;
}

int IoThread::start_request(Connection& connection, std::string_view path) {
  shake_hands(connection);
  set_state(connection, Connection::State::http_idle);
  const int method = method_of(connection.wsi);
  connection.keeps_alive = keeps_alive(connection.wsi);
  if (path == "/rpc") {
    if (method == LWSHUMETH_POST || method == LWSHUMETH_OPTIONS) return start_rpc(connection);
    return refuse(connection, 405, "POST to /rpc", "OPTIONS, POST");
  }
  const auto route = options_.routes.find(std::string(path));
  const bool is_route = route != options_.routes.end();
  if (is_route && (!route->second.for_this_machine || is_from_this_machine(connection))) {
    return answer_route(connection, route->second);
  }
  const bool is_websocket = path == "/ws";
  if (files_ != nullptr && !is_route && !is_websocket) return start_file(connection, path);
  if (is_websocket || path == "/") return refuse(connection, 426, "this is a WebSocket");
  return refuse(connection, 404, "there is nothing here");
}

bool IoThread::is_from_this_machine(const Connection& connection) const {
  if (!header_of(connection.wsi, WSI_TOKEN_X_FORWARDED_FOR).empty()) return false;
  const auto peer = Address::parse(connection.peer, 0);
  return peer && peer->is_loopback();
}

int IoThread::answer_route(Connection& connection, const Route& route) {
  const int method = method_of(connection.wsi);
  ReplyForm form{.is_head = method == LWSHUMETH_HEAD, .keep_alive = connection.keeps_alive};
  if (route.for_browsers) {
    std::string origin = header_of(connection.wsi, WSI_TOKEN_ORIGIN);
    if (is_origin_allowed(origin, header_of(connection.wsi, WSI_TOKEN_HOST), allowed_origins_)) {
      form.allowed_origin = std::move(origin);
    }
  }
  switch (method) {
    case LWSHUMETH_GET:
    case LWSHUMETH_HEAD:
      return respond(connection, encode_reply(route.answer(), form));
    case LWSHUMETH_OPTIONS:
      return respond(connection, encode_preflight_reply(form));
    default:
      return refuse(connection, 405, "this can only be read", "GET, HEAD, OPTIONS");
  }
}

int IoThread::start_rpc(Connection& connection) {
  lws* const wsi = connection.wsi;
  std::string origin = header_of(wsi, WSI_TOKEN_ORIGIN);
  if (!is_origin_allowed(origin, header_of(wsi, WSI_TOKEN_HOST), allowed_origins_)) {
    return refuse(connection, 403, "pages of this origin are not allowed");
  }
  ReplyForm form{.keep_alive = connection.keeps_alive, .allowed_origin = std::move(origin)};
  if (method_of(wsi) == LWSHUMETH_OPTIONS) {
    return respond(connection, encode_preflight_reply(form));
  }
  const std::string length = header_of(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH);
  if (length.empty()) return refuse(connection, 411, "Content-Length is missing");
  const auto size = parse_content_length(length);
  if (!size) return refuse(connection, 400, "Content-Length is no number");
  if (*size > wire::kMaxFrameBytes) {
    return refuse(connection, 413, "a request may have 512 KiB at most");
  }
  if (!is_json(header_of(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE))) {
    return refuse(connection, 415, "Content-Type must be application/json");
  }
  if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_AUTHORIZATION) >
      static_cast<int>(kMaxAuthorizationBytes)) {
    return refuse(connection, 431, "the header Authorization is too long");
  }
  connection.peer = peer_of(connection);
  connection.rpc = std::make_unique<RpcExchange>();
  connection.rpc->bearer =
      Secret(std::string(bearer_token(header_of(wsi, WSI_TOKEN_HTTP_AUTHORIZATION))));
  connection.rpc->form = std::move(form);
  set_state(connection, Connection::State::http_body);
  if (list_has(header_of(wsi, WSI_TOKEN_HTTP_EXPECT), "100-continue", false)) {
    if (lws_write(wsi, writable(kContinue), kContinue.size(), LWS_WRITE_HTTP_HEADERS) < 0) {
      return -1;
    }
  }
  return 0;
}

int IoThread::receive_body(Connection& connection, std::string_view bytes) {
  if (!connection.rpc || connection.state != Connection::State::http_body) return -1;
  if (connection.partial.size() + bytes.size() > wire::kMaxFrameBytes) return -1;
  if (partial_bytes_ + bytes.size() > options_.max_partial_bytes) return -1;
  connection.partial += bytes;
  partial_bytes_ += bytes.size();
  counters_.bytes_in.add(bytes.size());
  return 0;
}

int IoThread::finish_body(Connection& connection) {
  // libwebsockets also calls this when a client sends more before it has its answer. That can't be
  // told from a client gone wild, and no client needs it.
  if (!connection.rpc || connection.state != Connection::State::http_body) return -1;
  set_state(connection, Connection::State::http_waiting);
  open_session(connection, Kind::http, std::move(connection.rpc->bearer));
  counters_.frames_in.add();
  partial_bytes_ -= connection.partial.size();
  emit(Received{connection.session, std::exchange(connection.partial, {})});
  if (is_stalled_) pause_reading(connection);
  return 0;
}

// The whole answer at once, as the result of the event that brought the request.
int IoThread::respond(Connection& connection, const std::string& response) {
  if (lws_write(connection.wsi, writable(response), response.size(), LWS_WRITE_HTTP_FINAL) < 0) {
    return -1;
  }
  // While the rest of a long answer waits, libwebsockets would wake for a next request over and
  // over without reading it. It sees a closing connection off properly.
  if (!connection.keeps_alive || lws_partial_buffered(connection.wsi) != 0) return -1;
  return lws_http_transaction_completed(connection.wsi) != 0 ? -1 : 0;
}

// In words, and the connection ends: a body that nobody wants may follow.
int IoThread::refuse(Connection& connection, int status, std::string_view message,
                     std::string_view allowed_methods) {
  connection.keeps_alive = false;
  return respond(connection, encode_reply(error_reply(status, message),
                                          {.is_head = method_of(connection.wsi) == LWSHUMETH_HEAD,
                                           .keep_alive = false,
                                           .allowed_methods = allowed_methods}));
}

// Ends the session; the bytes leave when libwebsockets says that it is time (write_response()).
void IoThread::respond_to_rpc(Connection& connection, const HttpReply& reply) {
  connection.keeps_alive = connection.rpc->form.keep_alive;
  connection.response = encode_reply(reply, connection.rpc->form);
  connection.rpc.reset();
  close_session(connection);
  set_state(connection, Connection::State::http_writing);
  lws_callback_on_writable(connection.wsi);
}

int IoThread::write_response(Connection& connection) {
  if (connection.state != Connection::State::http_writing) return 0;
  if (connection.file != nullptr) return write_file(connection);
  connection.since_ms = now_ms();
  if (!connection.response.empty()) {
    const std::string response = std::exchange(connection.response, {});
    counters_.frames_out.add();
    counters_.writes.add();
    counters_.bytes_out.add(response.size());
    if (lws_write(connection.wsi, writable(response), response.size(), LWS_WRITE_HTTP_FINAL) < 0) {
      return -1;
    }
  }
  const bool has_left = lws_partial_buffered(connection.wsi) == 0;
  if (!connection.keeps_alive) return has_left ? -1 : 0;  // else we are called again
  if (has_left) set_state(connection, Connection::State::http_idle);
  // Already now, though a part may still wait: the next request may come right behind the last
  // byte, before we are called again.
  return lws_http_transaction_completed(connection.wsi) != 0 ? -1 : 0;
}

}  // namespace chatd::net
