#include "cli/command.hpp"
#include "daemon/wire/methods/admin.hpp"

namespace chatd::cli {

std::vector<Command> room_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminRoomList>(
      "room list", {.columns = "room type name members head_seq last_active"}));
  out.push_back(remote<wire::AdminRoomShow>("room show"));
  out.push_back(remote<wire::AdminRoomVerify>("room verify", {.problems = "problems"}));
  return out;
}

}  // namespace chatd::cli
