#include "cli/command.hpp"
#include "daemon/wire/methods/admin.hpp"
#include "daemon/wire/methods/room_hub.hpp"

namespace chatd::cli {

std::vector<Command> room_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminRoomList>(
      "room list", {.columns = "room type name members head_seq last_active"}));
  out.push_back(remote<wire::AdminRoomShow>("room show"));
  out.push_back(remote<wire::AdminRoomVerify>("room verify", {.problems = "problems"}));
  out.push_back(remote<wire::AdminRoomHubShow>("room hub show"));
  out.push_back(remote<wire::AdminRoomHubMove>(
      "room hub move",
      {.warning = "From then on that server decides what becomes a record of the room; only its "
                  "admin can move it back.",
       .preview = "room hub show"}));
  return out;
}

}  // namespace chatd::cli
