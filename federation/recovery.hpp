#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <cstddef>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::federation {

// One of two servers was put back from a backup: what it had numbered as the hub, and fed, and lost
// its followers give back. A follower whose log is longer than the hub's sends the hub's own
// signature of where it ends; so nobody can give back what was never there. The hub looks through
// all that is missing before it writes any of it, since only the last record's hash is signed. Both
// sides of that, on one link. Owned by Session; loop only.
class Recovery {
 public:
  Recovery(Env& env, Channel& channel, std::string peer)
      : env_(env), channel_(channel), peer_(std::move(peer)) {}
  Recovery(const Recovery&) = delete;
  Recovery& operator=(const Recovery&) = delete;

  // As the hub: the follower says that it has more of this room.
  void expect(const RoomHead& theirs);
  // As the follower: the hub has less of this room.
  void offer(const RoomId& room);
  // Both have said how far they are.
  void compared();

  void take(const Proof& frame);
  void take(Recalled frame);
  void take(const RangeRequest& frame);
  // The other side says so about a proof or a range; false: it is about nothing here.
  bool take(const Failure& frame);
  void tick();

  // Rooms whose log there is another one from some record on.
  [[nodiscard]] const std::set<RoomId>& conflicts() const { return conflicts_; }

 private:
  struct Mark {
    Seq seq = 0;
    Hash256 hash{};
  };
  // A room's records that come back.
  struct Return {
    RoomHead proven;              // the last one
    Mark here;                    // where the log ended here
    Mark at;                      // all up to here was looked through, or is written
    std::map<Seq, Hash256> ends;  // of the pages that were looked through
    bool is_proven = false;       // all of them: now they are written
    bool is_busy = false;         // the core has some of them
    bool is_running = false;
    Monotonic asked{};
  };
  struct Claim {
    Seq seq = 0;
    Monotonic until;
  };
  [[nodiscard]] bool is_own(const Proof& proof) const;
  void begin(const RoomHead& proven, const core::SharedRoom& here);
  void run_next();
  void ask(const RoomId& id, Return& room);
  // The records with their hashes; nothing: the frame is refused.
  [[nodiscard]] std::optional<std::vector<wire::Record>> read(const Recalled& frame,
                                                              const Return& room);
  void look_through(const RoomId& id, Return& room, const wire::Record& last);
  void write(const RoomId& id, Return& room, std::vector<wire::Record> records);
  void written(const RoomId& id, const Mark& upto, const Result<core::Followed>& heads);
  void finish(const RoomId& id);
  void check_claim(const RoomId& id, const Claim& claim);
  void note_conflict(const RoomId& id, std::string_view why);
  void offer_next();

  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string peer_;
  // Loop only
  std::map<RoomId, Claim> claims_;  // not proven yet
  std::map<RoomId, Return> returns_;
  std::size_t running_ = 0;
  std::map<RoomId, Seq> offered_;  // what this side may give back, up to there
  std::deque<RoomId> to_offer_;
  bool is_offering_ = false;
  std::set<RoomId> giving_;  // pages that are being read
  std::set<RoomId> conflicts_;
  Monotonic heard_at_{};  // when all is there that it offers by itself; zero: it was
  Lifeline lifeline_;
};

}  // namespace chatd::federation
