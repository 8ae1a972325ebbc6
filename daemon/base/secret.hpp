#pragma once

#include <string>
#include <string_view>

namespace chatd {

// A password, token or key. Wiped when it goes, cannot be printed by accident, compared in constant
// time. Move-only.
class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value);  // wipes what it was given
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  ~Secret() { wipe(); }

  // The only way to see it; the name makes each use easy to find.
  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool equals(std::string_view other) const;
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  void wipe();
  std::string value_;
};

}  // namespace chatd
