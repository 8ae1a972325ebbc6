#include "daemon/net/io_thread.hpp"
#include "daemon/net/subprotocol.hpp"
#include "daemon/wire/limits.hpp"

#include <utility>

namespace chatd::net {
namespace {

// libwebsockets keeps quiet about an empty PONG, so our PING carries a byte.
constexpr std::string_view kPing("\x89\x01k", 3);
// RFC 6455 section 7.4.1, and the registry for the last.
constexpr std::uint16_t kUnacceptable = 1003;
constexpr std::uint16_t kTooLarge = 1009;
constexpr std::uint16_t kTryAgainLater = 1013;
constexpr std::size_t kMaxCloseReasonBytes = 123;  // RFC 6455 section 5.5
constexpr std::size_t kKeyBytes = 24;              // base64 of 16 bytes

bool is_tls_1_3(lws* wsi) {
  return lws_is_ssl(wsi) != 0 && SSL_version(lws_get_ssl(wsi)) == TLS1_3_VERSION;
}

}  // namespace

// Zero: go on with the upgrade. Else the refusal has been written and the connection ends.
int IoThread::confirm_upgrade(Connection& connection) {
  lws* const wsi = connection.wsi;
  if (lws_hdr_total_length(wsi, WSI_TOKEN_UPGRADE) == 0) return -1;  // refused by libwebsockets
  char* path_bytes = nullptr;
  int path_size = 0;
  const int method = lws_http_get_uri_and_method(wsi, &path_bytes, &path_size);
  if (method < 0) return -1;
  const std::string_view path(path_bytes, static_cast<std::size_t>(path_size));
  connection.keeps_alive = false;
  if (!list_has(header_of(wsi, WSI_TOKEN_UPGRADE), "websocket", false)) {
    return refuse(connection, 400, "the only upgrade here is to websocket");
  }
  if (method != LWSHUMETH_GET) return refuse(connection, 405, "a WebSocket starts with GET");
  if (path != "/ws" && path != "/") return refuse(connection, 404, "the WebSocket is at /ws");
  if (!list_has(header_of(wsi, WSI_TOKEN_CONNECTION), "upgrade", false)) {
    return refuse(connection, 400, "the header Connection: Upgrade is missing");
  }
  if (header_of(wsi, WSI_TOKEN_VERSION) != "13") {
    return refuse(connection, 426, "Sec-WebSocket-Version must be 13");
  }
  if (header_of(wsi, WSI_TOKEN_KEY).size() != kKeyBytes) {
    return refuse(connection, 400, "Sec-WebSocket-Key must be 16 bytes in base64");
  }
  const std::string protocols = header_of(wsi, WSI_TOKEN_PROTOCOL);
  const bool is_link = options_.takes_links && list_has(protocols, kLinkSubprotocol, true);
  if (is_link && !is_tls_1_3(wsi)) {
    return refuse(connection, 400, "servers talk over TLS 1.3");
  }
  if (!is_link && !list_has(protocols, kSubprotocol, true)) {
    return refuse(connection, 400, "Sec-WebSocket-Protocol must offer chatd.v1");
  }
  if (!is_origin_allowed(header_of(wsi, WSI_TOKEN_ORIGIN), header_of(wsi, WSI_TOKEN_HOST),
                         allowed_origins_)) {
    return refuse(connection, 403, "pages of this origin are not allowed");
  }
  connection.peer = peer_of(connection);
  return 0;
}

void IoThread::receive(Connection& connection, const char* bytes, std::size_t size) {
  if (connection.state != Connection::State::websocket || connection.close_code != 0) return;
  connection.since_ms = now_ms();
  connection.was_pinged = false;
  const bool is_link = connection.is_link;
  if ((lws_frame_is_binary(connection.wsi) != 0) != is_link)
    return close(connection, kUnacceptable,
                 is_link ? "frames must be binary" : "frames must be text");
  const std::size_t announced =
      connection.partial.size() + size + lws_remaining_packet_payload(connection.wsi);
  if (announced > (is_link ? wire::kMaxLinkFrameBytes : wire::kMaxFrameBytes))
    return close(connection, kTooLarge,
                 is_link ? "a frame may have 516 KiB at most" : "a frame may have 512 KiB at most");
  counters_.bytes_in.add(size);
  const bool is_whole = lws_is_final_fragment(connection.wsi) != 0;
  if (!is_whole || !connection.partial.empty()) {
    if (partial_bytes_ + size > options_.max_partial_bytes)
      return close(connection, kTryAgainLater, "too many long frames at once");
    if (connection.partial.empty()) connection.partial_ms = now_ms();
    connection.partial.append(bytes, size);
    partial_bytes_ += size;
    if (!is_whole) return;
  }
  counters_.frames_in.add();
  std::string whole;
  if (connection.partial.empty()) {
    whole.assign(bytes, size);
  } else {
    partial_bytes_ -= connection.partial.size();
    whole = std::exchange(connection.partial, {});
  }
  if (is_link)
    emit(LinkReceived{connection.session, std::move(whole)});
  else
    emit(Received{connection.session, std::move(whole)});
  if (is_stalled_) pause_reading(connection);
}

void IoThread::drop_partial(Connection& connection) {
  partial_bytes_ -= connection.partial.size();
  connection.partial = {};
}

void IoThread::send(Connection& connection, wire::Packet&& packet, wire::Delivery delivery) {
  if (connection.state == Connection::State::http_waiting) {
    if (delivery != wire::Delivery::reply) return;
    respond_to_rpc(connection, {.body = std::string(packet.payload())});
    return;
  }
  if (connection.state != Connection::State::websocket || connection.close_code != 0) return;
  switch (connection.queue.push(std::move(packet), delivery)) {
    case wire::SendQueue::Outcome::queued:
      mark_dirty(connection);
      break;
    case wire::SendQueue::Outcome::fell_behind:
      counters_.fell_behind.add();
      mark_dirty(connection);
      break;
    case wire::SendQueue::Outcome::dropped:
      counters_.live_dropped.add();
      break;
    case wire::SendQueue::Outcome::overflow:
      counters_.overflowed.add();
      connection.close_reason = "it reads too slowly";
      kill(connection);
      break;
  }
}

void IoThread::close(Connection& connection, std::uint16_t code, std::string reason) {
  switch (connection.state) {
    case Connection::State::websocket:
      if (connection.close_code != 0) return;
      drop_partial(connection);
      connection.close_code = code;
      connection.close_reason = std::move(reason);
      connection.close_reason.resize(
          std::min(connection.close_reason.size(), kMaxCloseReasonBytes));
      connection.since_ms = now_ms();
      mark_dirty(connection);
      break;
    case Connection::State::http_waiting:
      connection.rpc->form.keep_alive = false;
      respond_to_rpc(connection, error_reply(503, "the server ended this request"));
      break;
    case Connection::State::handshake:
    case Connection::State::http_body:
    case Connection::State::http_idle:
      if (connection.wsi != nullptr) kill(connection);
      break;
    case Connection::State::http_writing:
      connection.keeps_alive = false;
      // We are not told when the rest of a long answer has left.
      if (connection.response.empty() && connection.file == nullptr &&
          lws_partial_buffered(connection.wsi) == 0) {
        kill(connection);
      }
      break;
    case Connection::State::closing:
      break;
  }
}

void IoThread::mark_dirty(Connection& connection) {
  if (connection.is_dirty) return;
  connection.is_dirty = true;
  dirty_.push_back(&connection);
}

void IoThread::flush_dirty() {
  for (std::size_t i = 0; i < dirty_.size(); ++i) {
    Connection* const connection = dirty_[i];
    if (connection == nullptr) continue;
    connection->is_dirty = false;
    flush(*connection);
  }
  dirty_.clear();
}

void IoThread::flush(Connection& connection) {
  if (connection.state != Connection::State::websocket) return;
  const std::size_t before = connection.queue.bytes();
  write_queue(connection);
  const std::size_t sent = before - connection.queue.bytes();
  if (connection.is_link && sent > 0) emit(LinkSent{connection.session, sent});
}

// Joins what waits into as few writes as possible. What one write does not take libwebsockets
// keeps, and tells us when it is gone (WRITEABLE).
void IoThread::write_queue(Connection& connection) {
  wire::SendQueue& queue = connection.queue;
  for (int writes = 0; !queue.empty(); ++writes) {
    if (lws_partial_buffered(connection.wsi) != 0) return;
    if (writes == LwsContext::kMaxWritesPerTurn) {
      lws_callback_on_writable(connection.wsi);
      return;
    }
    write_buffer_.resize(LWS_PRE);
    const wire::Packet first = queue.front();
    std::string_view bytes = first.frame();
    queue.pop();
    counters_.frames_out.add();
    // Only whole frames go together: a PONG of libwebsockets' own may follow any write.
    std::size_t total = bytes.size();
    if (!queue.empty() && total + queue.front().frame().size() <= LwsContext::kMaxWriteBytes) {
      write_buffer_ += bytes;
      while (!queue.empty() && total + queue.front().frame().size() <= LwsContext::kMaxWriteBytes) {
        total += queue.front().frame().size();
        write_buffer_ += queue.front().frame();
        queue.pop();
        counters_.frames_out.add();
      }
      bytes = std::string_view(write_buffer_).substr(LWS_PRE);
    }
    counters_.writes.add();
    counters_.bytes_out.add(bytes.size());
    if (lws_write(connection.wsi, writable(bytes), bytes.size(), LWS_WRITE_RAW) < 0) {
      kill(connection);
      return;
    }
  }
  if (connection.close_code != 0) say_goodbye(connection);
}

void IoThread::ping(Connection& connection) {
  if (connection.was_pinged || lws_partial_buffered(connection.wsi) != 0) return;
  connection.was_pinged = true;
  if (lws_write(connection.wsi, writable(kPing), kPing.size(), LWS_WRITE_RAW) < 0) {
    kill(connection);
  }
}

// Everything else has been written. The peer answers with its own close frame, or time ends it.
// Written as it is, since a connection that libwebsockets is asked to close while it says WRITEABLE
// ends without a close frame: Debian's build closes twice there, to test itself.
void IoThread::say_goodbye(Connection& connection) {
  std::string frame = "\x88";
  frame += static_cast<char>(2 + connection.close_reason.size());
  frame += static_cast<char>(connection.close_code >> 8);
  frame += static_cast<char>(connection.close_code & 0xff);
  frame += connection.close_reason;
  if (lws_write(connection.wsi, writable(frame), frame.size(), LWS_WRITE_RAW) < 0) {
    kill(connection);
    return;
  }
  close_session(connection);
  set_state(connection, Connection::State::closing);
}

}  // namespace chatd::net
