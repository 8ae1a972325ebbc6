// Any bytes as the state of a room that another server shows: an error, or a state whose form they
// are.

#include "daemon/base/assert.hpp"
#include "daemon/core/room.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto room = core::Room::from_state(bytes);
  if (!room) {
    CHATD_ASSERT(!room.error().message.empty());
    return 0;
  }
  CHATD_ASSERT(room->state() == bytes);
  CHATD_ASSERT(core::Room::decode(room->id(), room->encode()).has_value());
  return 0;
}
