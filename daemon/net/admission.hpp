#pragma once

#include <cstddef>
#include <cstdint>
#include <unordered_map>

namespace chatd::net {

// Counts connections and says whether one more may come: in total, per address, and of those that
// have not finished their handshake. No I/O. Owned by the acceptor, on its thread.
class Admission {
 public:
  struct Limits {
    std::size_t max_connections;
    std::size_t max_per_address;
    std::size_t max_unfinished;
  };
  enum class Verdict : std::uint8_t { welcome, full, full_for_address };

  explicit Admission(Limits limits) : limits_(limits) {}

  // Those who are in already stay.
  void set_max_per_address(std::size_t max) { limits_.max_per_address = max; }

  // Whether accepting should wait until handshakes have finished or failed.
  [[nodiscard]] bool is_crowded() const { return unfinished_ >= limits_.max_unfinished; }

  // A connection from `address_group`; welcome counts it. `counts_address`: false for a proxy, who
  // brings everybody.
  [[nodiscard]] Verdict arrive(std::uint64_t address_group, bool counts_address) {
    if (total_ >= limits_.max_connections) return Verdict::full;
    if (counts_address) {
      std::size_t& here = per_address_[address_group];
      if (here >= limits_.max_per_address) return Verdict::full_for_address;
      ++here;
    }
    ++total_;
    ++unfinished_;
    return Verdict::welcome;
  }
  void finish_handshake() { --unfinished_; }
  void leave(std::uint64_t address_group, bool counts_address, bool has_finished) {
    --total_;
    if (!has_finished) --unfinished_;
    if (!counts_address) return;
    const auto here = per_address_.find(address_group);
    if (here != per_address_.end() && --here->second == 0) per_address_.erase(here);
  }

  [[nodiscard]] std::size_t total() const { return total_; }
  [[nodiscard]] std::size_t unfinished() const { return unfinished_; }

 private:
  Limits limits_;
  std::size_t total_ = 0;
  std::size_t unfinished_ = 0;
  std::unordered_map<std::uint64_t, std::size_t> per_address_;
};

}  // namespace chatd::net
