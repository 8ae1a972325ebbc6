#pragma once

#include "connection.hpp"
#include "room_log.hpp"
#include "timers.hpp"
#include <functional>
#include <set>
#include <string>

namespace client {

// Keeps the cache in step with the server: asks `sync` what is new since the cursors it holds, and
// closes gaps with `history.get`. Live events only spare it the asking.
class Syncer {
 public:
  struct Listener {
    std::function<void()> on_in_step;  // after each `begin()`, once all that was new is here
    std::function<void(const json& profile)> on_profile;
    std::function<void(const json& contact)> on_contact;
    std::function<void(const Room& room, bool is_new)> on_room;
    std::function<void(const std::string& room)> on_gone;
  };

  Syncer(Connection& connection, Cache& cache, RoomLog& log, Timers& timers, Listener listener);

  // Whoever was away, or was told `sync.behind`, begins here. Again while under way: once more.
  void begin();
  // The connection is gone: forget what was under way.
  void stop();
  [[nodiscard]] bool is_in_step() const { return is_in_step_; }

  // A record came that does not follow the last one held: reads what lies between.
  void repair(const std::string& room, bool is_live);
  // Asks for a page before the records held; `on_done` gets how many came.
  void load_older(const std::string& room, std::function<void(std::size_t)> on_done);

  // What the event account.changed says, which is what sync says piece by piece.
  void take_change(const json& change);

 private:
  void ask(const std::string& after);
  void take_page(const json& page);
  void take_room(const json& delta);
  void take_gone(const std::string& room);
  Room take_summary(const json& summary);
  void ask_history(const std::string& room, bool is_live);
  void take_history(const std::string& room, const Answer& answer, bool is_live);
  void settle();

  Connection& connection_;
  Cache& cache_;
  RoomLog& log_;
  Timers& timers_;
  const Listener listener_;

  bool is_asking_ = false;
  bool is_again_wanted_ = false;
  bool is_in_step_ = false;
  json cursors_;         // as they were when this sync began: the same on all its pages
  std::string version_;  // likewise
  std::set<std::string> repairing_;
};

}  // namespace client
