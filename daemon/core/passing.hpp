#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/wire/methods/people.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

// What servers tell each other once and keep nowhere: the newest wins, and whatever is lost on the
// way is told again, or missed by nobody. Values.
namespace chatd::core {

// Of one lease, and of the answer to it: with all who are hidden from, it fits into a frame.
inline constexpr std::size_t kMaxLeaseUsers = 100;
// People of one server whom one person blocks. Who blocks more is shown to nobody there.
inline constexpr std::size_t kMaxHiddenFrom = 16;
// A lease holds for so long, unless it is asked for again.
inline constexpr Millis kLeaseHolds{10 * 60'000};

// Please tell me how these users of yours are, from now on until the lease lapses.
struct PresenceLease {
  struct Wish {
    UserId user;
    RoomId room;  // which both are in; zeros: somebody here is their contact
  };
  std::uint64_t number = 0;  // at least 1
  std::vector<Wish> wishes;
};

// How users of the server that says it are. Who is not in the answer to a lease can't be seen, or
// does not exist.
struct PresenceNews {
  struct Seen {
    UserId user;
    wire::PresenceState state = wire::PresenceState::offline;
    TimeMs last_seen = 0;             // 0: not told
    std::vector<UserId> hidden_from;  // of the other server
    bool operator==(const Seen&) const = default;
  };
  std::uint64_t answers = 0;  // the number of the lease; 0: a change
  std::vector<Seen> seen;
  std::vector<UserId> gone;  // in a change: who can't be seen any more
};

// Somebody who has joined the room types there, or has stopped.
struct Typing {
  RoomId room;
  UserId user;
  bool is_typing = true;
};
// They have read up to there.
struct ReadMark {
  RoomId room;
  UserId user;
  Seq seq = 0;  // at least 1
};

// What is this user of yours called?
struct ProfileQuestion {
  std::uint64_t number = 0;  // at least 1
  UserId user;
  RoomId room;  // which both are in; zeros: somebody here is their contact
};
struct ProfileAnswer {
  std::uint64_t number = 0;
  bool is_known = false;  // to the server that asks: else there may be nobody of that name
  std::string display_name;
  std::string status_text;
};

using Passing =
    std::variant<PresenceLease, PresenceNews, Typing, ReadMark, ProfileQuestion, ProfileAnswer>;

}  // namespace chatd::core
