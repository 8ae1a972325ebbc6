#include "tests/sim/people.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace chatd::sim {

Device& People::add(Server& server, const std::string& user, bool signs_up) {
  devices_.push_back(
      std::make_unique<Device>(world_, server, user, fmt::format("{}/{}", user, devices_.size())));
  devices_.back()->start(signs_up);
  return *devices_.back();
}

void People::take_over(People& others, const std::function<bool(const Device&)>& which) {
  said_ = others.said_;
  for (auto& device : others.devices_)
    if (which(*device)) devices_.push_back(std::move(device));
  std::erase(others.devices_, nullptr);
}

std::optional<std::string> People::room_of(const Device& device) {
  if (device.rooms().empty()) return std::nullopt;
  const auto index = static_cast<std::ptrdiff_t>(world_.below(device.rooms().size()));
  return std::next(device.rooms().begin(), index)->first;
}

std::string People::text() {
  // No two are alike in any long part: what two of them leave behind in a page's gap, one over the
  // other, must not read as a third.
  constexpr std::uint64_t kSpread = 0x9E3779B97F4A7C15;
  std::string said = fmt::format("text-{:016x}.", ++said_ * kSpread);
  if (world_.chance(4))
    for (auto words = world_.between(50, 700); words > 0; --words)
      said += fmt::format(" {}", world_.below(1000));
  return said;
}

void People::talk(Device& device) {
  const auto room = room_of(device);
  if (!room) return;
  const Seq have = device.rooms().at(*room).have();
  const auto what = world_.below(100);
  if (what < 75 || have == 0) {
    const auto burst = world_.chance(8) ? world_.between(5, 30) : 1;
    for (std::uint64_t i = 0; i < burst; ++i) device.say(*room, text());
  } else if (what < 82) {
    device.edit(*room, own_message(device, *room), text());
  } else if (what < 88) {
    device.redact(*room, own_message(device, *room));
  } else if (what < 94) {
    device.react(*room, world_.between(1, have));
  } else {
    device.mark_read(*room);
  }
}

Seq People::own_message(const Device& device, const std::string& room) {
  std::vector<Seq> own;
  for (const auto& each : devices_)
    if (each->user() == device.user())
      for (const Acked& acked : each->acked())
        if (acked.room == room && acked.method == "message.send" && acked.seq != 0)
          own.push_back(acked.seq);
  if (own.empty() || world_.chance(5)) return world_.between(1, device.rooms().at(room).have());
  return own[world_.below(own.size())];
}

void People::go_or_return(Device& device) {
  world_.tell("{}: {}", device.name(), device.is_away() ? "comes back" : "goes away");
  if (device.is_away()) return device.come_back();
  device.go_away();
}

void People::come_back() {
  for (const auto& device : devices_) device->come_back();
}

void People::read_fast() {
  for (const auto& device : devices_) device->read_slowly(false);
}

bool People::complain() const {
  return std::any_of(devices_.begin(), devices_.end(),
                     [](const auto& device) { return !device->complaints().empty(); });
}

bool People::are_at_rest() const {
  return std::all_of(devices_.begin(), devices_.end(),
                     [](const auto& device) { return device->is_at_rest(); });
}

std::string People::restless() const {
  std::string who = "not everyone came to rest:";
  for (const auto& device : devices_)
    if (!device->is_at_rest())
      who += fmt::format(" {} (online {}, outbox {}, pending {})", device->name(),
                         device->is_online(), device->outbox().size(), device->pending().size());
  return who;
}

}  // namespace chatd::sim
