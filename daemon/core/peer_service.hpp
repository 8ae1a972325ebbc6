#pragma once

#include "daemon/core/outbox.hpp"
#include "daemon/core/passing.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/core/recovery.hpp"
#include "daemon/wire/methods/room.hpp"
#include "daemon/wire/record.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::core {

struct Context;

// Of what was handed in: nothing happened, or it is not known; handed in again it gets its number.
[[nodiscard]] constexpr bool is_worth_retrying(Code code) {
  return code == Code::unavailable || code == Code::rate_limited || code == Code::read_only ||
         code == Code::internal || code == Code::timeout;
}

// A room that this server and another one both have, and how far it is here.
struct SharedRoom {
  RoomId room;
  bool is_hub = false;  // this server feeds it; else the other one does
  Term term = 0;
  Seq head = 0;  // durable
  Hash256 head_hash{};
  Seq until = 0;           // the other one may have what is up to here; 0: all
  bool has_moved = false;  // another server was its hub before
  // While the log is being fetched from the hub: the newest record here, ahead of it; 0: none.
  Seq ahead = 0;
  Hash256 ahead_hash{};
};

// How far a room that is followed is here; what is ahead of the log as in SharedRoom.
struct Followed {
  Seq log = 0;
  Seq ahead = 0;
  Hash256 ahead_hash{};
  Term ahead_term = 0;
};

// What the hub of a large room shows of it before its log is there: with the room's state and its
// newest records its users are in it at once.
struct ShownPreview {
  RoomId room;
  std::string state;   // Room::state()
  std::string create;  // record 1, as it is stored
  Seq first = 0;       // of the newest records
  Hash256 prev_hash{};
  std::vector<std::string> newest;  // as they are stored
};
// The same, read: prev_hash is set in the newest records.
struct GivenPreview {
  std::string state;
  wire::Record create;
  std::vector<wire::Record> newest;
  std::string signature;  // the hub's, of the state: to be shown if it was a lie
};

// What a server must be told about a user of its own: in a room that it does not follow, that they
// are invited to it, or no longer; without a room, that `by` asks to be a contact (invited), agrees
// (joined), or wants it no more (left). Or, about no user, that a message is erased which it has
// from when it followed the room. It stands in the store until that server says that it knows.
struct Notice {
  RoomId room;  // zeros: about being contacts
  Seq seq = 0;  // of the record that says so; about contacts a number that grows
  UserId user;
  wire::Membership membership = wire::Membership::invited;
  UserId by;
  TimeMs time = 0;
  Seq erased = 0;        // the message: membership is none, user and by are empty
  std::string server{};  // that has it
  // Who is told.
  [[nodiscard]] std::string_view to() const { return erased != 0 ? server : user.server(); }
};

// What the core does for other servers. Federation calls it, after it proved who they are; each
// `done` is called once, on the loop, maybe from within. Owned by the core.
class PeerService {
 public:
  template <class T>
  using Done = std::function<void(Result<T>)>;

  explicit PeerService(Context& core) : core_(core) {}

  // What plugins say to a link with `peer`, which is dialled (no address) or came from `address`.
  void may_link(std::string peer, std::string address, std::function<void(Status)> done);

  // As the hub. Appends what a user of `peer` said: the draft's sender is theirs, its origin and
  // origin_signature are set and the signature was checked. Answers with the number once it is
  // durable; handed in again, with the same one. An error is final unless is_worth_retrying(). A
  // draft of kind create founds the 1:1 room of two users (direct_room.hpp).
  void submit(std::string peer, Draft draft, Done<Seq> done);

  // As a follower. `hub` has these records of a room, one after the other; prev_hash is set in
  // each. They go on where the log ends, or where the room does of which the log is still being
  // fetched; what is here already is ignored. Answers with the durable heads: smaller than the last
  // record's seq where there is a gap before the first. `forbidden`: this server wants nothing of
  // that room from it; `timeout`: it may be the hub by now, but the one known here has not said so;
  // `conflict`: they can't follow what is here, the two logs differ. `proof` is
  // what federation wants to be kept with the last of them, in place of the one before.
  void follow(std::string hub, std::vector<wire::Record> records, std::string proof,
              Done<Followed> done);
  // What was kept so; empty: nothing.
  void proof(RoomId room, Done<std::string> done);
  // `hub` shows a room that nobody here is in yet, or nobody any more. Answers and errors as above.
  void take_preview(std::string hub, GivenPreview given, Done<Followed> done);
  // `hub` says so about one of ours. Answered when it is on disk, whatever comes of it; an error:
  // it is to be told again, since what was before it is still on its way.
  void take_notice(std::string hub, Notice notice, std::function<void(Status)> done);

  // The outbox: what our users said in rooms whose hub this is, in order.
  [[nodiscard]] const Outbox::Entries& outbox(const std::string& hub) const;
  // This is about to be sent to the hub, which may take it whatever comes back.
  void handed_in(const std::string& hub, std::uint64_t entry);
  // The hub's final answers. What was accepted stays in the outbox until its record is here.
  void accepted(const std::string& hub, std::uint64_t entry, Seq seq);
  void refused(const std::string& hub, std::uint64_t entry, const Error& why);

  // After a backup was put back (recovery.hpp). It was, for the epoch-th time: now is waited for
  // those that were not heard yet; or no longer.
  void restored(std::uint64_t epoch);
  void go_on();
  [[nodiscard]] const Recovery& recovery() const;
  // `peer` has said how far it has the rooms that are shared with it.
  void heard(const std::string& peer);
  // `peer` says that it has this room up to `seq`, or has proven it: that is waited for; or no
  // longer.
  void claimed(const std::string& peer, const RoomId& room, Seq seq);
  void proven(const std::string& peer, const RoomId& room, Seq seq);
  void give_up(const RoomId& room);
  // Where a room's log ends here, durable; seq 0: there is none.
  void head(RoomId room, Done<SharedRoom> done);
  // Records that this server numbered as the hub and lost, one after the other, as follow() takes
  // them: that they are its own was proven. They are appended as they were.
  void recover(std::vector<wire::Record> records, Done<Followed> done);

  // Moving a room (hub_move.hpp). As a follower: whether this server would be the hub of a room of
  // `hub` that ends there; `timeout`: not yet, it has not all of it.
  void may_take_over(std::string hub, SharedRoom head, std::function<void(Status)> done);
  // `from` says that another server is the hub of this room now.
  void moved(std::string from, RoomId room, std::string to);
  // Which other server is the hub of this room, as far as it is known at once; empty: none.
  [[nodiscard]] std::string moved_to(const RoomId& room) const;

  // The servers with which a room is shared, or for which something waits: who is to be reached at
  // the start.
  void peers(Done<std::vector<std::string>> done);
  // The rooms shared with `peer`, by id, beginning after `after`.
  void shared_rooms(std::string peer, RoomId after, std::size_t limit,
                    Done<std::vector<SharedRoom>> done);
  // Records of a room in their stored form, from `first` on: at least one, if there is one. That
  // the peer may have them is for the caller to know.
  void read(RoomId room, Seq first, Seq last, std::size_t max_bytes,
            Done<std::vector<std::string>> done);
  // What `peer`, whose users are new to a room, is shown of it: at most so much of the newest
  // records. `not_found` where it is to follow the room from its beginning.
  void preview(std::string peer, RoomId room, std::size_t max_bytes, Done<ShownPreview> done);
  // `peer` has a room up to here, or wants no more of it: what its users left by then is shared no
  // longer.
  void unshare(std::string peer, RoomId room, Seq has);
  // What `peer` must be told, and that it knows.
  void notices(std::string peer, std::size_t limit, Done<std::vector<Notice>> done);
  void knows(const Notice& notice);
  void count_notices(const std::string& peer, std::function<void(std::size_t)> done);
  // What federation keeps of another server, as it wrote it, by the server's name; and all of it.
  void remember(const std::string& server, const std::string& bytes);
  void remembered(Done<std::vector<std::pair<std::string, std::string>>> done);
  // It can be reached again, or no longer (PeerPort::unreachable_since).
  void reachability_changed(const std::string& server);
  // There is a new link with it, on which both are ready, or none any more.
  void linked(const std::string& server);
  void unlinked(const std::string& server);
  // `peer` says so, now or never; that the users are whose they must be was checked.
  // `limit_reached`: more than may wait; `conflict`: an answer to what was not asked;
  // `invalid_params`: what can't be shown.
  [[nodiscard]] Status take(const std::string& peer, Passing what);

 private:
  Context& core_;
};

}  // namespace chatd::core
