#pragma once

#include "daemon/core/ports/admin.hpp"
#include "daemon/core/ports/plugins.hpp"

#include <utility>
#include <vector>

// Ports with nothing behind them: a server without plugins, an admin who asks nothing.
namespace chatd::support {

class NoHooks final : public core::HookPort {
 public:
  [[nodiscard]] bool wants_message_pre_accept() const override { return false; }
  void message_pre_accept(core::Draft, Done) override {}
  [[nodiscard]] core::Verdict room_pre_append(const core::Draft&) override { return {}; }
  [[nodiscard]] bool wants_account_pre_register() const override { return false; }
  void account_pre_register(UserId, std::string, Done) override {}
  [[nodiscard]] bool wants_room_pre_create() const override { return false; }
  void room_pre_create(UserId, std::string, Done) override {}
  [[nodiscard]] bool wants_room_pre_join() const override { return false; }
  void room_pre_join(RoomId, UserId, Done) override {}
  [[nodiscard]] bool wants_federation_peer_policy() const override { return false; }
  void federation_peer_policy(std::string, std::string, Done) override {}
  [[nodiscard]] bool wants_federation_pre_receive() const override { return false; }
  void federation_pre_receive(core::Draft, Done) override {}
};

class NoMethods final : public core::MethodPort {
 public:
  [[nodiscard]] const std::vector<core::PluginMethod>& methods() const override { return none_; }
  void call(std::string_view, UserId, DeviceId, std::string, Done) override {}

 private:
  std::vector<core::PluginMethod> none_;
};

class NoAdmin final : public core::AdminPort {
 public:
  void fill_status(wire::AdminStatusAnswer&) override {}
  void storage_stats(std::function<void(Result<std::string>)>) override {}
  void shutdown() override {}
  [[nodiscard]] std::string metrics() override { return {}; }
  [[nodiscard]] std::string config_show() override { return {}; }
  void reload(std::function<void(Result<wire::ReloadAnswer>)> done) override {
    done(wire::ReloadAnswer{});
  }
  [[nodiscard]] Result<wire::CertificateInfo> cert_show() override { return none(); }
  [[nodiscard]] Result<wire::CertificateInfo> cert_reload() override { return none(); }
  [[nodiscard]] wire::PluginListAnswer plugin_list() override { return {}; }
  void log_follow(SessionId) override {}
  void federation(wire::FederationQuestion,
                  std::function<void(Result<wire::FederationAnswer>)> done) override {
    done(fail(Code::unavailable, "there are no other servers"));
  }

 private:
  static Result<wire::CertificateInfo> none() { return fail(Code::not_found, "no certificate"); }
};

}  // namespace chatd::support
