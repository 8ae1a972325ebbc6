#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/wire/methods/admin.hpp"
#include "daemon/wire/methods/federation.hpp"

#include <functional>

namespace chatd::core {

// What an admin may ask that is not the core's to know: the process, its files, its plugins. Loop
// only; answers at once, except where it is given a function to call: that once, on the loop, then
// or later.
class AdminPort {
 public:
  AdminPort() = default;
  AdminPort(const AdminPort&) = delete;
  AdminPort& operator=(const AdminPort&) = delete;
  virtual ~AdminPort() = default;

  // Fills version, started, connections; the core knows the rest.
  virtual void fill_status(wire::AdminStatusAnswer& status) = 0;
  // One JSON object: name -> value.
  virtual void storage_stats(std::function<void(Result<std::string>)> done) = 0;
  // Begins the shutdown; the answer still goes out.
  virtual void shutdown() = 0;
  [[nodiscard]] virtual std::string metrics() = 0;
  [[nodiscard]] virtual std::string config_show() = 0;
  virtual void reload(std::function<void(Result<wire::ReloadAnswer>)> done) = 0;
  [[nodiscard]] virtual Result<wire::CertificateInfo> cert_show() = 0;
  [[nodiscard]] virtual Result<wire::CertificateInfo> cert_reload() = 0;
  [[nodiscard]] virtual wire::PluginListAnswer plugin_list() = 0;
  // From now on each log line goes to this session as an admin.log event.
  virtual void log_follow(SessionId session) = 0;
  // The answer is that of the question's type.
  virtual void federation(wire::FederationQuestion question,
                          std::function<void(Result<wire::FederationAnswer>)> done) = 0;
};

}  // namespace chatd::core
