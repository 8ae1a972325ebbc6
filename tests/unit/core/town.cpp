#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

template <class T>
T answered(World& world, const std::function<void(std::function<void(T)>)>& ask) {
  std::optional<T> answer;
  ask([&answer](T given) { answer.emplace(std::move(given)); });
  world.settle();
  if (!answer) FAIL("a call of the peer service was not answered");
  return std::move(*answer);
}

}  // namespace

Town::Town(std::vector<std::string> servers) {
  for (std::string& name : servers) {
    Settings settings = World::default_settings();
    settings.server_name = name;
    auto peers = std::make_unique<TestPeers>();
    auto world = std::make_unique<World>(settings, peers.get());
    servers_.push_back({std::move(name), std::move(peers), std::move(world)});
  }
}

void Town::settle() {
  bool has_moved = true;
  while (has_moved) {
    has_moved = false;
    for (Server& server : servers_) server.world->settle();
    if (is_cut_) return;
    for (std::size_t from = 0; from < servers_.size(); ++from)
      for (std::size_t to = 0; to < servers_.size(); ++to)
        if (from != to) has_moved = carry(from, to) || has_moved;
  }
}

void Town::cut() {
  is_cut_ = true;
  for (Server& server : servers_) {
    server.peers->cut_since = server.world->clock.wall_ms();
    server.peers->said.clear();
    for (const Server& other : servers_)
      if (&other != &server) server.world->core->peer_service().unlinked(other.name);
  }
}

void Town::mend() {
  is_cut_ = false;
  for (Server& server : servers_) server.peers->cut_since.reset();
  for (Server& server : servers_)
    for (const Server& other : servers_)
      if (&other != &server) server.world->core->peer_service().linked(other.name);
}

void Town::pass(Millis duration) {
  for (Server& server : servers_) server.world->pass(duration);
  settle();
}

void Town::restart(std::size_t i) { servers_.at(i).world->restart(); }

bool Town::carry(std::size_t from, std::size_t to) {
  const bool has_handed_in = carry_submits(from, to);
  const bool has_told = carry_notices(from, to);
  const bool has_fed = carry_feed(from, to);
  const bool has_passed = carry_passing(from, to);
  return has_handed_in || has_told || has_fed || has_passed;
}

bool Town::carry_submits(std::size_t from, std::size_t to) {
  const std::string& hub = servers_[to].name;
  bool has_moved = false;
  std::vector<Submission> waiting;
  for (const auto& [entry, each] : service(from).outbox(hub))
    if (each.accepted == 0) waiting.push_back(each);
  for (Submission& each : waiting) {
    service(from).handed_in(hub, each.entry);
    const auto seq = submit(to, servers_[from].name, signed_by(servers_[from].name, each.draft));
    if (seq)
      service(from).accepted(hub, each.entry, *seq);
    else if (is_worth_retrying(seq.error().code))
      break;
    else
      service(from).refused(hub, each.entry, seq.error());
    servers_[from].world->settle();
    has_moved = true;
  }
  return has_moved;
}

bool Town::carry_feed(std::size_t from, std::size_t to) {
  bool has_moved = false;
  if (holds_feeds_) return false;
  for (const SharedRoom& room : shared(from, servers_[to].name)) {
    if (!room.is_hub) continue;
    Cursor& cursor = cursors_[{{from, to}, room.room}];
    const Seq last = room.until == 0 ? room.head : room.until;
    std::vector<wire::Record> batch;
    for (wire::Record& record : records(from, room.room))
      if (record.seq > cursor.seq && record.seq <= last) batch.push_back(std::move(record));
    if (batch.empty()) continue;
    const auto head = follow(to, servers_[from].name, batch);
    if (!head && head.error().code == Code::forbidden)
      service(from).unshare(servers_[to].name, room.room, last);
    if (!head || *head <= cursor.seq) continue;
    cursor.seq = *head;
    has_moved = true;
    if (room.until != 0 && *head >= room.until)
      service(from).unshare(servers_[to].name, room.room, *head);
  }
  servers_[from].world->settle();
  return has_moved;
}

bool Town::carry_notices(std::size_t from, std::size_t to) {
  using Notices = Result<std::vector<Notice>>;
  World& world = *servers_[from].world;
  const auto notices = answered<Notices>(
      world, [&](auto done) { service(from).notices(servers_[to].name, 100, std::move(done)); });
  REQUIRE(notices.has_value());
  bool has_moved = false;
  for (const Notice& each : *notices) {
    if (!notice(to, servers_[from].name, each)) continue;  // it is told again
    service(from).knows(each);
    has_moved = true;
  }
  world.settle();
  return has_moved;
}

bool Town::carry_passing(std::size_t from, std::size_t to) {
  auto& said = servers_[from].peers->said;
  std::vector<Passing> passing;
  for (auto& [server, what] : said)
    if (server == servers_[to].name) passing.push_back(std::move(what));
  std::erase_if(said, [&](const auto& each) { return each.first == servers_[to].name; });
  for (Passing& what : passing)
    CHECK(pass_by(to, servers_[from].name, std::move(what)).has_value());
  return !passing.empty();
}

Result<Seq> Town::submit(std::size_t to, const std::string& peer, Draft draft) {
  return answered<Result<Seq>>(
      (*this)[to], [&](auto done) { service(to).submit(peer, std::move(draft), std::move(done)); });
}

Result<Seq> Town::follow(std::size_t to, const std::string& hub, std::vector<wire::Record> records,
                         std::string proof) {
  const auto heads = answered<Result<Followed>>((*this)[to], [&](auto done) {
    service(to).follow(hub, std::move(records), std::move(proof), std::move(done));
  });
  if (!heads) return fail(heads.error());
  return heads->log;
}

Result<ShownPreview> Town::preview(std::size_t of, const std::string& to, const RoomId& room) {
  return answered<Result<ShownPreview>>(
      (*this)[of], [&](auto done) { service(of).preview(to, room, 64 * 1024, std::move(done)); });
}

Result<Followed> Town::show(std::size_t to, const std::string& hub, const ShownPreview& preview) {
  GivenPreview given;
  given.state = preview.state;
  given.create = *wire::decode_stored(preview.room, 1, preview.create);
  Hash256 hash = preview.prev_hash;
  for (const std::string& stored : preview.newest) {
    const Seq seq = preview.first + given.newest.size();
    given.newest.push_back(*wire::decode_stored(preview.room, seq, stored));
    given.newest.back().prev_hash = hash;
    hash = wire::record_hash(given.newest.back());
  }
  return answered<Result<Followed>>((*this)[to], [&](auto done) {
    service(to).take_preview(hub, std::move(given), std::move(done));
  });
}

Status Town::notice(std::size_t to, const std::string& hub, const Notice& notice) {
  return answered<Status>(
      (*this)[to], [&](auto done) { service(to).take_notice(hub, notice, std::move(done)); });
}

Status Town::pass_by(std::size_t to, const std::string& peer, Passing what) {
  Status status = service(to).take(peer, std::move(what));
  (*this)[to].settle();
  return status;
}

std::vector<SharedRoom> Town::shared(std::size_t of, const std::string& with) {
  using Shared = Result<std::vector<SharedRoom>>;
  const auto rooms = answered<Shared>((*this)[of], [&](auto done) {
    service(of).shared_rooms(with, RoomId(), 1000, std::move(done));
  });
  REQUIRE(rooms.has_value());
  return *rooms;
}

std::vector<std::string> Town::log(std::size_t of, const RoomId& room) {
  using Stored = Result<std::vector<std::string>>;
  const auto stored = answered<Stored>((*this)[of], [&](auto done) {
    service(of).read(room, 1, 1'000'000, 100'000'000, std::move(done));
  });
  REQUIRE(stored.has_value());
  return *stored;
}

std::vector<wire::Record> Town::records(std::size_t of, const RoomId& room) {
  std::vector<wire::Record> records;
  Hash256 hash{};
  for (const std::string& stored : log(of, room)) {
    records.push_back(*wire::decode_stored(room, records.size() + 1, stored));
    records.back().prev_hash = hash;
    hash = wire::record_hash(records.back());
  }
  return records;
}

std::vector<wire::Record> Town::records(std::size_t of, const RoomId& room, Seq first) {
  auto all = records(of, room);
  all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first - 1));
  return all;
}

Draft signed_by(const std::string& server, Draft draft) {
  draft.origin = server;
  draft.origin_signature = std::string(wire::kMaxOriginSignatureBytes, 's');
  return draft;
}

wire::Record next_record(const std::vector<wire::Record>& log, const UserId& sender,
                         wire::RecordKind kind, std::string content) {
  const wire::Record& last = log.back();
  wire::Record record;
  record.room = last.room;
  record.seq = last.seq + 1;
  record.prev_hash = wire::record_hash(last);
  record.kind = kind;
  record.sender = sender;
  record.origin = std::string(sender.server());
  if (record.origin != log.front().origin)
    record.origin_signature = std::string(wire::kMaxOriginSignatureBytes, 's');
  record.time = last.time;
  record.ordinal = last.ordinal + (kind == wire::RecordKind::message ? 1 : 0);
  record.content = std::move(content);
  record.content_hash = blake2b_256(record.content);
  return record;
}

}  // namespace chatd::core
