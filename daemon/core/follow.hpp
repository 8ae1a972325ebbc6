#pragma once

#include "daemon/core/context.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/wire/record.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// What the parts of following a room share: the hub decides what becomes a record, and here is what
// each of them leaves behind.
namespace chatd::core {

// What is to be told once all is on disk.
struct News {
  std::vector<UserId> seats;  // of the room's entry
  struct Settled {
    UserId user;
    std::uint64_t entry;
    std::optional<Asker> asker;                // who alone is told
    std::optional<wire::SendAnswer> record{};  // nullopt: it is not here
  };
  std::vector<Settled> settled;
};
// Waits until what was taken of the room so far is on disk, with its log, and tells of it. How far
// both are then.
[[nodiscard]] Task<Result<Followed>> tell_when_durable(Context& core, RoomId id,
                                                       std::shared_ptr<News> news);

// What need not wait goes on within the call that it follows: so many records deep at most, since
// not every build makes tail calls of that.
inline constexpr Seq kBetweenWaits = 32;

// Whether this server's users are in the room, or asked its hub to be let in.
[[nodiscard]] bool is_wanted(const Context& core, const std::string& hub, const RoomId& id,
                             const Room* room);

// The accounts of ours among these, in memory from now on until the next wait.
[[nodiscard]] Task<Status> load_ours(Context& core, std::vector<UserId> users);
// What the redaction of `target` takes from the disk, once `last` is there.
[[nodiscard]] Task<Result<std::vector<Write>>> erased_by(Context& core, RoomId room, Seq target,
                                                         Ticket last);
// Whose rows change with a record that comes next.
[[nodiscard]] std::vector<UserId> concerned(const Room& room, const wire::Record& record);
// The accounts' sides of a record that was just collected: of those that are concerned and ours,
// and as far as no later record that `room` knows says otherwise. `ousted`: Room::ousted_by, before
// it.
void take_effect(Context& core, const Room& room, const wire::Record& record,
                 const std::vector<UserId>& ousted, News& news);
// What was handed in has become this record; or one that is not here.
void settle_said(Context& core, const wire::Record& record, News& news);
void settle_entry(Context& core, const UserId& user, std::uint64_t entry,
                  const wire::Record* record, News& news);

// The log's next records, as far as these are: of a room in preview, whose users see nothing of it.
// They are taken out of `records`, with those that are known. Where the log comes up to the room's
// head, the preview is over. `conflict`: it does not say what the hub has shown.
[[nodiscard]] Task<Status> back_fill(Context& core, std::string hub, RoomId id,
                                     std::shared_ptr<std::vector<wire::Record>> records,
                                     std::shared_ptr<News> news);

}  // namespace chatd::core
