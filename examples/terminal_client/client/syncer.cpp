#include "syncer.hpp"

#include <algorithm>

namespace client {
namespace {

constexpr std::size_t kMaxCursors = 5000;  // more are refused; rooms beyond are sent anew
constexpr int kRoomsPerPage = 50;
constexpr int kRecordsPerRoom = 50;
constexpr int kGapPage = 500;
constexpr int kOlderPage = 50;
// Who missed more than this starts the room afresh and reads back on demand.
constexpr std::uint64_t kMaxGap = 5000;
constexpr std::int64_t kRetryMs = 2000;

std::int64_t retry_delay(const Answer& answer) {
  return std::max(answer.error->retry_after_ms, kRetryMs);
}

}  // namespace

Syncer::Syncer(Connection& connection, Cache& cache, RoomLog& log, Timers& timers,
               Listener listener)
    : connection_(connection),
      cache_(cache),
      log_(log),
      timers_(timers),
      listener_(std::move(listener)) {}

void Syncer::begin() {
  is_in_step_ = false;
  if (is_asking_) {
    is_again_wanted_ = true;
    return;
  }
  if (connection_.state() != Connection::State::online) return;
  is_asking_ = true;
  is_again_wanted_ = false;
  version_ = cache_.value("account_version");
  cursors_ = json::array();
  for (const Room& room : cache_.rooms()) {
    if (cursors_.size() == kMaxCursors) break;
    cursors_.push_back({{"room", room.id}, {"seq", room.last}});
  }
  ask({});
}

void Syncer::stop() {
  is_in_step_ = false;
  is_asking_ = false;
  is_again_wanted_ = false;
  repairing_.clear();
}

void Syncer::ask(const std::string& after) {
  json params{{"account_version", std::strtoull(version_.c_str(), nullptr, 10)},
              {"rooms", cursors_},
              {"max_rooms", kRoomsPerPage},
              {"records_per_room", kRecordsPerRoom}};
  if (!after.empty()) params["after"] = after;
  connection_.call("sync", std::move(params), [this](const Answer& answer) {
    if (answer.ok()) return take_page(answer.result);
    is_asking_ = false;
    if (answer.error->code != "disconnected")
      timers_.after(retry_delay(answer), [this] { begin(); });
  });
}

void Syncer::take_page(const json& page) {
  const std::string next = text_of(page, "next");
  cache_.transaction([&] {
    if (const json& profile = member_of(page, "profile"); profile.is_object())
      listener_.on_profile(profile);
    for (const json& contact : list_of(page, "contacts")) listener_.on_contact(contact);
    for (const json& room : list_of(page, "gone")) {
      if (room.is_string()) take_gone(room.get<std::string>());
    }
    for (const json& delta : list_of(page, "rooms")) take_room(delta);
    // Only now: whoever is interrupted before gets the same changes again.
    if (next.empty())
      cache_.set_value("account_version", std::to_string(number_of(page, "account_version")));
  });
  if (!next.empty()) return ask(next);
  is_asking_ = false;
  if (is_again_wanted_) return begin();
  settle();
}

void Syncer::take_room(const json& delta) {
  const std::string id = text_of(member_of(delta, "summary"), "room");
  if (id.empty()) return;
  const json& records = list_of(delta, "records");
  Room room = take_summary(member_of(delta, "summary"));
  if (room.membership != "joined") return;
  if (room.last > 0 && number_of(delta, "from_seq") > room.last + kMaxGap) {
    cache_.forget_records(id);
    room.first = room.last = 0;
    cache_.put_room(room);
  }
  log_.take_page(id, records, false);
  if (log_.note_head(id, room.head)) repair(id, false);
}

void Syncer::take_gone(const std::string& room) {
  if (!cache_.room(room)) return;
  cache_.forget_room(room);
  listener_.on_gone(room);
}

Room Syncer::take_summary(const json& summary) {
  const std::string id = text_of(summary, "room");
  const auto known = cache_.room(id);
  Room room = known.value_or(Room{});
  room.id = id;
  room.type = text_of(summary, "type");
  room.membership = text_of(summary, "membership");
  room.name = text_of(summary, "name");
  room.peer = text_of(summary, "peer");
  room.invited_by = text_of(summary, "invited_by");
  room.head = std::max(room.head, number_of(summary, "head_seq"));
  room.read_seq = std::max(room.read_seq, number_of(summary, "read_seq"));
  room.last_active = std::max(room.last_active, time_of(summary, "last_active"));
  room.counted_unread = number_of(summary, "unread");
  room.counted_head = number_of(summary, "head_seq");
  room.counted_read = number_of(summary, "read_seq");
  cache_.put_room(room);
  cache_.put_read(id, cache_.value("user"), room.counted_read);
  listener_.on_room(room, !known || known->membership != room.membership);
  return room;
}

void Syncer::take_change(const json& change) {
  const std::uint64_t version = number_of(change, "account_version");
  const std::string held = cache_.value("account_version");
  const std::uint64_t have = std::strtoull(held.c_str(), nullptr, 10);
  if (version < have) return;
  cache_.transaction([&] {
    if (const json& profile = member_of(change, "profile"); profile.is_object())
      listener_.on_profile(profile);
    if (const json& contact = member_of(change, "contact"); contact.is_object())
      listener_.on_contact(contact);
    if (const std::string gone = text_of(change, "gone"); !gone.empty()) take_gone(gone);
    if (const json& summary = member_of(change, "room"); !text_of(summary, "room").empty()) {
      const Room room = take_summary(summary);
      if (log_.note_head(room.id, room.head)) repair(room.id, true);
    }
    if (version == have + 1 && !is_asking_)
      cache_.set_value("account_version", std::to_string(version));
  });
  if (version > have + 1) begin();  // a change before this one did not come
}

void Syncer::repair(const std::string& room, bool is_live) {
  if (connection_.state() != Connection::State::online) return;
  if (repairing_.insert(room).second) ask_history(room, is_live);
}

void Syncer::ask_history(const std::string& id, bool is_live) {
  const auto room = cache_.room(id);
  if (!room) {
    repairing_.erase(id);
    return settle();
  }
  json params{{"room", id}, {"limit", room->last == 0 ? kOlderPage : kGapPage}};
  if (room->last != 0) params["after"] = room->last;
  connection_.call("history.get", std::move(params), [this, id, is_live](const Answer& answer) {
    take_history(id, answer, is_live);
  });
}

void Syncer::take_history(const std::string& id, const Answer& answer, bool is_live) {
  if (!answer.ok()) {
    repairing_.erase(id);
    if (answer.error->code == "disconnected") return;
    if (answer.error->code == "not_found") return begin();  // no longer in it, as sync will say
    return timers_.after(retry_delay(answer), [this, id, is_live] {
      if (log_.note_head(id, 0)) repair(id, is_live);
    });
  }
  const RoomLog::Fit fit = log_.take_page(id, list_of(answer.result, "records"), is_live);
  const bool is_missing_more = log_.note_head(id, number_of(answer.result, "head_seq"));
  if (fit == RoomLog::Fit::taken && is_missing_more) return ask_history(id, is_live);
  repairing_.erase(id);
  settle();
}

void Syncer::settle() {
  if (is_asking_ || is_in_step_ || !repairing_.empty()) return;
  is_in_step_ = true;
  connection_.settled();
  listener_.on_in_step();
}

void Syncer::load_older(const std::string& id, std::function<void(std::size_t)> on_done) {
  const auto room = cache_.room(id);
  if (!room || room->first <= 1) return on_done(0);
  connection_.call(
      "history.get", {{"room", id}, {"before", room->first}, {"limit", kOlderPage}},
      [this, id, on_done](const Answer& answer) {
        on_done(answer.ok() ? log_.take_older(id, list_of(answer.result, "records")) : 0);
      });
}

}  // namespace client
