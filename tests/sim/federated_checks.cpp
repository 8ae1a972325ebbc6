#include "tests/sim/federated_checks.hpp"

#include "daemon/core/direct_room.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/membership.hpp"
#include "federation/limits.hpp"
#include "tests/sim/checks.hpp"
#include "tests/sim/spread.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace chatd::sim {
namespace {

// What may wait on a link: what its sender adds to before it looks again is a frame or two.
constexpr std::size_t kMaxLinkBytes = federation::kLinkQueueBytes + 2 * 528'384;

// Of an invitation, also when it was seen with a clock that was a day off.
constexpr TimeMs kSurelyHolds = core::membership::kInvitationHolds - 2 * 24 * 3600 * TimeMs{1000};

std::vector<std::string> stored(Medium& medium, const RoomId& id) {
  std::vector<std::string> all;
  const auto records = medium.read({id, 1, UINT64_MAX, SIZE_MAX, SIZE_MAX, false});
  if (records)
    for (const core::StoredRecord& each : *records) all.push_back(each.bytes);
  return all;
}

std::set<std::string> rooms_of(const Devices& devices) {
  std::set<std::string> rooms;
  for (const auto& device : devices)
    for (const std::string& room : device->known_rooms()) rooms.insert(room);
  return rooms;
}

class FederatedChecks {
 public:
  FederatedChecks(Neighbours& neighbours, const Devices& devices)
      : neighbours_(neighbours), devices_(devices) {
    for (const std::string& room : rooms_of(devices)) read(room);
  }

  [[nodiscard]] bool is_spread() {
    for (const Spread& spread : spreads_)
      for (std::size_t i = 0; i < neighbours_.size(); ++i)
        if (lacks(spread, i)) return false;
    return true;
  }

  Outcome run(World& world) {
    for (std::size_t i = 0; i < neighbours_.size(); ++i) {
      const Outcome own =
          sim::check_all(world, neighbours_.server(i), *neighbours_[i].medium, devices_);
      outcome_ += own;
      for (const std::string& violation : own.violations)
        complain(fmt::format("{}: {}", neighbours_.server(i).name(), violation));
      check_waiting(i);
      check_counters(i);
      for (const Spread& spread : spreads_) check_copy(spread, i);
    }
    for (const auto& device : devices_) {
      check_fates(*device);
      check_invitations(*device, world.wall_ms());
      check_requests(*device, world.wall_ms());
    }
    // A frame that comes twice looks as if its sender handed in anew from there on.
    if (neighbours_.links().overtaken() + neighbours_.links().doubled() == 0) check_order();
    if (neighbours_.links().most_queued() > kMaxLinkBytes) complain("too much waited on a link");
    return std::move(outcome_);
  }

 private:
  void complain(std::string what) { outcome_.violations.push_back(std::move(what)); }

  // The hub is who the log says it is.
  void read(const std::string& room) {
    const RoomId id = *RoomId::parse(room);
    Spread spread;
    spread.room = room;
    for (std::size_t i = 0; i < neighbours_.size() && spread.log.empty(); ++i) {
      spread.log = stored(*neighbours_[i].medium, id);
      spread.hub = hub_of(id, spread.log);
      if (spread.hub != neighbours_.server(i).name()) spread.log.clear();
    }
    Attendance attendance(spread);
    for (std::size_t i = 0; i < spread.log.size(); ++i) {
      const auto record = wire::decode_stored(id, i + 1, spread.log[i]);
      if (!record) return;  // the hub's own checks say so
      if (!record->client_msg_id.empty()) spread.numbers[record->client_msg_id.text()] = i + 1;
      attendance.take(*record);
    }
    spreads_.push_back(std::move(spread));
  }

  [[nodiscard]] Seq due(const Spread& spread, std::size_t i) {
    const auto due = spread.due.find(neighbours_.server(i).name());
    return due == spread.due.end() ? 0 : due->second;
  }

  [[nodiscard]] bool lacks(const Spread& spread, std::size_t i) {
    if (spread.hub == neighbours_.server(i).name()) return false;
    const Seq head = neighbours_[i].medium->head(*RoomId::parse(spread.room)).value_or(0);
    return head < due(spread, i) && !needs_no_more(spread, i, head);
  }

  // Who took back a join that the hub had heard of leaves, and their server need never know that
  // they were in: it has what it had when the last of it left before that, if anything.
  [[nodiscard]] bool needs_no_more(const Spread& spread, std::size_t i, Seq head) {
    const std::string& server = neighbours_.server(i).name();
    const auto is_in = [&](const auto& user) {
      return user.second == wire::Membership::joined && user.first.ends_with("@" + server);
    };
    if (std::any_of(spread.users.begin(), spread.users.end(), is_in)) return false;
    const auto partings = spread.partings.find(server);
    return head == 0 || (partings != spread.partings.end() && partings->second.contains(head));
  }

  void check_copy(const Spread& spread, std::size_t i) {
    const std::string& server = neighbours_.server(i).name();
    if (spread.hub == server) return;
    const auto log = stored(*neighbours_[i].medium, *RoomId::parse(spread.room));
    if (log.size() == 1 && is_made_alike(spread.room, log.front())) return;
    if (log.size() != due(spread, i) && !needs_no_more(spread, i, log.size()))
      complain(fmt::format("{}: has {} records of {}, which is {}'s; it may have {}", server,
                           log.size(), spread.room, spread.hub, due(spread, i)));
    for (std::size_t n = 0; n < std::min(log.size(), spread.log.size()); ++n)
      if (log[n] != spread.log[n] && !may_keep(spread, server, log, n + 1))
        return complain(fmt::format("{}: record {} of {} is not the one that {} has", server, n + 1,
                                    spread.room, spread.hub));
  }

  // The beginning of a 1:1 room: the hub hears of it with the first word.
  static bool is_made_alike(const std::string& room, const std::string& stored) {
    const auto record = wire::decode_stored(*RoomId::parse(room), 1, stored);
    return record && core::is_direct_create(*record);
  }

  // What was erased after a server left, it keeps if the hub that it has left does not know, or was
  // not the same for both.
  [[nodiscard]] bool may_keep(const Spread& spread, const std::string& server,
                              const std::vector<std::string>& log, Seq message) {
    const RoomId room = *RoomId::parse(spread.room);
    const auto record = wire::decode_stored(room, message, log[message - 1]);
    const bool is_erased_later =
        record && wire::encode_stored(wire::erase_content(*record)) == spread.log[message - 1];
    const auto partings = spread.partings.find(server);
    if (!is_erased_later || partings == spread.partings.end()) return is_erased_later;
    const auto end = static_cast<std::ptrdiff_t>(*partings->second.rbegin());
    const std::string teller = hub_of(room, {spread.log.begin(), spread.log.begin() + end});
    const Seq known = head_at(teller, room);
    for (Seq seq = log.size() + 1; seq <= std::min<Seq>(known, spread.log.size()); ++seq) {
      const auto later = wire::decode_stored(room, seq, spread.log[seq - 1]);
      if (later && later->kind == wire::RecordKind::redact && later->target == erased_with(*record))
        return teller != hub_of(room, log);
    }
    return true;
  }

  // The message with whose redaction this one goes.
  static Seq erased_with(const wire::Record& record) {
    return record.kind == wire::RecordKind::message ? record.seq : record.target;
  }

  [[nodiscard]] Seq head_at(const std::string& server, const RoomId& room) {
    for (std::size_t i = 0; i < neighbours_.size(); ++i)
      if (neighbours_.server(i).name() == server)
        return neighbours_[i].medium->head(room).value_or(0);
    return 0;
  }

  void check_waiting(std::size_t i) {
    const std::string& server = neighbours_.server(i).name();
    for (const std::string& hub : neighbours_.server(i).core().context().outbox.hubs())
      complain(fmt::format("{}: something still waits for {}", server, hub));
    const auto notices = neighbours_[i].medium->scan(std::string(core::keys::kNotices), "", 1);
    if (!notices || !notices->empty())
      complain(fmt::format("{}: somebody was not told what was noted for them", server));
  }

  // Nobody here forges: whoever refuses such a frame is wrong.
  void check_counters(std::size_t i) {
    using federation::Fault;
    const federation::Counters counters = neighbours_[i].peering->totals();
    std::vector faults{Fault::malformed, Fault::wrong_sender, Fault::conflict, Fault::flood};
    if (neighbours_.are_signatures_plain()) faults.push_back(Fault::wrong_signature);
    for (const Fault fault : faults)
      if (const auto count = counters.refused[static_cast<std::size_t>(fault)]; count > 0)
        complain(fmt::format("{}: took {} frames for {}", neighbours_.server(i).name(), count,
                             federation::name(fault)));
  }

  [[nodiscard]] const Spread* find(const std::string& room) const {
    for (const Spread& spread : spreads_)
      if (spread.room == room) return &spread;
    return nullptr;
  }

  // Of all that was pending: it is there, or one of its account's devices knows why not.
  void check_fates(const Device& device) {
    for (const Acked& acked : device.acked()) {
      const Spread* const spread = find(acked.room);
      if (acked.pending == 0 || spread == nullptr) continue;
      const auto number = spread->numbers.find(acked.id);
      const bool is_there = number != spread->numbers.end();
      const bool is_refused = knows(device, &Device::refused, acked.pending);
      const bool is_cancelled = knows(device, &Device::cancelled, acked.pending);
      // What was taken back and said again is a record by either, as is what its server lost with
      // the answer, and the hub had.
      const std::string& home = device.home().name();
      if (is_there && !acked.was_resent && !was_taken_back(device, acked.id) &&
          !neighbours_.links().was_refused(home, acked.pending))
        handed_in_[{home, acked.room}][acked.pending] = number->second;
      // Of a frame that somebody doubled each may have its own answer. What a device asked for
      // twice may be said again after its refusal was taken note of.
      if (is_there && is_refused && !knows(device, &Device::dismissed, acked.pending) &&
          neighbours_.links().doubled() == 0)
        complain(fmt::format("{}: heard that {} was refused, and it is record {} of {}",
                             device.name(), acked.id, number->second, acked.room));
      if (!is_there && !is_refused && !is_cancelled)
        complain(fmt::format("{}: {} was pending as {} and is lost", device.name(), acked.id,
                             acked.pending));
    }
  }

  template <class Claim>
  [[nodiscard]] bool any_of_account(const Device& device, Claim claim) const {
    return std::any_of(devices_.begin(), devices_.end(), [&](const auto& other) {
      return other->address() == device.address() && claim(*other);
    });
  }

  [[nodiscard]] bool knows(const Device& device, const Device::Numbered& (Device::*what)() const,
                           std::uint64_t number) const {
    return any_of_account(device,
                          [&](const Device& each) { return (each.*what)().contains(number); });
  }

  [[nodiscard]] bool was_taken_back(const Device& device, const std::string& id) const {
    return any_of_account(device, [&](const Device& each) {
      const auto& numbers = each.cancelled();
      return std::any_of(numbers.begin(), numbers.end(),
                         [&](const auto& number) { return number.second == id; });
    });
  }

  // What a server handed in of a room after something else comes after it.
  void check_order() {
    for (const auto& [place, numbers] : handed_in_) {
      Seq last = 0;
      for (const auto& [number, seq] : numbers) {
        if (seq < last)
          complain(fmt::format("{}: {} of {} was handed in after record {}, and is record {}",
                               place.first, number, place.second, last, seq));
        last = seq;
      }
    }
  }

  void check_invitations(const Device& device, TimeMs now) {
    for (const Spread& spread : spreads_) {
      if (spread.is_direct) continue;
      const auto user = spread.users.find(device.address());
      const bool is_invited =
          user != spread.users.end() && user->second == wire::Membership::invited;
      // Nobody need know of one that has lapsed, by whatever clock.
      if (is_invited && now - spread.invited.at(device.address()) > kSurelyHolds) continue;
      const bool knows = device.invitations().contains(spread.room);
      // Who never heard from the new hub that they are invited does not believe it either that they
      // are no more; it refuses them.
      if (!is_invited && knows && spread.has_moved) continue;
      if (is_invited != knows)
        complain(fmt::format("{}: is {} to {} and does not know it", device.name(),
                             is_invited ? "invited" : "not invited", spread.room));
    }
  }

  // A 1:1 room of two servers is a request for who was written to first. That the log does not
  // tell; but it tells whether there was a word, and the devices of an account agree.
  void check_requests(const Device& device, TimeMs now) {
    for (const Spread& spread : spreads_) {
      if (!spread.is_direct || !spread.users.contains(device.address())) continue;
      if (spread.spoke != 0 && now - spread.spoke > kSurelyHolds) continue;
      const bool is_request = device.invitations().contains(spread.room);
      const bool is_in = device.rooms().contains(spread.room);
      if (is_request && spread.log.size() < 2)
        complain(fmt::format("{}: is asked into {}, and nobody spoke", device.name(), spread.room));
      if (any_of_account(device, [&](const Device& other) {
            return other.invitations().contains(spread.room) != is_request ||
                   other.rooms().contains(spread.room) != is_in;
          }))
        complain(
            fmt::format("{}: sees {} otherwise than another device", device.name(), spread.room));
      const bool is_known = any_of_account(device, [&](const Device& other) {
        const auto rooms = other.known_rooms();
        return std::find(rooms.begin(), rooms.end(), spread.room) != rooms.end();
      });
      if (!is_known && spread.log.size() > 1)
        complain(
            fmt::format("{}: does not know {}, where somebody spoke", device.name(), spread.room));
    }
  }

  Neighbours& neighbours_;
  const Devices& devices_;
  std::vector<Spread> spreads_;
  // Records by their numbers when they were pending, by server and room.
  std::map<std::pair<std::string, std::string>, std::map<std::uint64_t, Seq>> handed_in_;
  Outcome outcome_;
};

}  // namespace

bool all_caught_up(Neighbours& neighbours, const Devices& devices) {
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    if (!neighbours.server(i).core().context().outbox.hubs().empty()) return false;
    if (!all_caught_up(neighbours.server(i), devices)) return false;
    const auto notices = neighbours[i].medium->scan(std::string(core::keys::kNotices), "", 1);
    if (!notices || !notices->empty()) return false;
  }
  return FederatedChecks(neighbours, devices).is_spread();
}

Outcome check_all(World& world, Neighbours& neighbours, const Devices& devices) {
  return FederatedChecks(neighbours, devices).run(world);
}

}  // namespace chatd::sim
