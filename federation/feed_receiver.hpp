#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chatd::federation {

// Takes what the hub of rooms sends of their logs: checks what is signed, gives it to the core in
// order, acks what is durable, and asks for what is missing. Owned by Session; loop only.
class FeedReceiver {
 public:
  FeedReceiver(Env& env, Channel& channel, std::string hub)
      : env_(env), channel_(channel), hub_(std::move(hub)) {}
  FeedReceiver(const FeedReceiver&) = delete;
  FeedReceiver& operator=(const FeedReceiver&) = delete;

  void take(Feed frame);
  // One ack a room.
  void flush();
  // The passing of time: what could not be taken is asked for again.
  void tick();

  [[nodiscard]] const std::set<RoomId>& conflicts() const { return conflicts_; }

 private:
  struct Room {
    std::deque<Feed> waiting;
    std::size_t bytes = 0;  // of them
    bool is_busy = false;
    Monotonic asked{};   // when a range was asked for last; zero: what it asked for has come
    Monotonic ask_at{};  // when to ask for what could not be taken; zero: there is none
    Seq ask_for = 0;     // from here on
  };
  void go_on(const RoomId& id);
  // Nothing: the frame is refused, or waits for a key.
  [[nodiscard]] std::optional<std::vector<wire::Record>> read(const Feed& feed);
  [[nodiscard]] bool is_signed_by_hub(const Feed& feed, const wire::Record& last);
  [[nodiscard]] bool is_signed_by_origin(const wire::Record& record) const;
  void followed(const RoomId& id, Seq first, Seq last, const Result<Seq>& head);
  void ask(const RoomId& id, Room& room, Seq first, Seq last);
  void tell_failure(const RoomId& id, Code code);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string hub_;
  // Loop only
  std::map<RoomId, Room> rooms_;
  std::map<RoomId, Seq> acks_;  // of this turn
  std::set<RoomId> conflicts_;
  bool is_looking_for_key_ = false;
  bool has_looked_for_key_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
