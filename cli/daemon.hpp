#pragma once

#include "cli/document.hpp"
#include "cli/socket_client.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::cli {

// The running daemon, as chatctl asks it. Connects when it is first asked. One thread.
class Daemon {
 public:
  // `find_socket` is asked once, when the path is needed. A request waits `patience` for its
  // answer.
  Daemon(std::function<Result<std::string>()> find_socket, Millis patience)
      : find_socket_(std::move(find_socket)), patience_(patience) {}

  // So that nobody types a password in vain; call() does it too.
  [[nodiscard]] Status connect();
  // The method's answer as JSON text, or why not: the daemon's own error, unavailable when it does
  // not run, timeout when whether it happened is unknown.
  [[nodiscard]] Result<std::string> call(std::string_view method, std::string_view params);
  // The parameters of the next event `name`, as JSON; waits for ever.
  [[nodiscard]] Result<std::string> next_event(std::string_view name);
  // Returns when the daemon has ended the connection; timeout when it does not.
  [[nodiscard]] Status wait_until_gone();
  // Its server name, asked once.
  [[nodiscard]] Result<std::string> server_name();

 private:
  // Constant after construction
  std::function<Result<std::string>()> find_socket_;
  Millis patience_;

  std::optional<SocketClient> socket_;
  std::uint64_t last_id_ = 0;
  std::string server_name_;
};

}  // namespace chatd::cli
