#include "daemon/base/secret.hpp"

#include <sodium.h>

#include <utility>

namespace chatd {

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
