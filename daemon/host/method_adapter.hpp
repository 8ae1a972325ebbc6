#pragma once

#include "daemon/core/ports/plugins.hpp"
#include <chatd/methods.h>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chatd::host {

class LoopInbox;
class Ops;
class Plugin;

// The client methods of all plugins that serve chatd.methods.v1.
class MethodAdapter final : public core::MethodPort {
 public:
  // An error names the method that is described wrongly.
  [[nodiscard]] static Status check(const Plugin& plugin);

  // All plugins have been checked; those without the role are left out.
  MethodAdapter(const std::vector<Plugin*>& plugins, Ops& ops, LoopInbox& loop);

  [[nodiscard]] const std::vector<core::PluginMethod>& methods() const override { return methods_; }
  void call(std::string_view method, UserId user, DeviceId device, std::string params,
            Done done) override;

 private:
  struct Served {
    Plugin* plugin = nullptr;
    const chatd_methods_v1* table = nullptr;
    std::string name;  // as the plugin calls it
  };

  // Constant after construction
  std::vector<core::PluginMethod> methods_;
  std::unordered_map<std::string, Served> served_;  // by x.<plugin>.<name>
  Ops& ops_;
  LoopInbox& loop_;
};

}  // namespace chatd::host
