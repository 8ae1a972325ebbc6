#pragma once

#include "daemon/base/ids.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace chatd::net {

// Finds what belongs to a session id in one step: the number of an id holds a slot (lower 24 bits)
// and how often that slot has been given a session (above), so that ids never repeat and an old one
// finds nothing. Owns its elements. One thread only.
template <class T>
class Sessions {
 public:
  static constexpr unsigned kSlotBits = 24;
  // Never in an id of this table: marks the ids of others on the same I/O thread.
  static constexpr std::uint64_t kForeignBit = std::uint64_t{1} << 55;

  explicit Sessions(unsigned io_thread) : io_thread_(io_thread) {}

  // The slot it lives in from now on, without a session.
  std::size_t add(std::unique_ptr<T> element) {
    std::size_t slot = slots_.size();
    if (free_.empty()) {
      slots_.emplace_back();
    } else {
      slot = free_.back();
      free_.pop_back();
    }
    slots_[slot].element = std::move(element);
    ++size_;
    return slot;
  }

  // Gives what is in `slot` a new session; the one before, if any, is forgotten.
  SessionId open(std::size_t slot) {
    ++slots_[slot].generation;
    slots_[slot].has_session = true;
    return id_of(slot);
  }
  void close(std::size_t slot) { slots_[slot].has_session = false; }

  void remove(std::size_t slot) {
    slots_[slot].element.reset();
    slots_[slot].has_session = false;
    free_.push_back(slot);
    --size_;
  }

  // Null when that session is over.
  [[nodiscard]] T* find(SessionId id) const {
    const std::size_t slot = id.value() & ((std::size_t{1} << kSlotBits) - 1);
    if (slot >= slots_.size() || !slots_[slot].has_session || id_of(slot) != id) return nullptr;
    return slots_[slot].element.get();
  }

  [[nodiscard]] std::size_t slots() const { return slots_.size(); }
  [[nodiscard]] T* at(std::size_t slot) const { return slots_[slot].element.get(); }
  [[nodiscard]] std::size_t size() const { return size_; }

 private:
  struct Slot {
    std::unique_ptr<T> element;
    std::uint32_t generation = 0;
    bool has_session = false;
  };

  [[nodiscard]] SessionId id_of(std::size_t slot) const {
    // 31 bits of generations: at a thousand connections a second in one slot, 24 days. Then the
    // number starts over, long after anybody remembers the first.
    const std::uint64_t generation = slots_[slot].generation & 0x7fff'ffff;
    return SessionId(io_thread_, generation << kSlotBits | slot);
  }

  // Constant after construction
  const unsigned io_thread_;

  std::vector<Slot> slots_;
  std::vector<std::size_t> free_;
  std::size_t size_ = 0;
};

}  // namespace chatd::net
