#include "daemon/core/recover.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/shares.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

// After a backup was put back: for whom is waited, and until when.
namespace chatd::core {
namespace {

// What people bear; who can't be reached for longer may be gone for good. What it has then that is
// not here is lost, and its copy of such a room is another log from there on.
constexpr Millis kWaitForOthers = std::chrono::hours(1);

// The life up to which all is recovered.
Task<Result<std::uint64_t>> recovered_epoch(Context& core) {
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(std::string(keys::kRecovered), std::move(done)); });
  if (!row) co_return fail(std::move(row).error());
  if (!*row) co_return std::uint64_t{0};
  co_return ByteReader(**row).u64();
}

// As long as this is not on disk, the next start waits again.
void finish(Context& core) {
  const std::uint64_t epoch = core.recovery.epoch();
  core.recovery.end();
  ByteWriter row;
  row.u64(epoch);
  core.committer.add(Put{std::string(keys::kRecovered), row.take()});
}

void finish_later(Context& core) {
  core.timers.after(kWaitForOthers, [&core, epoch = core.recovery.epoch()] {
    if (core.recovery.epoch() != epoch || core.recovery.is_finished()) return;
    log::warning("some servers were not heard after the backup was put back: goes on without them");
    finish(core);
  });
}

void begin(Context& core, std::uint64_t epoch) {
  log::warning("a backup was put back: rooms that other servers follow wait until these are heard",
               {{"epoch", epoch}});
  core.recovery.begin(epoch, core.clock.now() + kWaitForOthers);
  finish_later(core);
}

// Ends it where all have been heard with whom something is shared.
Task<void> finish_if_heard(Context& core) {
  const auto servers = std::make_shared<std::set<std::string>>();
  const Status listed = co_await add_sharing_servers(core, servers);
  const bool are_heard = std::all_of(servers->begin(), servers->end(), [&](const auto& server) {
    return core.recovery.has_heard(server);
  });
  if (!listed || !are_heard || core.recovery.is_finished()) co_return;
  log::info("all servers with which rooms are shared were heard");
  finish(core);
}

Task<void> give_head(Context& core, RoomId id, PeerService::Done<SharedRoom> done) {
  auto room = co_await settled_room(core, core.rooms, id);
  if (!room && room.error().code == Code::not_found) {
    SharedRoom none;
    none.room = id;
    none.is_hub = true;
    done(none);
  } else if (!room) {
    done(fail(std::move(room).error()));
  } else {
    done(shared_end(core, **room));
  }
}

Task<void> give_proof(Context& core, RoomId room, PeerService::Done<std::string> done) {
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto answer) { core.store.get(keys::proof(room), std::move(answer)); });
  if (!row)
    done(fail(std::move(row).error()));
  else
    done(std::move(*row).value_or(std::string()));
}

}  // namespace

Task<Status> begin_recovery(Context& core) {
  if (core.restore_epoch == 0) co_return Status();  // it never was
  auto recovered = co_await recovered_epoch(core);
  if (!recovered) co_return fail(std::move(recovered).error());
  if (core.restore_epoch > *recovered) begin(core, core.restore_epoch);
  co_return Status();
}

void PeerService::restored(std::uint64_t epoch) {
  core_.restore_epoch = epoch;
  begin(core_, epoch);
  core_.tasks.spawn(finish_if_heard(core_));
}

void PeerService::go_on() {
  if (!core_.recovery.is_finished()) finish(core_);
}

void PeerService::heard(const std::string& peer) {
  core_.recovery.heard(peer);
  if (!core_.recovery.is_finished()) core_.tasks.spawn(finish_if_heard(core_));
}

void PeerService::claimed(const std::string& peer, const RoomId& room, Seq seq) {
  core_.recovery.claim(peer, room, seq, core_.clock.now());
}

void PeerService::proven(const std::string& peer, const RoomId& room, Seq seq) {
  const Monotonic now = core_.clock.now();
  core_.recovery.proven(peer, room);
  core_.recovery.expect(room, seq, now, now + kWaitForOthers);
}

void PeerService::give_up(const RoomId& room) { core_.recovery.give_up(room); }

const Recovery& PeerService::recovery() const { return core_.recovery; }

void PeerService::head(RoomId room, Done<SharedRoom> done) {
  core_.tasks.spawn(give_head(core_, room, std::move(done)));
}

void PeerService::proof(RoomId room, Done<std::string> done) {
  core_.tasks.spawn(give_proof(core_, room, std::move(done)));
}

}  // namespace chatd::core
