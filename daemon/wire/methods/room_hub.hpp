#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/wire/methods/method.hpp"

#include <string>
#include <vector>

// What chatctl may ask about the hub of a room, and that it moves.
namespace chatd::wire {

struct RoomHubAnswer {
  std::string hub;
  bool here = true;
  Term term = 1;
  Seq head_seq = 0;
  std::vector<std::string> followers;
  static void fields(auto& self, auto&& field) {
    field("hub", self.hub, "The server that numbers the room's records.");
    field("here", self.here, "Whether that is this one.");
    field("term", self.term, "Which hub it is, counted from 1.");
    field("head_seq", self.head_seq, "The newest record's number.");
    field("followers", self.followers, "The other servers whose users are in the room.");
  }
};

struct AdminRoomHubShow {
  static constexpr MethodInfo kMethod{"admin.room.hub.show", "Which server is a room's hub.",
                                      Access::admin, false, errors(Code::not_found)};
  using Answer = RoomHubAnswer;
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "Which."); }
};

struct AdminRoomHubMove {
  static constexpr MethodInfo kMethod{
      "admin.room.hub.move",
      "Hands a group to another server, whose users are in it: that one numbers its records from "
      "now on.",
      Access::admin, false,
      errors(Code::not_found, Code::conflict, Code::limit_reached, Code::denied, Code::timeout)};
  using Answer = RoomHubAnswer;
  RoomId room;
  std::string server;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "Which.");
    field("server", self.server, "The new hub.", Bounds{.max_code_points = 190});
  }
};

}  // namespace chatd::wire
