#pragma once

#include "tests/bench/load/frame.hpp"

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

struct SslDeleter {
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
};

// Where the server is and how it wants to be asked for a WebSocket.
struct Endpoint {
  std::uint16_t port;  // on 127.0.0.1
  std::string domain;  // of the server's users
  std::string path;
  std::string subprotocol;  // empty: none is offered
  Opcode opcode = Opcode::text;
};

// The address a client with this number connects from. On loopback all of 127.0.0.0/8 is there, and
// a hundred clients share one address: what a server allows one address then stays out of the way
// of ten thousand, as it does in life.
[[nodiscard]] constexpr std::uint32_t loopback_address(std::size_t number) {
  constexpr std::uint32_t kFirst = 0x7f000101;  // 127.0.1.1
  constexpr std::size_t kClientsOfOne = 100;
  return kFirst + static_cast<std::uint32_t>(number / kClientsOfOne);
}

class Connection;

// epoll, the TLS context and the one read buffer of all connections. Constructed first, ends last.
class Loop {
 public:
  // `ca_file`: who may have signed the server's certificate. Ends the program if it can't be read.
  explicit Loop(const std::string& ca_file);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  // Waits at most so long, hands on what came, and then writes what all connections queued.
  void turn(std::chrono::milliseconds at_most);

 private:
  friend class Connection;

  void watch(Connection& connection, int fd, bool for_writing, bool is_new);
  void forget(Connection& connection);
  void flush();

  int epoll_;
  std::unique_ptr<SSL_CTX, SslDeleter> tls_;
  std::vector<char> buffer_;
  std::vector<Connection*> waiting_to_write_;
  std::vector<Connection*> ready_;  // of this turn; null: closed meanwhile
};

// One WebSocket over TLS 1.3. What is sent during a turn of the loop leaves at its end, in as few
// records as possible. For the loop's thread; must not be destroyed from its own callbacks.
class Connection {
 public:
  class Owner {
   public:
    virtual void opened() = 0;
    virtual void received(std::string_view message) = 0;
    // Once; nothing comes after it.
    virtual void lost(std::string_view why) = 0;

   protected:
    ~Owner() = default;
  };

  // `from`: the IPv4 address it connects from, in the host's byte order.
  Connection(Loop& loop, const Endpoint& endpoint, std::uint32_t from, Owner& owner);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void send(std::string_view message);

 private:
  friend class Loop;
  enum class State { handshaking, upgrading, open, closed };

  void queue(Opcode opcode, std::string_view payload);
  void mark_dirty();
  void ready();
  void handshake();
  void write();
  void read();
  void take_bytes(std::string_view bytes);
  [[nodiscard]] std::size_t take_upgrade(std::string_view bytes);
  [[nodiscard]] std::size_t take_frames(std::string_view bytes);
  void take_frame(const Frame& frame);
  void end(std::string_view why);

  // Constant after construction
  Loop& loop_;
  const Endpoint& endpoint_;
  Owner& owner_;
  int fd_ = -1;
  std::unique_ptr<SSL, SslDeleter> ssl_;

  // Loop only
  State state_ = State::handshaking;
  bool is_dirty_ = false;
  bool wants_to_write_ = true;  // what epoll was told
  std::string out_;
  std::string in_;         // the front of what is not whole yet
  std::string fragments_;  // of a message in several frames
};

}  // namespace chatd::bench
