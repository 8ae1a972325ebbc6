#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
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

  void take(Feed frame) { queue(frame.room, std::move(frame)); }
  void take(PreviewFrame frame) { queue(frame.preview.room, std::move(frame)); }
  // One ack a room.
  void flush();
  // The passing of time: what could not be taken is asked for again.
  void tick();
  // For what could not be taken.
  void ask_again();

  [[nodiscard]] const std::set<RoomId>& conflicts() const { return conflicts_; }

 private:
  struct Room {
    std::deque<std::variant<Feed, PreviewFrame>> waiting;
    std::size_t bytes = 0;  // of them
    bool is_busy = false;
    Monotonic asked{};   // when a range was asked for last; zero: what it asked for has come
    Monotonic ask_at{};  // when to ask for what could not be taken; zero: there is none
    Seq ask_for = 0;     // from here on
  };
  void queue(RoomId id, std::variant<Feed, PreviewFrame> frame);
  void go_on(const RoomId& id);
  // Gives it to the core; none: the frame is refused, or waits for a key.
  using Step = std::function<void()>;
  [[nodiscard]] Step step_of(const Feed& feed);
  [[nodiscard]] Step step_of(const PreviewFrame& frame);
  // Of records one after the other; nothing: the frame is refused. `hash` is that of the record
  // before, and then of the last.
  [[nodiscard]] std::optional<std::vector<wire::Record>> read(
      const RoomId& room, Seq first, Hash256& hash, const std::vector<std::string>& stored);
  [[nodiscard]] bool is_signed_by_hub(const BatchSignature& signature, Purpose purpose,
                                      std::string_view form);
  // What the hub has signed of this room now, to be given back to it if it ever lost it.
  [[nodiscard]] std::string proof_of(const Feed& feed, const RoomHead& head) const;
  [[nodiscard]] bool is_signed_by_origin(const wire::Record& record) const;
  void followed(const RoomId& id, Seq first, Seq last, const Result<core::Followed>& heads);
  void shown(const RoomId& id, const Result<core::Followed>& heads);
  // To be told with the next acks; the frame ended with `last`.
  void note(const RoomId& id, const core::Followed& heads, Seq last);
  void ask(const RoomId& id, Room& room, Seq first, Seq last);
  void tell_failure(const RoomId& id, Code code);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string hub_;
  // Loop only
  std::map<RoomId, Room> rooms_;
  std::map<RoomId, Seq> acks_;         // of this turn
  std::map<RoomId, RoomHead> aheads_;  // the same
  std::set<RoomId> conflicts_;
  bool is_looking_for_key_ = false;
  bool has_looked_for_key_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
