#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace chatd::net {

// Counts connections and says whether one more may come: in total, per address, and of those of an
// address that have not finished their handshake. No I/O. Owned by the acceptor, on its thread.
class Admission {
 public:
  struct Limits {
    std::size_t max_connections;
    std::size_t max_per_address;
    std::size_t max_unfinished_per_address;
  };
  enum class Verdict : std::uint8_t { welcome, full, full_for_address };

  explicit Admission(Limits limits) : limits_(limits) {}

  // Those who are in already stay.
  void set_max_per_address(std::size_t max) { limits_.max_per_address = max; }

  // A connection from `address_group`; welcome counts it. `counts_address`: false for a proxy, who
  // brings everybody.
  [[nodiscard]] Verdict arrive(std::uint64_t address_group, bool counts_address) {
    if (total_ >= limits_.max_connections) return Verdict::full;
    if (counts_address) {
      Here& here = per_address_[address_group];
      if (here.total >= limits_.max_per_address ||
          here.unfinished >= limits_.max_unfinished_per_address) {
        return Verdict::full_for_address;
      }
      ++here.total;
      ++here.unfinished;
    }
    ++total_;
    return Verdict::welcome;
  }
  void finish_handshake(std::uint64_t address_group, bool counts_address) {
    if (counts_address) --per_address_[address_group].unfinished;
  }
  void leave(std::uint64_t address_group, bool counts_address, bool has_finished) {
    --total_;
    if (!counts_address) return;
    Here& here = per_address_[address_group];
    if (!has_finished) --here.unfinished;
    if (--here.total == 0) per_address_.erase(address_group);
  }

  [[nodiscard]] std::size_t total() const { return total_; }

 private:
  struct Here {
    std::size_t total = 0;
    std::size_t unfinished = 0;
  };

  Limits limits_;
  std::size_t total_ = 0;
  std::unordered_map<std::uint64_t, Here> per_address_;
};

}  // namespace chatd::net
