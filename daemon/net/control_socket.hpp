#pragma once

#include "daemon/net/io_thread.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/messages.hpp"
#include "daemon/net/options.hpp"

#include <uv.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace chatd::net {

// The admin's door: a Unix socket that only our own user may open, one JSON text per line. Its
// sessions are part of I/O thread 0. Owned by the server; on loop 0.
class ControlSocket final : public ForeignSessions {
 public:
  // Replaces a socket file that nobody answers on; refuses when somebody does, or when the path is
  // something else or too long.
  [[nodiscard]] static Result<std::unique_ptr<ControlSocket>> create(Loop& loop,
                                                                     const Options& options,
                                                                     IoThread& thread);
  // Ends all control sessions and removes the socket file.
  ~ControlSocket() override;

  void apply(Outbound&& message) override;
  void flush() override;

 private:
  struct Client;

  ControlSocket(Loop& loop, const Options& options, IoThread& thread);
  [[nodiscard]] Status listen();
  void accept();
  void receive(Client& client, std::string_view bytes);
  void send(Client& client, wire::Packet&& packet, wire::Delivery delivery);
  void write_some(Client& client);
  void end(Client& client);

  // Constant after construction
  Loop& loop_;
  const std::string path_;
  const std::size_t max_clients_;
  const wire::SendQueue::Policy policy_;
  IoThread& thread_;

  // Loop 0 only
  uv_pipe_t* pipe_ = nullptr;  // the listening one; freed by its close callback
  bool owns_file_ = false;
  std::uint64_t next_number_ = 1;
  std::map<SessionId, Client*> clients_;  // freed by their close callbacks
};

}  // namespace chatd::net
