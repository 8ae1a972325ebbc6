#pragma once

#include <sodium.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace chatd {

// Where ids, tokens and jitter come from. The simulation passes a seeded one.
class Random {
 public:
  Random() = default;
  Random(const Random&) = delete;
  Random& operator=(const Random&) = delete;
  virtual ~Random() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  [[nodiscard]] std::uint64_t u64() {
    std::uint64_t value = 0;
    fill({reinterpret_cast<std::uint8_t*>(&value), sizeof value});
    return value;
  }
  // Uniform enough for jitter: in [0, bound), 0 for bound 0.
  [[nodiscard]] std::uint64_t below(std::uint64_t bound) { return bound == 0 ? 0 : u64() % bound; }
};

// The system's generator, through libsodium. Any thread.
class SystemRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override { randombytes_buf(out.data(), out.size()); }
};

}  // namespace chatd
