#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What frames are made of (frames.hpp, preview_frames.hpp, passing_frames.hpp). Any thread.
namespace chatd::federation {

enum class FrameKind : std::uint64_t {  // 1 to 15 are the handshake's
  hello = 16,
  heads = 17,
  submit = 18,
  submitted = 19,
  feed = 20,
  ack = 21,
  range = 22,
  failure = 23,
  notice = 24,
  noticed = 25,
  alive = 26,
  check = 27,
  checked = 28,
  preview = 29,
  ahead = 30,
  proof = 32,
  recalled = 33,
  handover = 34,
  moved = 35,
  presence_lease = 36,
  presence = 37,
  typing = 38,
  read = 39,
  profile_get = 40,
  profile = 41
};

[[nodiscard]] ByteWriter begin(FrameKind kind);
// Why a frame can't be read.
[[nodiscard]] tl::unexpected<Error> refuse(std::string message);

[[nodiscard]] Result<RoomId> read_room(ByteReader& in);
[[nodiscard]] Result<Seq> read_seq(ByteReader& in);
// Records in their stored form, 1 to `max`, beginning with that number.
[[nodiscard]] Result<std::vector<std::string>> read_stored(ByteReader& in, Seq first,
                                                           std::uint64_t max);
void write_stored(ByteWriter& out, const std::vector<std::string>& records);
// A user's id; empty: the server itself.
[[nodiscard]] Result<UserId> read_user_or_server(ByteReader& in);
// Never empty.
[[nodiscard]] Result<UserId> read_user(ByteReader& in);
// One line of text for people; what is none is left out, what is too long is cut. May be empty.
void write_words(ByteWriter& out, std::string_view words);
[[nodiscard]] Result<std::string> read_words(ByteReader& in);

}  // namespace chatd::federation
