#pragma once

#include "daemon/base/counter.hpp"

#include <cstdint>

namespace chatd::net {

// What one I/O thread has counted; for metrics, readable from any thread.
struct Counters {
  Counter websockets_open;  // clients
  Counter links_open;       // other servers
  Counter https_open;       // requests that wait for their answer
  Counter controls_open;
  Counter websockets_opened;
  Counter http_requests;
  Counter controls_opened;
  Counter files_sent;         // static ones, and answers that the client has them
  Counter handshakes_failed;  // TLS or upgrade not finished, or refused
  Counter crowded_out;        // of those: the oldest, when too many were unfinished
  Counter frames_in;
  Counter frames_out;
  Counter bytes_in;   // of frames, without TLS and headers
  Counter bytes_out;  // as written to TLS
  Counter writes;     // calls that wrote them: frames_out / writes is how well they were joined
  Counter fell_behind;
  Counter live_dropped;
  Counter overflowed;  // connections ended since replies piled up
  Counter timed_out;   // connections that said nothing for too long
  Counter stalled;     // times the sink had no room
};

// What the acceptor has counted.
struct AcceptCounters {
  Counter accepted;
  Counter refused_total;        // max_connections reached
  Counter refused_per_address;  // max_per_address or max_unfinished_per_address reached
  Counter connections;          // open now, whatever they are
};

}  // namespace chatd::net
