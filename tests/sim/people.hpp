#pragma once

#include "tests/sim/device.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chatd::sim {

using Devices = std::vector<std::unique_ptr<Device>>;

// Everybody's devices, and what people say with them, by chance.
class People {
 public:
  explicit People(World& world) : world_(world) {}

  Device& add(Server& server, const std::string& user, bool signs_up);
  [[nodiscard]] const Devices& devices() const { return devices_; }
  [[nodiscard]] Device& any() { return *devices_[world_.below(devices_.size())]; }

  // Those of `others` of which this is true.
  void take_over(People& others, const std::function<bool(const Device&)>& which);

  // Says something in one of its rooms, mostly a message.
  void talk(Device& device);
  void go_or_return(Device& device);
  // A room this device is in.
  [[nodiscard]] std::optional<std::string> room_of(const Device& device);
  // Something new, and recognisable wherever it stands; now and then long.
  [[nodiscard]] std::string text();

  // At the end: all are there, and read as fast as they can.
  void come_back();
  void read_fast();
  [[nodiscard]] bool complain() const;
  [[nodiscard]] bool are_at_rest() const;
  // Who is not.
  [[nodiscard]] std::string restless() const;

 private:
  // Mostly one of this account's own messages, now and then any record.
  [[nodiscard]] Seq own_message(const Device& device, const std::string& room);

  World& world_;
  Devices devices_;
  std::uint64_t said_ = 0;
};

}  // namespace chatd::sim
