#include "msg_id.hpp"

#include <array>
#include <cstdio>

namespace client {
namespace {

constexpr std::uint64_t kHighLimit = std::uint64_t{1} << 12;
constexpr std::uint64_t kLowLimit = std::uint64_t{1} << 62;

// The hexadecimal digits of `text` as 128 bits; false if it is no UUID.
bool read_uuid(std::string_view text, std::uint64_t& first, std::uint64_t& second) {
  if (text.size() != 36) return false;
  std::array<std::uint64_t, 2> halves{};
  std::size_t digits = 0;
  for (const char c : text) {
    if (c == '-') continue;
    const std::string_view hex = "0123456789abcdef";
    const auto digit = hex.find(c);
    if (digit == std::string_view::npos || digits == 32) return false;
    std::uint64_t& half = halves[digits++ / 16];
    half = half << 4 | digit;
  }
  first = halves[0];
  second = halves[1];
  return digits == 32;
}

}  // namespace

MsgIdMaker::MsgIdMaker(Env env, std::string_view last) : env_(std::move(env)) {
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  if (!read_uuid(last, first, second)) return;
  ms_ = first >> 16;
  high_ = first & (kHighLimit - 1);
  low_ = second & (kLowLimit - 1);
}

std::uint64_t MsgIdMaker::random_bits(unsigned count) {
  return static_cast<std::uint64_t>(env_.random() * static_cast<double>(std::uint64_t{1} << count));
}

std::string MsgIdMaker::next() {
  const auto now = static_cast<std::uint64_t>(env_.wall_ms());
  if (now > ms_) {
    ms_ = now;
    high_ = random_bits(11);  // the top bit stays free, so that counting up has room
    low_ = random_bits(30) << 32 | random_bits(32);
  } else {
    low_ += 1 + random_bits(32);  // the 74 bits behind the time are one counter
    if (low_ >= kLowLimit) {
      low_ -= kLowLimit;
      if (++high_ == kHighLimit) {
        high_ = 0;
        ++ms_;
      }
    }
  }
  const std::uint64_t first = ms_ << 16 | 0x7000U | high_;
  const std::uint64_t second = std::uint64_t{1} << 63 | low_;
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "%08llx-%04llx-%04llx-%04llx-%012llx",
                static_cast<unsigned long long>(first >> 32),
                static_cast<unsigned long long>(first >> 16 & 0xffff),
                static_cast<unsigned long long>(first & 0xffff),
                static_cast<unsigned long long>(second >> 48),
                static_cast<unsigned long long>(second & 0xffffffffffff));
  return text.data();
}

}  // namespace client
