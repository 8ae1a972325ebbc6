#pragma once

#include "daemon/net/acceptor.hpp"
#include "daemon/net/control_socket.hpp"
#include "daemon/net/io_thread.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/messages.hpp"
#include "daemon/net/options.hpp"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace chatd::net {

// Everything that comes in from clients and admins: WebSockets, POST /rpc, a few pages, the control
// socket. `io_threads` threads share the connections; thread 0 is the caller's, who runs the loop
// given to create(), and there the core may run too: what it posts then goes straight to the
// connections. Made, drained and destroyed on that thread; post() and counters on any.
class Server {
 public:
  // Binds all addresses, reads the certificate, starts threads 1 and up, but lets nobody in before
  // start(). Refuses with a sentence. Raises the process's limit of descriptors to what
  // `max_connections` needs; where that is forbidden it lets fewer in, and logs it. Ignores
  // SIGPIPE. `sink` and `loop` outlive the server.
  [[nodiscard]] static Result<std::unique_ptr<Server>> create(Options options, Sink& sink,
                                                              Loop& loop);
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  // Ends what is still open without a word and joins the threads. The loop must not be running.
  ~Server();

  void start();

  // Any thread. Hands a batch to an I/O thread; messages for sessions that are gone are ignored.
  // False: too much waits for that thread already, the batch is untouched, offer it again in a
  // moment and take in nothing meanwhile. Always true when called on that thread.
  [[nodiscard]] bool post(unsigned io_thread, std::vector<Outbound>&& batch);
  [[nodiscard]] unsigned io_threads() const { return static_cast<unsigned>(threads_.size()); }

  // In the order of Options::listen, with the real ports.
  [[nodiscard]] const std::vector<Address>& endpoints() const { return acceptor_->endpoints(); }

  // Reads the files again (or others) for new handshakes; who is connected notices nothing. On an
  // error the old certificate stays.
  [[nodiscard]] Status reload_tls(const TlsFiles& files);
  // Null when nothing listens with TLS.
  [[nodiscard]] const TlsInfo* tls_info() const;

  // For all who come from now on.
  void set_access(const Access& access);
  // For all requests from now on; null: no files. What is being sent is sent to its end.
  void show(const std::shared_ptr<const StaticFiles>& files);

  // Lets nobody new in.
  void stop_accepting();
  // Closes all sessions after what was sent to them has left; the control socket stays. Then wait
  // until open_connections() is 0 or patience ends.
  void close_all(std::uint16_t code, const std::string& reason);
  [[nodiscard]] std::size_t open_connections() const;

  // Any thread
  [[nodiscard]] const Counters& counters(unsigned io_thread) const;
  [[nodiscard]] const AcceptCounters& accept_counters() const { return acceptor_->counters(); }

 private:
  Server(Options options, Sink& sink, Loop& loop);
  [[nodiscard]] Status open();
  [[nodiscard]] Status open_threads();

  // Constant after construction; `access` and `files` are only what it began with
  const Options options_;
  Sink& sink_;
  Loop& loop_;
  const wire::SendQueue::Policy policy_;

  // Thread 0 only
  std::shared_ptr<const TlsIdentity> identity_;
  unsigned next_thread_ = 0;

  // Destroyed in the reverse order: threads report to the acceptor, connections live on loops.
  std::unique_ptr<Acceptor> acceptor_;
  std::vector<std::unique_ptr<Loop>> loops_;  // of threads 1 and up
  std::vector<std::unique_ptr<IoThread>> threads_;
  std::unique_ptr<ControlSocket> control_;
  std::vector<std::thread> running_;
};

}  // namespace chatd::net
