#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <algorithm>
#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chatd::federation {

// Brings the logs of this server's rooms to one that follows them, on one link: what is new at
// once, where it has all before; what it missed page by page, the rooms in turn, so that no backlog
// delays another room. What is on its way is bounded for each room and for the link. Owned by
// Session; loop only.
//
// A server that is new to a large room is shown it first. While its log is on its way, a second one
// of these brings it what comes after that: ahead of the log.
class FeedSender {
 public:
  enum class Part : bool { log, ahead };
  FeedSender(Env& env, Channel& channel, std::string follower, Part part)
      : env_(env), channel_(channel), follower_(std::move(follower)), part_(part) {}
  FeedSender(const FeedSender&) = delete;
  FeedSender& operator=(const FeedSender&) = delete;

  // A room that the follower shares, and where its log ends.
  void share(const core::SharedRoom& room, Seq has, const Hash256& has_hash);
  // All that it shares is told: of any other room it has nothing.
  void be_ready();
  // A new record is durable.
  void stored(const wire::Record& record);
  // Nothing of the room is brought any more.
  void forget(const RoomId& room);

  // A room that is brought, as share() wants it.
  [[nodiscard]] std::optional<core::SharedRoom> shared(const RoomId& room) const;

  void take(const Ack& frame);
  void take(const RangeRequest& frame);
  // The follower says so about a feed.
  void take(const Failure& frame);

  // Sends what this turn brought, then backlog.
  void flush();
  // Sends again what the follower did not ack for long: it may not have been able to write it.
  void tick();

  [[nodiscard]] bool feeds(const RoomId& room) const { return rooms_.contains(room); }
  [[nodiscard]] std::size_t rooms() const { return rooms_.size(); }
  // How far the follower has a room, as far as it said.
  [[nodiscard]] std::optional<Seq> acked(const RoomId& room) const {
    const auto found = rooms_.find(room);
    if (found == rooms_.end() || !found->second.is_known) return std::nullopt;
    return std::max(found->second.acked.seq, found->second.skip_to);
  }
  // Rooms whose log at the follower is another one.
  [[nodiscard]] const std::set<RoomId>& conflicts() const { return conflicts_; }

 private:
  struct Mark {
    Seq seq = 0;
    Hash256 hash{};
    std::size_t bytes = 0;
  };
  struct Room {
    Seq head = 0;  // the newest durable record here
    Hash256 head_hash{};
    Term term = 0;
    Seq until = 0;    // the follower may have what is up to here; 0: all
    Mark acked;       // it has all up to here
    Mark sent;        // all up to here is on its way
    Seq skip_to = 0;  // it has all up to here too, but the hash there is not known yet
    std::deque<Mark> on_their_way;
    std::size_t bytes = 0;    // of on_their_way
    Monotonic moved_at{};     // when on_their_way began, or an ack came last
    bool is_known = false;    // where its log ends
    bool is_reading = false;  // its records or its state
    bool is_stopped = false;
    bool may_have_left = false;     // its last user, with a record up to `head`
    std::vector<std::string> live;  // to be sent at the end of the turn, the last of them `sent`
    Mark before_live;
    [[nodiscard]] Seq last() const { return until != 0 && until < head ? until : head; }
    [[nodiscard]] bool is_behind() const {
      return is_known && !is_stopped && !is_reading && sent.seq < last();
    }
  };
  void start(const RoomId& id, Room& room, Seq has, const Hash256& has_hash);
  // Where it has nothing and there is much.
  [[nodiscard]] bool shows_first(const Room& room) const;
  void show(const RoomId& id, Room& room);
  void send(core::ShownPreview preview);
  void queue(const RoomId& id, const Room& room);
  void note_sent(const RoomId& id, Room& room, const Mark& mark);
  void send(const RoomId& id, Room& room, const Mark& before, std::vector<std::string> stored);
  void send_live(const RoomId& id, Room& room);
  void read(const RoomId& id, Room& room);
  void take_page(const RoomId& id, const Mark& before, Result<std::vector<std::string>> page);
  void send_page(const RoomId& id, Room& room, std::vector<std::string> page);
  void stop(const RoomId& id, Room& room, std::string_view why);
  void rewind(const RoomId& id, Room& room, Seq has);

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string follower_;
  Part part_;
  // Loop only
  std::map<RoomId, Room> rooms_;
  std::set<RoomId> live_;        // rooms with records to be sent at the end of the turn
  std::deque<RoomId> backlog_;   // rooms in turn
  std::set<RoomId> in_backlog_;  // the same
  std::set<RoomId> unacked_;     // rooms with something on its way
  std::set<RoomId> conflicts_;
  std::size_t bytes_ = 0;  // on their way, of all rooms
  std::size_t reads_ = 0;
  bool is_ready_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
