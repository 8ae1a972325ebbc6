#pragma once

#include "daemon/core/ports/auth.hpp"
#include <chatd/auth.h>

#include <string_view>

namespace chatd::host {

class LoopInbox;
class Ops;
class Plugin;

// The core's question about secrets, put to the plugin that serves chatd.auth.v1. A question that
// is not answered in time is `unavailable`: nobody gets in by default.
class AuthAdapter final : public core::AuthPort {
 public:
  // An error names the slot that is missing.
  [[nodiscard]] static Status check(const Plugin& plugin);

  AuthAdapter(Plugin& plugin, Ops& ops, LoopInbox& loop);

  void set_secret(UserId user, Secret secret, Done done) override;
  void verify(UserId user, std::string network, Secret secret, Done done) override;
  void erase(UserId user, Done done) override;

 private:
  template <class Call>
  void ask(std::string_view what, Call call, Done done);

  // Constant after construction
  Plugin& plugin_;
  const chatd_auth_v1& table_;
  Ops& ops_;
  LoopInbox& loop_;
};

}  // namespace chatd::host
