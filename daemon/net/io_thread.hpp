#pragma once

#include "daemon/base/mailbox.hpp"
#include "daemon/net/connection.hpp"
#include "daemon/net/counters.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/lws_context.hpp"
#include "daemon/net/messages.hpp"
#include "daemon/net/options.hpp"
#include "daemon/net/sessions.hpp"
#include "daemon/net/socket.hpp"
#include "daemon/net/static_files.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace chatd::net {

// A socket the acceptor hands to an I/O thread.
struct Arrival {
  Socket socket;
  std::string peer;
  std::uint64_t address_group = 0;
  bool is_tls = true;
  bool is_behind_proxy = false;
};
// What an I/O thread tells the acceptor, so that it can count.
struct Progress {
  enum class Step : std::uint8_t { shook_hands, left_unfinished, left };
  Step step = Step::left;
  std::uint64_t address_group = 0;
  bool is_behind_proxy = false;
};

// Speaks to the other sessions that live on an I/O thread: the control socket on thread 0.
class ForeignSessions {
 public:
  ForeignSessions() = default;
  ForeignSessions(const ForeignSessions&) = delete;
  ForeignSessions& operator=(const ForeignSessions&) = delete;
  virtual ~ForeignSessions() = default;
  virtual void apply(Outbound&& message) = 0;
  virtual void flush() = 0;
};

// One I/O thread's share of the connections: reads frames and requests into batches for the sink,
// writes what comes back, many packets in one write. Made and destroyed while its loop does not
// run; everything else on the loop's thread, except where it says any thread.
class IoThread {
 public:
  struct Parts {
    unsigned index = 0;
    Loop* loop = nullptr;
    const Options* options = nullptr;
    const wire::SendQueue::Policy* policy = nullptr;
    Sink* sink = nullptr;
    std::shared_ptr<const TlsIdentity> identity;  // null: no TLS
    std::function<void(const Progress&)> report;  // called on this thread
  };
  [[nodiscard]] static Result<std::unique_ptr<IoThread>> create(Parts parts);
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;
  // Ends all connections; the sink hears no more.
  ~IoThread();

  // Any thread
  void adopt(Arrival&& arrival);
  // False: too much waits for this thread; the batch is untouched.
  [[nodiscard]] bool post(std::vector<Outbound>&& batch);
  void use(std::shared_ptr<const TlsIdentity> identity);
  void allow(std::vector<std::string> origins);
  void show(std::shared_ptr<const StaticFiles> files);
  // Every session gets Close; connections without one end at once.
  void close_all(std::uint16_t code, std::string reason);
  [[nodiscard]] const Counters& counters() const { return counters_; }

  // Joins what lives beside the connections to the batches; null takes it out again.
  void set_foreign(ForeignSessions* foreign) { foreign_ = foreign; }
  void emit(Inbound&& message);
  [[nodiscard]] Counters& count() { return counters_; }

 private:
  using Origins = std::vector<std::string>;
  struct CloseAll {
    std::uint16_t code;
    std::string reason;
  };
  using Task = std::variant<std::vector<Outbound>, Arrival, std::shared_ptr<const TlsIdentity>,
                            Origins, std::shared_ptr<const StaticFiles>, CloseAll>;

  explicit IoThread(Parts parts);

  // io_thread.cpp: tasks, batches and the end of a turn
  void put(Task&& task);
  void take_tasks();
  void do_task(Task&& task);
  void apply(Outbound&& message);
  void serve(Arrival&& arrival);
  [[nodiscard]] bool end_turn();
  void deliver();
  void pause_reading(Connection& connection);
  void hold_paused();
  void resume_reading();

  // sweep.cpp: who has been silent, or has taken nothing, for too long
  void sweep();
  [[nodiscard]] bool has_stalled(Connection& connection);
  void check_deadline(Connection& connection);
  void set_sweep_alarm();

  // events.cpp: what libwebsockets tells, and the life of a connection
  int on_event(lws* wsi, lws_callback_reasons reason, void* in, std::size_t size);
  int on_http_event(Connection& connection, lws_callback_reasons reason, void* in,
                    std::size_t size);
  int on_websocket_event(Connection& connection, lws_callback_reasons reason, void* in,
                         std::size_t size);
  void open_session(Connection& connection, Kind kind, Secret bearer);
  void close_session(Connection& connection);
  void shake_hands(Connection& connection);
  void forget(Connection& connection);
  void kill(Connection& connection);
  void make_room();
  void set_state(Connection& connection, Connection::State state);
  [[nodiscard]] std::uint64_t now_ms() const { return uv_now(parts_.loop->native()); }

  // websocket.cpp
  int confirm_upgrade(Connection& connection);
  void receive(Connection& connection, const char* bytes, std::size_t size);
  void drop_partial(Connection& connection);
  void send(Connection& connection, wire::Packet&& packet, wire::Delivery delivery);
  void close(Connection& connection, std::uint16_t code, std::string reason);
  void mark_dirty(Connection& connection);
  void flush_dirty();
  void flush(Connection& connection);
  void write_queue(Connection& connection);
  void ping(Connection& connection);
  void say_goodbye(Connection& connection);

  // rpc.cpp: HTTP
  int start_request(Connection& connection, std::string_view path);
  int start_rpc(Connection& connection);
  [[nodiscard]] bool is_from_this_machine(const Connection& connection) const;
  int answer_route(Connection& connection, const Route& route);
  int receive_body(Connection& connection, std::string_view bytes);
  int finish_body(Connection& connection);
  int respond(Connection& connection, const std::string& response);
  int refuse(Connection& connection, int status, std::string_view message,
             std::string_view allowed_methods = {});
  void respond_to_rpc(Connection& connection, const HttpReply& reply);
  int write_response(Connection& connection);
  [[nodiscard]] std::string peer_of(const Connection& connection) const;

  // file.cpp
  int start_file(Connection& connection, std::string_view path);
  int write_file(Connection& connection);
  int finish_file(Connection& connection);
  void end_impatient_readers();

  // Constant after construction
  const Parts parts_;
  const Options& options_;

  Counters counters_;
  Waker waker_;
  Mailbox<Task> tasks_;

  // Loop only
  ForeignSessions* foreign_ = nullptr;
  Origins allowed_origins_;
  std::shared_ptr<const StaticFiles> files_;
  std::unique_ptr<LwsContext> context_;
  ReadAhead read_ahead_;
  Sessions<Connection> connections_;
  std::uint64_t arrivals_ = 0;
  std::map<std::uint64_t, std::size_t> unfinished_;  // slots by arrival: still in their handshake
  Connection* adopting_ = nullptr;                   // being given to libwebsockets right now
  std::vector<Inbound> inbound_;                     // for the sink
  std::vector<Connection*> dirty_;                   // have something to send; null: gone meanwhile
  std::vector<SessionId> paused_;
  std::size_t held_ = 0;                // of these: libwebsockets knows
  std::set<Connection*> file_readers_;  // a long file is leaving for them
  std::uint64_t readers_seen_ms_ = 0;   // loop time
  std::vector<Task> taken_;
  std::string write_buffer_;
  std::size_t partial_bytes_ = 0;  // in all `partial` together
  std::size_t next_swept_ = 0;     // slot
  int passes_ = 0;                 // looks for more input since the last hand-over
  bool has_new_input_ = false;
  bool is_stalled_ = false;  // the sink had no room
  TurnEnd turn_end_;
  Alarm sweep_alarm_;
  Alarm retry_alarm_;
};

}  // namespace chatd::net
