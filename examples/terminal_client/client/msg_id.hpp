#pragma once

#include "env.hpp"
#include <cstdint>
#include <string>
#include <string_view>

namespace client {

// Makes client_msg_ids: UUIDv7 (RFC 9562), each larger than all before, also within one
// millisecond, when the clock is set back, and, given the last one, after a restart. The server
// recognises a resent message by its id; that the ids grow makes this cheap for it.
class MsgIdMaker {
 public:
  // `last` is the newest id this device made before, or empty.
  MsgIdMaker(Env env, std::string_view last);

  [[nodiscard]] std::string next();

 private:
  [[nodiscard]] std::uint64_t random_bits(unsigned count);

  Env env_;
  std::uint64_t ms_ = 0;    // 48 bits of time
  std::uint64_t high_ = 0;  // 12 bits after the version
  std::uint64_t low_ = 0;   // 62 bits after the variant
};

}  // namespace client
