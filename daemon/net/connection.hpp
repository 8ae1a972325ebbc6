#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/secret.hpp"
#include "daemon/net/http.hpp"
#include "daemon/net/messages.hpp"
#include "daemon/net/read_ahead.hpp"
#include "daemon/net/stall_watch.hpp"
#include "daemon/wire/send_queue.hpp"

#include <libwebsockets.h>

#include <cstdint>
#include <memory>
#include <string>

namespace chatd::net {

// One POST /rpc from its headers to its answer.
struct RpcExchange {
  Secret bearer;
  ReplyForm form;
};

// One accepted TCP connection on an I/O thread, whatever it turns out to speak. Owned by its
// IoThread; that thread only.
struct Connection {
  enum class State : std::uint8_t {
    handshake,     // TLS, then the first headers
    websocket,     // a session
    http_body,     // POST /rpc: the body is coming
    http_waiting,  // a session: the core has the request
    http_writing,  // the response is leaving
    http_idle,     // between two requests
    closing,       // no more from us; libwebsockets sees it off
  };

  explicit Connection(const wire::SendQueue::Policy& policy) : queue(policy) {}
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Constant after adoption
  std::size_t slot = 0;
  std::uint64_t address_group = 0;
  bool is_behind_proxy = false;
  std::uint64_t arrival = 0;  // counts up on its thread

  lws* wsi = nullptr;            // null before and after libwebsockets knows it
  SessionId session;             // the current one; see has_session
  std::string peer;              // as text
  std::uint64_t since_ms = 0;    // loop time of the last sign of life, or of entering the state
  std::uint64_t partial_ms = 0;  // loop time of the first fragment in `partial`
  State state = State::handshake;
  Kind kind = Kind::websocket;  // of the session
  bool has_session = false;     // Opened was told, Closed was not
  bool has_shaken_hands = false;
  bool is_dirty = false;    // in the list of those to flush
  bool was_pinged = false;  // since the last sign of life
  bool is_paused = false;   // not reading: the sink has no room
  bool is_link = false;     // another server

  ReadAhead::Reader reader;
  StallWatch stall;  // of a link
  wire::SendQueue queue;
  std::string partial;           // of a frame or a body that is not complete
  std::uint16_t close_code = 0;  // not 0: close once the queue is empty
  std::string close_reason;      // also of a link that ended otherwise
  std::unique_ptr<RpcExchange> rpc;
  std::string response;                     // http: bytes that wait for their turn to be written
  std::shared_ptr<const std::string> file;  // http: is being written, file_sent bytes are
  std::size_t file_sent = 0;
  bool keeps_alive = true;  // http: the connection outlives this response
};

}  // namespace chatd::net
