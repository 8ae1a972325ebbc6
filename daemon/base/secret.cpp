#include "daemon/base/secret.hpp"

#include <sodium.h>

namespace chatd {

// Copied, not moved: a short string would leave its characters behind.
Secret::Secret(std::string value) : value_(value) { sodium_memzero(value.data(), value.size()); }
// NOLINTNEXTLINE(performance-move-constructor-init)
Secret::Secret(Secret&& other) noexcept : value_(other.value_) { other.wipe(); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = other.value_;
    other.wipe();
  }
  return *this;
}

bool Secret::equals(std::string_view other) const {
  return value_.size() == other.size() &&
         sodium_memcmp(value_.data(), other.data(), other.size()) == 0;
}

void Secret::wipe() {
  sodium_memzero(value_.data(), value_.size());
  value_.clear();
}

}  // namespace chatd
