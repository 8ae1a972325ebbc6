#include "daemon/core/context.hpp"

#include "daemon/core/fanout.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

// A thousand rooms' newest page.
constexpr std::size_t kRecentBytes = 24 * 1024 * 1024;
// Rooms whose logs are being fetched at the same time.
constexpr std::size_t kLogsInMemory = 256;

}  // namespace

Context::Context(const Ports& ports, Settings initial)
    : settings(std::move(initial)),
      clock(ports.clock),
      random(ports.random),
      store(ports.store),
      clients(ports.clients),
      auth(ports.auth),
      hooks(ports.hooks),
      methods(ports.methods),
      admin(ports.admin),
      timers(ports.clock),
      committer(ports.store, ports.clock),
      rooms(settings.rooms_in_memory, [this](RoomId id) { return fetch_room(store, id); }),
      logs(kLogsInMemory, [this](RoomId id) { return fetch_log(store, id); }),
      users(settings.users_in_memory,
            [this](UserId id) { return fetch_user(store, std::move(id)); }),
      recent(kRecentBytes),
      rates(ports.clock),
      presence(*this),
      leases(*this),
      remote_presence(*this),
      remote_profiles(*this),
      waiting_notices(*this) {
  committer.listen(
      [this](const wire::Record& record, SessionId from) { fan_out(*this, record, from); },
      [this] {
        rooms.drop_all();
        logs.drop_all();
        users.drop_all();
        recent.clear();
      });
}

namespace {

Ticket collect(Context& core, std::vector<Write> writes) {
  Ticket ticket = core.committer.completed();
  for (Write& write : writes) ticket = core.committer.add(std::move(write));
  return ticket;
}

}  // namespace

Committer::Awaiter commit(Context& core, std::vector<Write> writes) {
  return core.committer.committed(collect(core, std::move(writes)));
}

Committer::Awaiter commit(Context& core, User& user, std::vector<Write> writes) {
  // Where nothing was written, what is on its way for this account is waited for.
  user.last_ticket = std::max(user.last_ticket, collect(core, std::move(writes)));
  return core.committer.committed(user.last_ticket);
}

Task<Result<User*>> settled_user(Context& core, UserId id) {
  while (true) {
    auto user = co_await core.users.load(id);
    if (!user) co_return fail(std::move(user).error());
    const Ticket last = (*user)->last_ticket;
    if (last <= core.committer.completed()) co_return *user;
    // Should it fail, the account is read again as it was before.
    static_cast<void>(co_await core.committer.committed(last));
  }
}

Task<Result<Room*>> settled_room(Context& core, Rooms& among, RoomId id) {
  while (true) {
    auto room = co_await among.load(id);
    if (!room) co_return fail(std::move(room).error());
    const Ticket last = (*room)->last_ticket;
    if (last <= core.committer.completed()) co_return *room;
    static_cast<void>(co_await core.committer.committed(last));
  }
}

}  // namespace chatd::core
