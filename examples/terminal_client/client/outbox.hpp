#pragma once

#include "connection.hpp"
#include "msg_id.hpp"
#include "room_log.hpp"
#include "timers.hpp"
#include <functional>
#include <string>

namespace client {

// What this device says, in order and exactly once: each message gets its id and is on this disk
// before it leaves; one is on its way at a time; an answer that is lost is asked for again with the
// same id, after a restart too, and the server answers as the first time.
class Outbox {
 public:
  struct Listener {
    std::function<void(const Outgoing&, std::uint64_t seq)> on_sent;
    std::function<void(const Outgoing&)> on_refused;
    std::function<void(const std::string& room)> on_gap;  // others wrote in between: read the range
  };

  Outbox(Connection& connection, Cache& cache, RoomLog& log, Timers& timers, const Env& env,
         Listener listener);

  // `params` without room and id. Returns the id.
  std::string add(const std::string& method, const std::string& room, json params);
  // Sends the next one, if there is a connection that is in step.
  void go();
  // No more until the next `go()`.
  void stop() { is_open_ = false; }
  // Refused ones are tried once more, under the same ids.
  void retry_refused();
  // Refused ones are given up.
  void discard_refused();

 private:
  void send_next();
  void on_answer(const Outgoing& out, const Answer& answer);
  void take_answer(const Outgoing& out, const json& result);

  Connection& connection_;
  Cache& cache_;
  RoomLog& log_;
  Timers& timers_;
  const Listener listener_;
  MsgIdMaker ids_;
  bool is_open_ = false;
  bool is_sending_ = false;
};

}  // namespace client
