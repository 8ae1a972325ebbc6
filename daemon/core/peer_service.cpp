#include "daemon/core/peer_service.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/overloaded.hpp"
#include "daemon/core/context.hpp"
#include "daemon/core/fanout.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "daemon/core/preview_rows.hpp"
#include "daemon/core/room_passing.hpp"
#include "daemon/core/settle.hpp"
#include "daemon/core/shares.hpp"

#include <set>
#include <utility>

namespace chatd::core {
namespace {

using Servers = std::vector<std::string>;
using Shared = std::vector<SharedRoom>;

constexpr std::size_t kRowsPerScan = 1000;
constexpr std::size_t kMaxServerBytes = 256;
constexpr std::size_t kReadRecords = 500;  // as many as a page of history holds

Task<Result<std::vector<KeyValue>>> scan(Context& core, std::string prefix, std::string after,
                                         std::size_t limit) {
  auto rows = co_await call<Result<std::vector<KeyValue>>>(
      [&](auto done) { core.store.scan(prefix, after, limit, std::move(done)); });
  co_return rows;
}

// The servers of rows that are ordered by server and begin with its name: one row of each.
Task<Status> add_servers(Context& core, std::string prefix,
                         std::shared_ptr<std::set<std::string>> to) {
  std::string after = prefix;
  while (true) {
    auto rows = co_await scan(core, prefix, after, 1);
    if (!rows) co_return fail(std::move(rows).error());
    if (rows->empty()) co_return Status();
    const auto& [key, value] = rows->front();
    CHATD_CO_TRY(const std::string_view server, ByteReader(value).blob(kMaxServerBytes));
    // Behind all rows of this server: no key is longer.
    after = prefix == keys::kShares ? keys::shares_of(server) : keys::notices_of(server);
    after.append(200 - after.size(), '\xff');
    to->emplace(server);
  }
}

Task<Result<Servers>> list_peers(Context& core) {
  const auto servers = std::make_shared<std::set<std::string>>();
  for (std::string& hub : core.outbox.hubs()) servers->insert(std::move(hub));
  auto status = co_await add_sharing_servers(core, servers);
  if (status) status = co_await add_servers(core, std::string(keys::kNotices), servers);
  if (!status) co_return fail(std::move(status).error());
  co_return Servers(servers->begin(), servers->end());
}

Task<Result<Shared>> list_shared(Context& core, std::string peer, RoomId after, std::size_t limit) {
  auto rows = co_await scan(core, keys::shares_of(peer), keys::share(peer, after), limit);
  if (!rows) co_return fail(std::move(rows).error());
  Shared shared;
  for (const auto& [key, value] : *rows) {
    CHATD_CO_TRY(const Share share, decode_share(value));
    CHATD_CO_TRY(const RoomId id,
                 RoomId::from_bytes(std::string_view(key).substr(keys::shares_of(peer).size())));
    auto room = co_await settled_room(core, core.rooms, id);
    if (!room) co_return fail(std::move(room).error());
    // Until they have the last record from here, followers of a room that has moved away are fed.
    SharedRoom here = shared_end(core, **room);
    here.is_hub |= share.until != 0;
    here.until = share.until;
    here.has_moved = (*room)->term() > 1;
    if ((*room)->preview) {
      here.ahead = std::exchange(here.head, 0);
      here.ahead_hash = std::exchange(here.head_hash, {});
      auto log = co_await settled_room(core, core.logs, id);
      if (!log && log.error().code != Code::not_found) co_return fail(std::move(log).error());
      if (log) here.head = (*log)->head();
      if (log) here.head_hash = (*log)->head_hash();
    }
    shared.push_back(here);
  }
  co_return shared;
}

Task<Result<std::vector<std::string>>> read_log(Context& core, Range range) {
  auto records = co_await call<Result<std::vector<StoredRecord>>>(
      [&](auto done) { core.store.read(range, std::move(done)); });
  if (!records) co_return fail(std::move(records).error());
  std::vector<std::string> stored;
  for (StoredRecord& record : *records) stored.push_back(std::move(record.bytes));
  co_return stored;
}

// The newest records from a mark on: as many as there are marks, in so many bytes. At least one.
Status cut_newest(const std::vector<Room::Mark>& marks, std::size_t max_bytes,
                  std::vector<StoredRecord> newest_first, ShownPreview& preview) {
  std::size_t bytes = 0;
  const Seq head = newest_first.empty() ? 0 : newest_first.front().seq;
  std::size_t fits = 0;
  while (fits < newest_first.size() && bytes + newest_first[fits].bytes.size() <= max_bytes)
    bytes += newest_first[fits++].bytes.size();
  for (const Room::Mark& mark : marks) {
    if (mark.seq >= head || head - mark.seq > fits) continue;
    newest_first.resize(head - mark.seq);
    for (auto record = newest_first.rbegin(); record != newest_first.rend(); ++record)
      preview.newest.push_back(std::move(record->bytes));
    preview.first = mark.seq + 1;
    preview.prev_hash = mark.hash;
    return {};
  }
  return fail(Code::not_found, "the room's newest records are too large to be shown");
}

Task<Result<ShownPreview>> make_preview(Context& core, std::string peer, RoomId id,
                                        std::size_t max_bytes) {
  auto room = co_await settled_room(core, core.rooms, id);
  if (!room) co_return fail(std::move(room).error());
  if ((*room)->is_direct() || (*room)->marks().empty() || !(*room)->has_joined_from(peer) ||
      is_elsewhere(core, **room))
    co_return fail(Code::not_found, "the room is not one that is shown");
  ShownPreview preview{id, (*room)->state(), {}, 0, {}, {}};
  const std::vector<Room::Mark> marks = (*room)->marks();
  const Range newest{id, marks.front().seq + 1, (*room)->head(), kReadRecords, max_bytes, true};
  auto create = co_await read_stored(core, Range{id, 1, 1, 1, 1, false});
  if (!create) co_return fail(std::move(create).error());
  auto page = co_await read_stored(core, newest);
  if (!page) co_return fail(std::move(page).error());
  if (create->empty()) co_return fail(Code::internal, "the room has no beginning");
  preview.create = std::move(create->front().bytes);
  CHATD_CO_CHECK(cut_newest(marks, max_bytes, *std::move(page), preview));
  co_return preview;
}

Task<void> end_share(Context& core, std::string peer, RoomId id, Seq has) {
  const std::string key = keys::share(peer, id);
  auto settled = co_await settled_room(core, core.rooms, id);
  if (!settled) co_return;
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(key, std::move(done)); });
  if (!row || !*row) co_return;
  const auto share = decode_share(**row);
  const Room* const room = core.rooms.find(id);
  if (!share || share->until > has || room == nullptr) co_return;
  if (is_elsewhere(core, *room)) {
    if (share->until == 0) co_return;  // this server follows it
    if (room->hub() == peer && room->has_joined_from(core.settings.server_name))
      co_return void(core.committer.add(Put{key, encode_share({peer, 0})}));
  } else if (room->has_joined_from(peer) || room->parted_at(peer) > has) {
    // Whoever came or went meanwhile, or is about to be fed that they did, is heard of anew.
    co_return;
  }
  core.committer.add(Delete{key});
}

// What was read a moment ago may be over: that it is, is on its way to the disk.
bool is_over(Context& core, const Notice& notice) {
  if (notice.erased != 0) return false;
  const Room* const room = notice.room.empty() ? nullptr : core.rooms.find(notice.room);
  // Where the room has moved away nothing deletes it but its answer.
  if (room == nullptr || is_elsewhere(core, *room)) return false;
  const bool has_seat = membership::has_seat(*room, notice.user);
  return has_seat != (notice.membership == wire::Membership::invited);
}

Task<Result<std::vector<Notice>>> list_notices(Context& core, std::string peer, std::size_t limit) {
  const std::string prefix = keys::notices_of(peer);
  auto rows = co_await scan(core, prefix, prefix, limit);
  if (!rows) co_return fail(std::move(rows).error());
  std::vector<Notice> notices;
  for (const auto& [key, value] : *rows) {
    CHATD_CO_TRY(Notice notice, decode_notice(value));
    if (!is_over(core, notice)) notices.push_back(std::move(notice));
  }
  co_return notices;
}

// The newest change on its way to the disk of what the notice is about; nullopt: not in memory.
std::optional<Ticket> newest_change(Context& core, const Notice& notice) {
  if (notice.room.empty()) {
    const User* const user = core.users.find(notice.by);
    return user == nullptr ? std::nullopt : std::optional(user->last_ticket);
  }
  const Room* const room = core.rooms.find(notice.room);
  return room == nullptr ? std::nullopt : std::optional(room->last_ticket);
}

// What takes its place, and may be on its way to the disk, stays; where that is not sure, it is
// told once more.
Task<void> forget_notice(Context& core, Notice notice) {
  const std::string key = notice_key(notice);
  const auto turn = co_await core.turns.enter(key);  // another link may say the same
  if (notice.room.empty()) {
    auto user = co_await settled_user(core, notice.by);
    if (!user) co_return;
  } else {
    auto room = co_await settled_room(core, core.rooms, notice.room);
    if (!room) co_return;
  }
  const auto before = newest_change(core, notice);
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(key, std::move(done)); });
  if (!row || !*row || !before || newest_change(core, notice) != before) co_return;
  const auto now = decode_notice(**row);
  if (now && now->seq == notice.seq) co_await core.waiting_notices.erase_known(std::move(notice));
}

Task<void> count_and_answer(Context& core, std::string peer,
                            std::function<void(std::size_t)> done) {
  const std::size_t count = co_await core.waiting_notices.count(std::move(peer));
  done(count);
}

Task<void> settle_if_here(Context& core, std::string hub, std::uint64_t entry, Seq seq) {
  const auto& waiting = core.outbox.of_hub(hub);
  const auto found = waiting.find(entry);
  if (found == waiting.end()) co_return;
  const UserId user = found->second.draft.sender;
  const RoomId id = found->second.draft.room;
  const bool is_gone = says_leaving(found->second.draft);
  core.outbox.accepted(hub, entry, seq);
  // Mostly it is still to come, and is settled then.
  const Room* const log = core.rooms.find(id);
  if (log != nullptr && log->head() < seq && log->has_joined_from(core.settings.server_name))
    co_return;
  // What the hub showed or fed of the room before it answered comes first.
  const auto turn = co_await core.turns.enter(std::string(id.bytes()));
  auto room = co_await core.rooms.load(id);
  if (!room && room.error().code != Code::not_found) co_return;  // it is told again
  // Who declines an invitation to a room that is not followed gets no record of it.
  const bool is_followed = room && (*room)->has_joined_from(core.settings.server_name);
  const bool is_here = room && (*room)->durable >= seq;
  if (is_here || (!is_followed && is_gone)) static_cast<void>(co_await settle(core, user, entry));
}

using Remembered = std::vector<std::pair<std::string, std::string>>;

Task<Result<Remembered>> list_remembered(Context& core) {
  const std::string prefix(keys::kKnownServers);
  std::string after = prefix;
  Remembered all;
  while (true) {
    auto rows = co_await scan(core, prefix, after, kRowsPerScan);
    if (!rows) co_return fail(std::move(rows).error());
    for (const auto& [key, row] : *rows) {
      ByteReader in(row);
      CHATD_CO_TRY(const std::string_view server, in.blob(kMaxServerBytes));
      all.emplace_back(server, in.rest());
    }
    if (rows->size() < kRowsPerScan) co_return all;
    after = rows->back().first;
  }
}

template <class T>
Task<void> answer(Task<Result<T>> task, PeerService::Done<T> done) {
  auto result = co_await std::move(task);
  done(std::move(result));
}

}  // namespace

Task<Status> add_sharing_servers(Context& core, std::shared_ptr<std::set<std::string>> to) {
  auto status = co_await add_servers(core, std::string(keys::kShares), std::move(to));
  co_return status;
}

void PeerService::may_link(std::string peer, std::string address,
                           std::function<void(Status)> done) {
  if (!core_.hooks.wants_federation_peer_policy()) return done(Status());
  core_.hooks.federation_peer_policy(
      std::move(peer), std::move(address),
      [done = std::move(done)](const Verdict& verdict) { done(status_of(verdict)); });
}

const Outbox::Entries& PeerService::outbox(const std::string& hub) const {
  return core_.outbox.of_hub(hub);
}

void PeerService::handed_in(const std::string& hub, std::uint64_t entry) {
  core_.outbox.handed_in(hub, entry);
}

void PeerService::accepted(const std::string& hub, std::uint64_t entry, Seq seq) {
  core_.tasks.spawn(settle_if_here(core_, hub, entry, seq));
}

void PeerService::refused(const std::string& hub, std::uint64_t entry, const Error& why) {
  const auto& waiting = core_.outbox.of_hub(hub);
  const auto found = waiting.find(entry);
  if (found == waiting.end()) return;
  core_.tasks.spawn(refuse(core_, found->second.draft.sender, entry, why));
}

void PeerService::peers(Done<std::vector<std::string>> done) {
  core_.tasks.spawn(answer(list_peers(core_), std::move(done)));
}

void PeerService::shared_rooms(std::string peer, RoomId after, std::size_t limit,
                               Done<std::vector<SharedRoom>> done) {
  core_.tasks.spawn(answer(list_shared(core_, std::move(peer), after, limit), std::move(done)));
}

void PeerService::read(RoomId room, Seq first, Seq last, std::size_t max_bytes,
                       Done<std::vector<std::string>> done) {
  const Range range{room, first, last, kReadRecords, max_bytes, false};
  core_.tasks.spawn(answer(read_log(core_, range), std::move(done)));
}

void PeerService::preview(std::string peer, RoomId room, std::size_t max_bytes,
                          Done<ShownPreview> done) {
  core_.tasks.spawn(answer(make_preview(core_, std::move(peer), room, max_bytes), std::move(done)));
}

void PeerService::unshare(std::string peer, RoomId room, Seq has) {
  core_.tasks.spawn(end_share(core_, std::move(peer), room, has));
}

void PeerService::notices(std::string peer, std::size_t limit, Done<std::vector<Notice>> done) {
  core_.tasks.spawn(answer(list_notices(core_, std::move(peer), limit), std::move(done)));
}

void PeerService::knows(const Notice& notice) { core_.tasks.spawn(forget_notice(core_, notice)); }

void PeerService::count_notices(const std::string& peer, std::function<void(std::size_t)> done) {
  core_.tasks.spawn(count_and_answer(core_, peer, std::move(done)));
}

void PeerService::remember(const std::string& server, const std::string& bytes) {
  ByteWriter row;
  row.blob(server);
  row.raw(bytes);
  core_.committer.add(Put{keys::known_server(server), row.take()});
}

void PeerService::remembered(Done<Remembered> done) {
  core_.tasks.spawn(answer(list_remembered(core_), std::move(done)));
}

void PeerService::reachability_changed(const std::string& server) {
  const auto packet = event_packet(wire::HubEvent{server, core_.peers->unreachable_since(server)});
  std::set<UserId> users;
  for (const auto& [entry, submission] : core_.outbox.of_hub(server))
    users.insert(submission.draft.sender);
  for (const UserId& user : users) tell(core_, user, packet);
}

void PeerService::linked(const std::string& server) {
  core_.leases.end(server);  // of the link before
  core_.remote_presence.linked(server);
}

void PeerService::unlinked(const std::string& server) {
  core_.leases.end(server);
  keep_all(core_, server);
  core_.remote_presence.unlinked(server);
  core_.remote_profiles.unlinked(server);
}

Status PeerService::take(const std::string& peer, Passing what) {
  return std::visit(
      overloaded{
          [&](PresenceLease& lease) { return core_.leases.take(peer, std::move(lease)); },
          [&](PresenceNews& news) { return core_.remote_presence.take(peer, std::move(news)); },
          [&](ProfileQuestion& question) {
            core_.tasks.spawn(core_.remote_profiles.answer(peer, std::move(question)));
            return Status();
          },
          [&](ProfileAnswer& told) { return core_.remote_profiles.take(peer, std::move(told)); },
          [&](auto& in_room) {
            core_.tasks.spawn(take_in_room(core_, peer, std::move(in_room)));
            return Status();
          }},
      what);
}

}  // namespace chatd::core
