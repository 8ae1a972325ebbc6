#pragma once

#include <chatd/storage.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace chatd::storage_lmdb {

// A room's id is a hash, so its bytes are as good as random.
using RoomId = std::array<char, CHATD_STORAGE_ROOM_SIZE>;

[[nodiscard]] inline std::string_view view(const RoomId& room) {
  return {room.data(), room.size()};
}
// `bytes` has the size of a room id.
[[nodiscard]] inline RoomId room_id(std::string_view bytes) {
  RoomId room;
  std::memcpy(room.data(), bytes.data(), room.size());
  return room;
}

enum class Op : std::uint8_t {
  append = CHATD_WRITE_APPEND,
  replace = CHATD_WRITE_REPLACE,
  put = CHATD_WRITE_PUT,
  erase = CHATD_WRITE_DELETE,
};

// One write of a commit, within the bounds of chatd/storage.h. The views are on loan.
struct Write {
  Op op = Op::put;
  RoomId room{};
  std::uint64_t seq = 0;
  std::string_view key;
  std::string_view value;

  [[nodiscard]] bool is_record() const { return op == Op::append || op == Op::replace; }
};

}  // namespace chatd::storage_lmdb
