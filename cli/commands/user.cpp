#include "cli/command.hpp"
#include "daemon/wire/methods/admin.hpp"

namespace chatd::cli {

std::vector<Command> user_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminUserCreate>("user create"));
  out.push_back(remote<wire::AdminUserList>("user list"));
  out.push_back(remote<wire::AdminUserShow>("user show"));
  out.push_back(remote<wire::AdminUserPasswd>("user passwd"));
  out.push_back(remote<wire::AdminUserEnable>(
      "user disable", {.summary = "Logs an account out at once and lets it log in no longer.",
                       .fixed = R"("enabled":false)",
                       .warning = "All its devices are logged out at once and must log in anew "
                                  "after `user enable`. Its messages stay.",
                       .preview = "user show"}));
  out.push_back(remote<wire::AdminUserEnable>(
      "user enable",
      {.summary = "Lets a disabled account log in again.", .fixed = R"("enabled":true)"}));
  out.push_back(remote<wire::AdminInviteCreate>("invite create"));
  return out;
}

}  // namespace chatd::cli
