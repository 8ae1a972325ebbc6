#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/context.hpp"
#include "daemon/core/peer_service.hpp"

#include <memory>
#include <set>
#include <string>
#include <string_view>

// The rows about other servers: which rooms are shared with them, and what they must be told. Each
// begins with the server's name, as a blob.
namespace chatd::core {

// That a room is shared with a server, in the value of keys::share().
struct Share {
  std::string server;
  Seq until = 0;  // as SharedRoom
};
[[nodiscard]] std::string encode_share(const Share& share);
[[nodiscard]] Result<Share> decode_share(std::string_view row);
// All servers with which a room is shared.
[[nodiscard]] Task<Status> add_sharing_servers(Context& core,
                                               std::shared_ptr<std::set<std::string>> to);
// Where a room's log ends here, as who is shared with is told it; nothing of it is on its way.
[[nodiscard]] SharedRoom shared_end(const Context& core, const Room& room);

// In the value of keys::notice() or keys::erasure(). One about contacts has the asking account in
// place of the room: the newest of the two counts.
[[nodiscard]] std::string notice_key(const Notice& notice);
[[nodiscard]] Put notice_row(const Notice& notice);
[[nodiscard]] Result<Notice> decode_notice(std::string_view row);

}  // namespace chatd::core
