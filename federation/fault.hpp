#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Why a frame of a peer was refused: it changed nothing and was counted under one of these. Values;
// any thread.
namespace chatd::federation {

enum class Fault : std::uint8_t {
  handshake,        // the two sides could not prove to each other who they are
  malformed,        // it can't be read, or is too long
  out_of_turn,      // before hello, hello again, or an answer to what was not asked
  wrong_sender,     // in the name of somebody who is not a user of the peer
  wrong_signature,  // what must be signed is not, or not by a valid key of who is named
  conflict,         // its log of a room is not the one known here
  unwanted,         // a room that nobody here wants from that server
  flood             // more than the protocol lets wait, or more than one server may send
};
inline constexpr std::size_t kFaultCount = 8;

// "wrong_signature" and so on: for metrics and the admin.
[[nodiscard]] constexpr std::string_view name(Fault fault) {
  constexpr std::array<std::string_view, kFaultCount> kNames{
      "handshake",       "malformed", "out_of_turn", "wrong_sender",
      "wrong_signature", "conflict",  "unwanted",    "flood"};
  return kNames[static_cast<std::size_t>(fault)];
}

}  // namespace chatd::federation
