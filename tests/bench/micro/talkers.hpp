#pragma once

#include "tests/bench/world/medium_store.hpp"
#include "tests/sim/store_model.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chatd::bench {

// Alice and Bob in a room of two, on a store that is memory.
class Talkers {
 public:
  Talkers();

  [[nodiscard]] const std::string& room() const { return room_; }
  // Alice asks, in a turn that does not end.
  void request(wire::Decoded decoded) { world_.request(alice_, std::move(decoded)); }
  // The turn ends: what it wrote goes to the store.
  void end_turn() { world_.end_turn(); }
  // The store answers all that it was given, and the turn of that ends.
  void answer_commits() { world_.settle(); }

 private:
  // Once it stops keeping what it is given, its own cost is none.
  class Memory {
   public:
    void stop_keeping() { is_keeping_ = false; }
    Status commit(const std::vector<core::Write>& writes) {
      return is_keeping_ ? model_.commit(writes) : Status();
    }
    auto read(const core::Range& range) { return model_.read(range); }
    auto head(const RoomId& room) { return model_.head(room); }
    auto get(const std::string& key) { return model_.get(key); }
    auto scan(const std::string& prefix, const std::string& after, std::size_t limit) {
      return model_.scan(prefix, after, limit);
    }

   private:
    sim::ModelMedium model_;
    bool is_keeping_ = true;
  };

  const SessionId alice_{0, 1};
  const SessionId bob_{0, 2};
  Later later_;
  Memory memory_;
  MediumStore<Memory> store_{memory_, later_};
  World world_{store_, later_, open_to_all(), 1'800'000'000'000};
  std::string room_;
};

}  // namespace chatd::bench
