#include "federation/feed_sender.hpp"

#include "daemon/base/log.hpp"
#include "federation/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {

using wire::Record;

namespace {

// Each may make us read a window of records anew.
constexpr core::Rate kRangeRate{600, Millis{60'000}};

}  // namespace

void FeedSender::share(const core::SharedRoom& shared, Seq has, const Hash256& has_hash) {
  Room& room = rooms_[shared.room];
  if (shared.head >= room.head) {
    room.head = shared.head;
    room.head_hash = shared.head_hash;
    room.term = shared.term;
    room.until = shared.until;
    room.may_have_left = shared.until != 0;
  }
  if (!room.is_known) start(shared.room, room, has, has_hash);
}

void FeedSender::be_ready() {
  is_ready_ = true;
  for (auto& [id, room] : rooms_)
    if (!room.is_known) start(id, room, 0, {});
}

void FeedSender::start(const RoomId& id, Room& room, Seq has, const Hash256& has_hash) {
  room.is_known = true;
  room.acked = room.sent = {has, has_hash, 0};
  if (room.until == 0 && has > room.head)
    return;  // from there on, once this server has it again (recovery.hpp)
  if (has == room.head && has_hash != room.head_hash)
    return stop(id, room, "its log there is not the one here");
  take(Ack{id, has});  // what it may have it may have already
  if (shows_first(room)) return show(id, room);
  queue(id, room);
}

bool FeedSender::shows_first(const Room& room) const {
  return part_ == Part::log && room.sent.seq == 0 && room.skip_to == 0 && room.until == 0 &&
         room.head > env_.settings.preview_from;
}

void FeedSender::show(const RoomId& id, Room& room) {
  room.is_reading = true;
  ++reads_;
  env_.service.preview(follower_, id, kPreviewBytes,
                       lifeline_.guard([this, id](Result<core::ShownPreview> preview) {
                         --reads_;
                         Room& shown = rooms_[id];
                         shown.is_reading = false;
                         if (preview && !shown.is_stopped) send(*std::move(preview));
                         queue(id, shown);
                       }));
}

void FeedSender::send(core::ShownPreview preview) {
  const KeyPair* const key = env_.identity.signer(env_.clock.wall_ms());
  if (key == nullptr || preview.state.size() > kMaxStateBytes) return;
  const std::string form(view(blake2b_256(preview.state)));
  auto signatures = sign_batch(*key, Purpose::state, env_.identity.server(), {&form, 1});
  channel_.send(PreviewFrame{std::move(preview), std::move(signatures.front())});
}

void FeedSender::forget(const RoomId& id) {
  const auto found = rooms_.find(id);
  if (found == rooms_.end()) return;
  bytes_ -= found->second.bytes;
  unacked_.erase(id);
  live_.erase(id);
  rooms_.erase(found);
}

std::optional<core::SharedRoom> FeedSender::shared(const RoomId& id) const {
  const auto found = rooms_.find(id);
  if (found == rooms_.end() || !found->second.is_known || found->second.is_stopped)
    return std::nullopt;
  const Room& room = found->second;
  return core::SharedRoom{id, true, room.term, room.head, room.head_hash, room.until};
}

void FeedSender::stored(const Record& record) {
  Room& room = rooms_[record.room];
  if (record.seq <= room.head) return;
  const bool is_new = !room.is_known && is_ready_;
  room.head = record.seq;
  room.head_hash = record_hash(record);
  room.term = record.term;
  room.until = 0;
  if (record.seq == room.sent.seq && room.head_hash != room.sent.hash)
    return stop(record.room, room, "its log there is not the one here");
  if (record.kind == wire::RecordKind::member || record.kind == wire::RecordKind::hub_move) {
    room.may_have_left = true;
    room.is_stopped = conflicts_.contains(record.room);  // else somebody there wants it anew
  }
  if (is_new) {
    room.is_known = true;
    // It has nothing of it; unless it follows the room already, which was another server's.
    if (record.kind != wire::RecordKind::member)
      room.acked = room.sent = {record.seq - 1, record.prev_hash, 0};
    if (shows_first(room)) return show(record.room, room);
  }
  const bool is_next = room.is_known && !room.is_stopped && !room.is_reading &&
                       room.sent.seq + 1 == record.seq && room.skip_to < record.seq;
  if (!is_next || room.bytes >= kRoomWindowBytes || channel_.queued() >= kLinkQueueBytes)
    return queue(record.room, room);
  if (record.prev_hash != room.sent.hash)
    return stop(record.room, room, "its log there is not the one here");
  if (room.live.empty()) room.before_live = room.sent;
  room.live.push_back(encode_stored(record));
  const std::size_t bytes = room.live.back().size();
  room.sent = {record.seq, room.head_hash, bytes};
  note_sent(record.room, room, room.sent);
  live_.insert(record.room);
  env_.heads.expect({record.room, record.term, record.seq, room.head_hash});
  // Several fit into one frame, unless one is very long.
  if (bytes >= kFeedPageBytes || room.live.size() >= kMaxFeedRecords) send_live(record.room, room);
}

void FeedSender::queue(const RoomId& id, const Room& room) {
  if (room.is_behind() && in_backlog_.insert(id).second) backlog_.push_back(id);
}

void FeedSender::stop(const RoomId& id, Room& room, std::string_view why) {
  room.is_stopped = true;
  channel_.refuse(Fault::conflict);
  conflicts_.insert(id);
  log::warning("a room can't be brought to another server",
               {{"server", follower_}, {"room", id.text()}, {"why", why}});
  channel_.send(Failure{static_cast<std::uint64_t>(FrameKind::hello), id, Code::conflict, 0});
}

void FeedSender::note_sent(const RoomId& id, Room& room, const Mark& mark) {
  if (unacked_.insert(id).second) room.moved_at = env_.clock.now();
  room.on_their_way.push_back(mark);
  room.bytes += mark.bytes;
  bytes_ += mark.bytes;
}

void FeedSender::send(const RoomId& id, Room& room, const Mark& before,
                      std::vector<std::string> stored) {
  channel_.counters().records_sent += stored.size();
  Feed feed{id, before.seq + 1, before.hash, std::move(stored), std::nullopt};
  const Seq last = before.seq + feed.stored.size();
  if (last == room.head) feed.head = env_.heads.sign({id, room.term, last, room.head_hash});
  channel_.send(feed);
}

void FeedSender::send_live(const RoomId& id, Room& room) {
  // A frame holds so many bytes: what is longer goes in several.
  std::vector<std::string> part;
  std::size_t bytes = 0;
  Mark before = room.before_live;
  auto mark = room.on_their_way.end() - static_cast<std::ptrdiff_t>(room.live.size());
  for (std::string& stored : room.live) {
    if (!part.empty() && bytes + stored.size() > kFeedPageBytes) {
      send(id, room, before, std::exchange(part, {}));
      before = *std::prev(mark);
      bytes = 0;
    }
    bytes += stored.size();
    part.push_back(std::move(stored));
    ++mark;
  }
  if (!part.empty()) send(id, room, before, std::move(part));
  room.live.clear();
  live_.erase(id);
}

void FeedSender::flush() {
  if (channel_.is_over()) return;
  while (!live_.empty()) {
    const RoomId id = *live_.begin();
    send_live(id, rooms_[id]);
  }
  // Each room once at most: one whose window is full waits for its acks.
  for (std::size_t left = backlog_.size(); left > 0; --left) {
    if (reads_ >= kFeedReads || bytes_ >= kFeedWindowBytes ||
        channel_.queued() >= kLinkQueueBytes / 2)
      return;
    const RoomId id = backlog_.front();
    backlog_.pop_front();
    in_backlog_.erase(id);
    const auto found = rooms_.find(id);
    if (found == rooms_.end() || !found->second.is_behind()) continue;
    Room& room = found->second;
    if (room.bytes < kRoomWindowBytes) read(id, room);
  }
}

void FeedSender::read(const RoomId& id, Room& room) {
  room.is_reading = true;
  ++reads_;
  env_.service.read(
      id, room.sent.seq + 1, room.last(), kFeedPageBytes,
      lifeline_.guard([this, id, before = room.sent](Result<std::vector<std::string>> page) {
        --reads_;
        take_page(id, before, std::move(page));
      }));
}

void FeedSender::take_page(const RoomId& id, const Mark& before,
                           Result<std::vector<std::string>> page) {
  const auto found = rooms_.find(id);
  if (found == rooms_.end()) return;  // forgotten meanwhile
  Room& room = found->second;
  room.is_reading = false;
  if (!page || page->empty()) {
    log::error("a room's records can't be read",
               {{"room", id.text()}, {"why", page ? "there are none" : page.error().message}});
    return;  // again when there is something new, or the follower asks
  }
  if (before.seq == room.sent.seq && before.hash == room.sent.hash && !room.is_stopped)
    send_page(id, room, *std::move(page));
  queue(id, room);
}

void FeedSender::send_page(const RoomId& id, Room& room, std::vector<std::string> page) {
  const Mark before = room.sent;
  Mark after = before;
  for (const std::string& stored : page) {
    auto record = wire::decode_stored(id, after.seq + 1, stored);
    if (!record) return stop(id, room, record.error().message);
    record->prev_hash = after.hash;
    after = {after.seq + 1, record_hash(*record), after.bytes + stored.size()};
  }
  after.bytes -= before.bytes;
  if (after.seq == room.head && after.hash != room.head_hash)
    return stop(id, room, "its log there is not the one here");
  room.sent = after;
  if (after.seq <= room.skip_to) {
    room.acked = after;
    return;
  }
  note_sent(id, room, after);
  send(id, room, before, std::move(page));
}

void FeedSender::take(const Ack& frame) {
  const auto found = rooms_.find(frame.room);
  if (found == rooms_.end()) return;
  Room& room = found->second;
  while (!room.on_their_way.empty() && room.on_their_way.front().seq <= frame.seq) {
    room.acked = room.on_their_way.front();
    room.on_their_way.pop_front();
    room.bytes -= room.acked.bytes;
    bytes_ -= room.acked.bytes;
    room.moved_at = env_.clock.now();
  }
  if (room.on_their_way.empty()) unacked_.erase(frame.room);
  if (frame.seq > room.sent.seq && frame.seq <= room.head) room.skip_to = frame.seq;
  queue(frame.room, room);
  if (part_ == Part::ahead || !room.may_have_left || frame.seq < room.last()) return;
  room.may_have_left = false;
  env_.service.unshare(follower_, frame.room, frame.seq);
}

void FeedSender::take(const RangeRequest& frame) {
  const auto found = rooms_.find(frame.room);
  if (found == rooms_.end() || found->second.is_stopped)
    return channel_.send(
        Failure{static_cast<std::uint64_t>(FrameKind::range), frame.room, Code::not_found, 0});
  if (!found->second.is_known) return;  // it is about to come
  if (!env_.rates.take("range", follower_, kRangeRate)) return channel_.refuse(Fault::flood);
  rewind(frame.room, found->second, frame.first - 1);
}

void FeedSender::rewind(const RoomId& id, Room& room, Seq has) {
  if (has >= room.sent.seq) return queue(id, room);
  send_live(id, room);
  Mark to = has >= room.acked.seq ? room.acked : Mark();
  for (const Mark& mark : room.on_their_way)
    if (mark.seq <= has && has >= room.acked.seq) to = mark;
  bytes_ -= room.bytes;
  room.bytes = 0;
  room.on_their_way.clear();
  unacked_.erase(id);
  room.sent = room.acked = to;
  queue(id, room);
}

void FeedSender::tick() {
  std::vector<RoomId> late;
  for (const RoomId& id : unacked_)
    if (env_.clock.now() - rooms_[id].moved_at > kAnswerDeadline) late.push_back(id);
  for (const RoomId& id : late) rewind(id, rooms_[id], rooms_[id].acked.seq);
}

void FeedSender::take(const Failure& frame) {
  const auto found = rooms_.find(frame.room);
  if (found == rooms_.end()) return;
  Room& room = found->second;
  room.is_stopped = true;
  // Nobody there knows of having been let in, and who was has left: there is nothing to bring.
  if (frame.code == Code::forbidden) env_.service.unshare(follower_, frame.room, room.last());
  if (frame.code != Code::conflict) return;
  channel_.refuse(Fault::conflict);
  conflicts_.insert(frame.room);
}

}  // namespace chatd::federation
