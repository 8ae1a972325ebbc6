#pragma once

#include "daemon/net/lws_context.hpp"

#include <libwebsockets.h>
#include <openssl/ssl.h>

#include <vector>

namespace chatd::net {

// Lets OpenSSL read all that a socket has in one system call instead of two for each TLS record.
// What it then holds back no longer makes the socket readable and libwebsockets does not ask for
// it, so each connection from which a record came is served until nothing whole is left; serve()
// must be called before the loop waits. One I/O thread only.
class ReadAhead {
 public:
  // A connection's place in the list; the connection owns it.
  struct Reader {
    ReadAhead* list = nullptr;  // null: does not read ahead
    lws* wsi = nullptr;
    bool is_listed = false;
  };

  ReadAhead() = default;
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  // From now on. Not before the WebSocket is open: what libwebsockets does until then it does only
  // when the socket is readable. TLS 1.3 only, whose records OpenSSL announces when they are read.
  void begin(Reader& reader, lws* wsi);
  // The connection ends.
  void forget(Reader& reader);

  // Has libwebsockets read what is held back, a piece from each connection. Connections may end.
  void serve(LwsContext& context);
  [[nodiscard]] bool has_more() const { return !listed_.empty(); }

 private:
  static void on_message(int is_written, int version, int type, const void* bytes, size_t size,
                         SSL* connection, void* reader);
  void list(Reader& reader);

  std::vector<Reader*> listed_;
  std::vector<Reader*> serving_;  // null: gone meanwhile
};

}  // namespace chatd::net
