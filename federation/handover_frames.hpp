#pragma once

#include "federation/head.hpp"

#include <cstdint>
#include <string>

// How a room gets another hub (handover.hpp). Values; any thread.
namespace chatd::federation {

// Hub to follower: would you be the hub of this room, which ends there? And the answer, about the
// same head.
struct Handover {
  enum class Step : std::uint8_t { asked, agreed, not_yet, refused };
  RoomHead head;
  Step step = Step::asked;
  std::string words;  // why it is refused; for the admin
};

// To who hands something in: that server is the room's hub now.
struct Moved {
  RoomId room;
  std::string to;
};

[[nodiscard]] std::string encode(const Handover& frame);
[[nodiscard]] std::string encode(const Moved& frame);

// The fields, without the kind.
[[nodiscard]] Result<Handover> read_handover(ByteReader& in);
[[nodiscard]] Result<Moved> read_moved(ByteReader& in);

}  // namespace chatd::federation
