#pragma once

#include "daemon/base/result.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/socket.hpp"
#include "daemon/net/tls.hpp"

#include <libwebsockets.h>

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace chatd::net {

// A header of the request that is being handled; empty when there is none.
[[nodiscard]] std::string header_of(lws* connection, lws_token_indexes which);
// LWSHUMETH_GET and so on, of that request.
[[nodiscard]] int method_of(lws* connection);
// The bytes as libwebsockets wants them; in raw mode it only reads them.
[[nodiscard]] inline unsigned char* writable(std::string_view bytes) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
}

// One libwebsockets context on a loop: a virtual host with TLS and one without, no listening
// socket. Owned by an IoThread; used on its thread, or before and after its loop runs.
class LwsContext {
 public:
  // What libwebsockets tells of a connection; what is returned goes back to it (non-zero mostly
  // means: close).
  using Handler = std::function<int(lws*, lws_callback_reasons, void* in, std::size_t size)>;

  // `identity` may be null: no TLS then. `takes_links`: also kLinkSubprotocol is spoken. `handler`
  // is called from the moment of adopt().
  [[nodiscard]] static Result<std::unique_ptr<LwsContext>> create(
      Loop& loop, std::shared_ptr<const TlsIdentity> identity, bool takes_links, Handler handler);
  LwsContext(const LwsContext&) = delete;
  LwsContext& operator=(const LwsContext&) = delete;
  // Ends all connections at once; the handler still hears of their end.
  ~LwsContext();

  // Serves an accepted connection; `opaque` comes back from lws_get_opaque_user_data(). Null: it
  // could not, and the socket is closed.
  [[nodiscard]] lws* adopt(Socket socket, bool is_tls, void* opaque);
  // Does what libwebsockets does when the connection's socket is readable. It may end it.
  void read(lws* connection);
  // Ends a connection from outside a handler call, without good manners and in a moment.
  void kill(lws* connection);
  // New handshakes use this certificate.
  void use(std::shared_ptr<const TlsIdentity> identity) { identity_ = std::move(identity); }

  // As much as is put in one write: the longest TLS record.
  static constexpr std::size_t kMaxWriteBytes = 16 * 1024;
  // Writes to one connection before the others get their turn: 64 KiB.
  static constexpr int kMaxWritesPerTurn = 4;

 private:
  LwsContext(Loop& loop, bool takes_links, Handler handler);
  [[nodiscard]] static lws_protocols protocol(const char* name, std::size_t receive_bytes);
  [[nodiscard]] Status start(std::shared_ptr<const TlsIdentity> identity);
  static int on_event(lws* connection, lws_callback_reasons reason, void* user, void* in,
                      std::size_t size);

  // Constant after construction
  Loop& loop_;
  const Handler handler_;
  const std::array<lws_protocols, 3> protocols_;  // the last one names none
  lws_context* context_ = nullptr;
  lws_vhost* tls_host_ = nullptr;
  lws_vhost* plain_host_ = nullptr;

  // Loop only
  std::shared_ptr<const TlsIdentity> identity_;
  bool can_do_tls_ = false;  // the virtual host's OpenSSL context is set up
};

}  // namespace chatd::net
