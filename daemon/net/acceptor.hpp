#pragma once

#include "daemon/base/mailbox.hpp"
#include "daemon/net/address.hpp"
#include "daemon/net/admission.hpp"
#include "daemon/net/counters.hpp"
#include "daemon/net/io_thread.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/options.hpp"
#include "daemon/net/socket.hpp"

#include <uv.h>

#include <functional>
#include <memory>
#include <vector>

namespace chatd::net {

// Listens, decides who may come in, and hands each connection to the next I/O thread in turn.
// Owned by the server; on loop 0.
class Acceptor {
 public:
  // Binds and listens on every address, but accepts nothing before start(). `hand_over` is called
  // with each connection.
  [[nodiscard]] static Result<std::unique_ptr<Acceptor>> create(
      Loop& loop, const Options& options, std::function<void(Arrival&&)> hand_over);
  Acceptor(const Acceptor&) = delete;
  Acceptor& operator=(const Acceptor&) = delete;
  ~Acceptor();

  void start();
  // For good: the listening sockets are closed.
  void stop();
  void set_max_per_address(std::size_t max) { admission_.set_max_per_address(max); }
  // What became of a connection that was handed over. Any thread.
  void report(const Progress& progress);

  // In the order of Options::listen, with the real port.
  [[nodiscard]] const std::vector<Address>& endpoints() const { return endpoints_; }
  [[nodiscard]] const AcceptCounters& counters() const { return counters_; }

 private:
  struct Door;  // one listening socket

  Acceptor(Loop& loop, const Options& options, std::function<void(Arrival&&)> hand_over);
  [[nodiscard]] Status open(const Listen& listen);
  void accept_some(const Door& door);
  void admit(Socket socket, const Address& peer, const Listen& listen);
  void set_open(bool is_open);
  void take_reports();
  void count(const Progress& progress);

  // Constant after construction
  Loop& loop_;
  const std::function<void(Arrival&&)> hand_over_;
  std::vector<Address> endpoints_;

  AcceptCounters counters_;
  Waker waker_;
  Mailbox<Progress> reports_;

  // Loop 0 only
  std::vector<std::unique_ptr<Door>> doors_;
  Admission admission_;
  std::vector<Progress> taken_;
  Alarm reopen_alarm_;  // after the process ran out of descriptors
};

}  // namespace chatd::net
