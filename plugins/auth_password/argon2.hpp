#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace auth_password {

// A copy of a secret, wiped when it goes.
class Wiped {
 public:
  Wiped() = default;
  explicit Wiped(std::string_view secret) : bytes_(secret.begin(), secret.end()) {}
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  Wiped(Wiped&& other) noexcept = default;  // moves the memory, leaves nothing behind
  Wiped& operator=(Wiped&& other) = delete;
  ~Wiped();

  [[nodiscard]] std::string_view view() const { return {bytes_.data(), bytes_.size()}; }

 private:
  std::vector<char> bytes_;
};

enum class Verdict { right, wrong, no_memory };

// Argon2id of libsodium with the cost the admin chose. Blocks for as long as that costs (2 passes
// over 19 MiB: about 30 ms of a core). Any thread, no state.
class Argon2 {
 public:
  Argon2(unsigned long long passes, std::size_t memory_bytes)
      : passes_(passes), memory_bytes_(memory_bytes) {}

  // The string that libsodium makes: algorithm, cost, salt and hash. Nothing when out of memory.
  [[nodiscard]] std::optional<std::string> hash(std::string_view secret) const;
  // With the cost that is written in `stored`; a damaged one is wrong.
  [[nodiscard]] Verdict verify(const std::string& stored, std::string_view secret) const;
  // Whether `stored` was made with another cost than today's.
  [[nodiscard]] bool is_outdated(const std::string& stored) const;

 private:
  // Constant after construction
  unsigned long long passes_;
  std::size_t memory_bytes_;
};

// What a user's hash is kept under: a hash of the user id, so that names of any length fit.
[[nodiscard]] std::string key_of(std::string_view user);

}  // namespace auth_password
