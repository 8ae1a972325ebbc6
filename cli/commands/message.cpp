#include "cli/command.hpp"
#include "daemon/wire/methods/admin_message.hpp"

namespace chatd::cli {

std::vector<Command> message_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminMessageTrace>("message trace"));
  return out;
}

}  // namespace chatd::cli
