// Any bytes as a frame of another server: an error, a frame to skip, or one whose form they are.

#include "daemon/base/assert.hpp"
#include "daemon/base/overloaded.hpp"
#include "federation/frames.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <variant>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd;
  using namespace chatd::federation;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto frame = decode_frame(bytes);
  if (!frame) {
    CHATD_ASSERT(!frame.error().message.empty());
    return 0;
  }
  std::visit(overloaded{[](const UnknownFrame&) {},
                        [&](const auto& known) { CHATD_ASSERT(encode(known) == bytes); }},
             *frame);
  return 0;
}
