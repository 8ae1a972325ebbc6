#include "tests/sim/checks.hpp"

#include "daemon/core/verify.hpp"
#include "daemon/wire/room_content.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <utility>

namespace chatd::sim {
namespace {

using Log = std::vector<wire::Record>;
using Logs = std::map<std::string, Log>;

// What the committer promises, and a turn's worth above it.
constexpr std::size_t kMaxPendingWrites = 60'000;

class Checks {
 public:
  Checks(Server& server, Medium& medium, const Devices& devices)
      : server_(server), medium_(medium), devices_(devices) {}

  Outcome run(World& world) {
    outcome_.times_behind = server_.times_behind();
    read_logs();
    for (const auto& [room, log] : logs_) check_log(room, log);
    for (const auto& device : devices_)
      if (&device->home() == &server_) check_device(*device);
    check_medium();
    verify_by_server(world);
    if (server_.most_queued() > kMaxQueuedBytes) complain("a send queue grew over its bound");
    if (server_.most_pending() > kMaxPendingWrites) complain("too many writes waited for the disk");
    return std::move(outcome_);
  }

 private:
  void complain(std::string what) { outcome_.violations.push_back(std::move(what)); }

  void read_logs() {
    std::set<std::string> rooms;
    for (const auto& device : devices_)
      for (const std::string& room : device->known_rooms()) rooms.insert(room);
    for (const std::string& room : rooms) {
      const auto id = RoomId::parse(room);
      auto stored = medium_.read({*id, 1, UINT64_MAX, SIZE_MAX, SIZE_MAX, false});
      Log& log = logs_[room];
      if (!stored) {
        complain(fmt::format("room {} can't be read: {}", room, stored.error().message));
        continue;
      }
      for (const core::StoredRecord& each : *stored) {
        auto record = wire::decode_stored(*id, each.seq, each.bytes);
        if (!record) {
          complain(fmt::format("record {} of {} can't be decoded", each.seq, room));
          continue;
        }
        log.push_back(*std::move(record));
      }
      members_[room] = members_of(log);
      outcome_.records += log.size();
    }
  }

  // Dense, no name twice, no text twice.
  void check_log(const std::string& room, const Log& log) {
    std::set<std::string> ids;
    std::set<std::string> texts;
    for (std::size_t i = 0; i < log.size(); ++i) {
      const wire::Record& record = log[i];
      if (record.seq != i + 1) complain(fmt::format("room {}: {} after {}", room, record.seq, i));
      if (!record.client_msg_id.empty() && !ids.insert(record.client_msg_id.text()).second)
        complain(fmt::format("room {}: {} twice", room, record.client_msg_id.text()));
      const bool has_own_text = record.kind == wire::RecordKind::message && !record.is_erased;
      if (has_own_text && !texts.insert(record.content).second)
        complain(fmt::format("room {}: {} twice", room, record.content));
    }
    for (const wire::Record& record : log)
      if (record.kind == wire::RecordKind::redact) check_erased(room, log, record.target);
  }

  void check_erased(const std::string& room, const Log& log, Seq target) {
    for (const wire::Record& record : log) {
      const bool must_be = record.seq == target ||
                           (record.kind == wire::RecordKind::edit && record.target == target);
      if (must_be && !record.is_erased)
        complain(
            fmt::format("room {}: record {} was erased and still has content", room, record.seq));
    }
  }

  void check_device(const Device& device) {
    for (const std::string& complaint : device.complaints()) complain(complaint);
    for (const Acked& acked : device.acked()) {
      ++outcome_.acked;
      if (acked.pending != 0 && acked.seq == 0) continue;  // it is no record, or not here
      const Log& log = logs_[acked.room];
      if (acked.seq == 0 || acked.seq > log.size()) {
        complain(fmt::format("{}: {} was acknowledged as {} and is lost", device.name(), acked.id,
                             acked.seq));
        continue;
      }
      const wire::Record& record = log[acked.seq - 1];
      const bool is_it = record.client_msg_id.text() == acked.id &&
                         (record.is_erased || acked.text.empty() ||
                          record.content.find(acked.text) != std::string::npos);
      if (!is_it)
        complain(fmt::format("{}: {} was acknowledged as {}, where {} lies", device.name(),
                             acked.id, acked.seq, record.client_msg_id.text()));
    }
    for (const auto& [room, log] : logs_) check_copy(device, room, log);
  }

  static bool is_silent_direct(const Log& log) {
    return log.size() == 1 &&
           wire::decode_create(log.front().content).value().type == wire::RoomType::direct;
  }

  static bool is_direct_across(const Log& log) {
    if (log.empty()) return false;
    const auto content = wire::decode_create(log.front().content).value();
    return content.type == wire::RoomType::direct && log.front().sender.empty();
  }

  // Who is in, as the log says.
  static std::set<std::string> members_of(const Log& log) {
    std::set<std::string> members;
    for (const wire::Record& record : log) {
      if (record.kind == wire::RecordKind::create) {
        const auto content = wire::decode_create(record.content).value();
        for (const UserId& member : content.members) members.emplace(member.localpart());
      } else if (record.kind == wire::RecordKind::member) {
        const auto change = wire::decode_member(record.content).value();
        const std::string user(change.user.localpart());
        if (change.membership == wire::Membership::joined)
          members.insert(user);
        else
          members.erase(user);
      }
    }
    return members;
  }

  void check_copy(const Device& device, const std::string& room, const Log& log) {
    const auto found = device.rooms().find(room);
    const bool is_here = found != device.rooms().end();
    // Until something is said, a direct room is shown to those alone who opened it; and with
    // someone of another server it is an invitation at first.
    if (!is_here && (is_silent_direct(log) || is_direct_across(log))) return;
    if (is_here != members_[room].contains(device.user()))
      complain(fmt::format("{}: is {} room {}, and does not know it", device.name(),
                           is_here ? "not in" : "in", room));
    if (!is_here) return;
    const RoomCopy& copy = found->second;
    if (copy.have() != log.size())
      complain(fmt::format("{}: has {} of {} records of {}", device.name(), copy.have(), log.size(),
                           room));
    for (std::size_t i = 0; i < std::min(copy.records.size(), log.size()); ++i) {
      const wire::Record& record = log[i];
      const std::string id =
          record.client_msg_id.empty() ? std::string() : record.client_msg_id.text();
      const Copy& held = copy.records[i];
      if (held.id != id || held.kind != wire::name(record.kind) ||
          held.content.empty() != record.is_erased)
        complain(fmt::format("{}: holds another record {} of {}: {} {} {}", device.name(), i + 1,
                             room, held.kind, held.id, held.content));
    }
  }

  // The texts of messages that were redacted, and of their edits, as their senders know them.
  std::vector<std::string> redacted_texts() {
    std::set<std::pair<std::string, Seq>> redacted;
    for (const auto& [room, log] : logs_)
      for (const wire::Record& record : log)
        if (record.kind == wire::RecordKind::redact) redacted.emplace(room, record.target);
    std::vector<std::string> texts;
    for (const auto& device : devices_)
      for (const Acked& acked : device->acked()) {
        if (acked.seq == 0) continue;  // it became no record here
        const bool is_edit = acked.method == "message.edit";
        const Seq message = is_edit ? acked.target : acked.seq;
        const bool has_text = is_edit || acked.method == "message.send";
        if (has_text && redacted.contains({acked.room, message})) texts.push_back(acked.text);
      }
    return texts;
  }

  void check_medium() {
    const auto texts = redacted_texts();
    outcome_.redacted = texts.size();
    for (std::string& problem : medium_.examine(texts)) complain(std::move(problem));
  }

  // The server builds each room again from its log.
  void verify_by_server(World& world) {
    for (const auto& [room, log] : logs_) {
      if (log.empty()) continue;  // it is another server's
      const auto id = RoomId::parse(room);
      core::Context& core = server_.core().context();
      core.tasks.spawn(verify(core, *id, room));
    }
    world.run_for(Millis(5000));
  }

  core::Task<void> verify(core::Context& core, RoomId id, std::string name) {
    auto report = co_await core::verify_room(core, id);
    if (!report) {
      complain(fmt::format("room {} can't be verified: {}", name, report.error().message));
      co_return;
    }
    for (const std::string& problem : report->problems)
      complain(fmt::format("room {}: {}", name, problem));
  }

  Server& server_;
  Medium& medium_;
  const Devices& devices_;
  Logs logs_;
  std::map<std::string, std::set<std::string>> members_;  // of each room
  Outcome outcome_;
};

}  // namespace

bool all_caught_up(Server& server, const Devices& devices) {
  for (const auto& device : devices) {
    if (&device->home() != &server) continue;
    for (const auto& [room, copy] : device->rooms()) {
      const auto id = RoomId::parse(room);
      const core::Room* const now = server.core().context().rooms.find(*id);
      if (now != nullptr && now->durable != copy.have()) return false;
    }
  }
  return true;
}

Outcome check_all(World& world, Server& server, Medium& medium, const Devices& devices) {
  return Checks(server, medium, devices).run(world);
}

}  // namespace chatd::sim
