#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/net/address.hpp"
#include "daemon/net/client_tls.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/resolver.hpp"
#include "daemon/net/socket.hpp"
#include "daemon/net/stall_watch.hpp"

#include <uv.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::net {

// A connection that this process makes, from the look-up of the host to its end; each address of
// the host is tried. Own code on libuv and OpenSSL, since the client of libwebsockets 4.1 loses a
// handle of libuv's with each address that does not answer, waits for the DNS, and follows
// redirects. Owned by what speaks on it; loop only; not destroyed from within an event.
class TlsStream {
 public:
  class Events {
   public:
    Events() = default;
    Events(const Events&) = delete;
    Events& operator=(const Events&) = delete;
    virtual ~Events() = default;

    virtual void on_open() = 0;
    virtual void on_bytes(std::string_view bytes) = 0;
    // So many of those written have left.
    virtual void on_sent(std::size_t bytes) = 0;
    // For good, also when it never opened. `why` in words; empty: the other side ended it properly.
    virtual void on_end(std::string why) = 0;
  };
  struct Parts {
    Loop* loop = nullptr;
    Resolver* resolver = nullptr;
    ClientTls* tls = nullptr;
  };

  // Begins at once. Within the place's patience on_open() comes and then settle() is called, or it
  // ends. No event comes from within a call, but on_sent() from flush().
  TlsStream(const Parts& parts, Place place, Events& events);
  TlsStream(const TlsStream&) = delete;
  TlsStream& operator=(const TlsStream&) = delete;
  // Ends it without a word.
  ~TlsStream();

  // It has answered. From now on it ends where the other side takes nothing of what is written.
  void settle();
  // Keeps it until flush(), or there is room.
  void write(std::string_view bytes) { waiting_ += bytes; }
  void flush();
  [[nodiscard]] std::size_t queued() const { return waiting_.size() - written_; }
  // on_end(why) follows once what was written has left, or after `patience`; until then it still
  // reads.
  void finish(std::string why, Millis patience);
  // on_end(why) follows, from the loop; nothing else does.
  void fail(std::string why);

  // What only the two ends of this TLS connection know (RFC 8446 section 7.5).
  [[nodiscard]] Hash256 exporter() const;

 private:
  enum class State : std::uint8_t { searching, connecting, shaking_hands, open, over };

  void on_alarm();
  void look_for_stall();
  void take_addresses(const Result<std::vector<Address>>& found);
  void connect_next();
  void end_attempt(std::string why);
  void watch(int events);
  void on_ready();
  void shake_hands();
  void read();
  void end();

  // Constant after construction
  const Parts parts_;
  const Place place_;
  Events& events_;

  // Loop only
  State state_ = State::searching;
  std::vector<Address> addresses_;  // left to be tried, the next one last
  Monotonic deadline_;
  Socket socket_;
  uv_poll_t* poll_ = nullptr;  // freed by its close callback
  int watched_ = 0;
  ClientTls::Connection tls_{nullptr, &SSL_free};
  std::string waiting_;      // to be written, and
  std::size_t written_ = 0;  // of it, what has been
  bool is_finishing_ = false;
  std::string why_;
  bool is_settled_ = false;
  StallWatch stall_;
  Alarm alarm_;  // the deadline, or the time of the next address or look, or an end to be told
  std::shared_ptr<TlsStream*> self_;  // null in it: gone; for the resolver's answer
};

}  // namespace chatd::net
