#include "daemon/base/encoding.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/preview_rows.hpp"

#include <charconv>
#include <functional>
#include <optional>
#include <utility>

namespace chatd::core::commands {
namespace {

using wire::AdminMessageTraceAnswer;

constexpr std::size_t kKeyIdBytes = 32;  // a signature begins with the id of its key

// A number in the log, or else the name that a device gave.
struct Wanted {
  Seq seq = 0;
  ClientMsgId id;
};

Result<Wanted> parse_wanted(const std::string& text) {
  Wanted wanted;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), wanted.seq);
  if (error == std::errc() && end == text.data() + text.size() && wanted.seq > 0) return wanted;
  auto id = ClientMsgId::parse(text);
  if (!id)
    return fail(Code::invalid_params, "that is neither a number of a record nor a client_msg_id");
  return Wanted{0, *id};
}

Task<Result<std::optional<wire::Record>>> find_record_of(Context& core, RoomId room,
                                                         Wanted wanted) {
  auto known = co_await core.rooms.load(room);
  if (!known && known.error().code == Code::not_found) co_return std::optional<wire::Record>();
  if (!known) co_return fail(std::move(known).error());
  if (wanted.seq == 0) {
    std::function<bool(const wire::Record&)> has_name = [id = wanted.id](const auto& record) {
      return record.client_msg_id == id;  // by whichever device
    };
    auto found = co_await find_record(core.store, room, 1, (*known)->durable, std::move(has_name));
    co_return found;
  }
  if (wanted.seq > (*known)->durable) co_return std::optional<wire::Record>();
  auto record = co_await read_record(core, room, wanted.seq);
  if (!record) co_return fail(std::move(record).error());
  co_return std::optional(*std::move(record));
}

void describe(const wire::Record& record, AdminMessageTraceAnswer& answer) {
  answer.state = "stored";
  answer.kind = wire::name(record.kind);
  answer.sender = record.sender;
  answer.device = record.device;
  if (!record.client_msg_id.empty()) answer.client_msg_id = record.client_msg_id.text();
  answer.origin = record.origin;
  if (!record.origin_signature.empty())
    answer.origin_key = base64url(record.origin_signature.substr(0, kKeyIdBytes));
  answer.seq = record.seq;
  answer.term = record.term;
  answer.time = record.time;
  answer.is_erased = record.is_erased;
}

void describe(const Context& core, const Submission& submission, AdminMessageTraceAnswer& answer) {
  answer.outbox_entry = submission.entry;
  answer.outbox_since = submission.since;
  answer.hub = submission.hub;
  if (answer.seq) return;  // its record came while it was still there
  answer.state = submission.refused ? "refused" : submission.accepted != 0 ? "accepted" : "pending";
  answer.kind = wire::name(submission.draft.kind);
  answer.sender = submission.draft.sender;
  answer.device = submission.draft.device;
  answer.client_msg_id = submission.draft.client_msg_id.text();
  answer.origin = core.settings.server_name;
  if (submission.accepted != 0) answer.seq = submission.accepted;
  if (submission.refused) answer.refused = name(*submission.refused);
  if (!submission.refusal.empty()) answer.reason = submission.refusal;
}

Task<Status> find_eraser(Context& core, AdminMessageTraceAnswer& answer) {
  std::function<bool(const wire::Record&)> erases = [seq = *answer.seq](const auto& record) {
    return record.kind == wire::RecordKind::redact && record.target == seq;
  };
  const Room* const room = core.rooms.find(answer.room);
  if (room == nullptr) co_return Status();
  auto eraser = co_await find_record(core.store, answer.room, *answer.seq + 1, room->durable,
                                     std::move(erases));
  if (!eraser) co_return fail(std::move(eraser).error());
  if (*eraser) answer.erased_by = (*eraser)->seq;
  co_return Status();
}

wire::MessagePeer peer_of(const Context& core, const std::string& server,
                          const AdminMessageTraceAnswer& answer) {
  PeerProgress progress = core.peers->progress(server, answer.room);
  wire::MessagePeer peer;
  peer.server = server;
  peer.is_linked = progress.is_linked;
  peer.acked = progress.acked;
  if (progress.acked && answer.seq) peer.has_it = *progress.acked >= *answer.seq;
  if (progress.acked && answer.erased_by) peer.has_erased = *progress.acked >= *answer.erased_by;
  if (progress.waits) peer.waits = name(*progress.waits);
  peer.error = std::move(progress.error);
  return peer;
}

// One that has this message and has left: what it is still to be told stands in a row.
Task<Result<wire::MessagePeer>> left_peer(Context& core, std::string server, Room::Parted parted,
                                          const AdminMessageTraceAnswer& answer) {
  wire::MessagePeer peer = peer_of(core, server, answer);
  peer.has_left = true;
  if (!answer.erased_by || parted.hub != core.settings.server_name || peer.has_erased == true)
    co_return peer;
  const std::string row = *answer.erased_by > parted.until
                              ? keys::erasure(server, answer.room, *answer.seq)
                              : keys::share(server, answer.room);
  auto waiting = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(row, std::move(done)); });
  if (!waiting) co_return fail(std::move(waiting).error());
  peer.has_erased = !waiting->has_value();
  co_return peer;
}

// Where else the message is, or goes.
Task<Status> add_peers(Context& core, AdminMessageTraceAnswer& answer) {
  const Room* const room = core.rooms.find(answer.room);
  if (room != nullptr && !is_elsewhere(core, *room))
    for (const std::string& server : room->joined_servers())
      answer.peers.push_back(peer_of(core, server, answer));
  if (answer.hub != core.settings.server_name)
    answer.peers.push_back(peer_of(core, answer.hub, answer));
  if (room == nullptr || !answer.seq) co_return Status();
  const Room::PartedServers parted = room->parted();
  for (const auto& [server, left] : parted) {
    if (left.until < *answer.seq) continue;
    auto peer = co_await left_peer(core, server, left, answer);
    if (!peer) co_return fail(std::move(peer).error());
    answer.peers.push_back(*std::move(peer));
  }
  co_return Status();
}

std::vector<UserId> members_here(const Context& core, const Room& room) {
  std::vector<UserId> members;
  for (const auto& [user, state] : room.members())
    if (state.membership == wire::Membership::joined && is_ours(core, user))
      members.push_back(user);
  return members;
}

Task<wire::MessageReader> reader_of(Context& core, UserId member, RoomId room, Seq seq) {
  auto user = co_await core.users.load(member);
  const RoomEntry* const entry = user ? (*user)->room(room) : nullptr;
  wire::MessageReader reader;
  reader.user = member;
  reader.has_read = entry != nullptr && seq != 0 && entry->read_seq >= seq;
  reader.connections = static_cast<std::uint32_t>(core.sessions.of(member).size());
  co_return reader;
}

}  // namespace

Answered<wire::AdminMessageTrace> handle(Context& core, Caller, wire::AdminMessageTrace params) {
  CHATD_CO_TRY(const Wanted wanted, parse_wanted(params.message));
  AdminMessageTraceAnswer answer;
  answer.room = params.room;
  auto record = co_await find_record_of(core, params.room, wanted);
  if (!record) co_return fail(std::move(record).error());
  if (*record) describe(**record, answer);
  const ClientMsgId id = *record ? (*record)->client_msg_id : wanted.id;
  const Submission* const waiting = id.empty() ? nullptr : core.outbox.find(params.room, id);
  if (waiting != nullptr) describe(core, *waiting, answer);
  if (answer.state.empty()) co_return fail(Code::not_found, "there is no such message here");
  auto room = co_await core.rooms.load(params.room);
  if (room) {
    answer.hub = (*room)->hub();
    const std::vector<UserId> members = members_here(core, **room);
    Status status;
    if (answer.is_erased == true) status = co_await find_eraser(core, answer);
    if (!status) co_return fail(status.error());
    for (const UserId& member : members) {
      auto reader = co_await reader_of(core, member, params.room, answer.seq.value_or(0));
      answer.readers.push_back(std::move(reader));
    }
  }
  const Status found = co_await add_peers(core, answer);
  if (!found) co_return fail(found.error());
  co_return answer;
}

}  // namespace chatd::core::commands
