#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/method.hpp"

namespace chatd::wire {

// What a login gives: everything a device needs to come back by itself.
struct LoginAnswer {
  static constexpr std::string_view kTypeName = "Login";
  UserId user;
  DeviceId device;
  Secret token;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The account's full id.");
    field("device", self.device, "The id of the device that this login made.");
    field("token", self.token, "The secret for session.resume and for Authorization: Bearer.");
  }
};

struct AccountSignUp {
  static constexpr MethodInfo kMethod{
      "account.sign_up", "Creates an account and logs its first device in.", Access::anyone, true,
      errors(Code::forbidden, Code::conflict, Code::denied)};
  using Answer = LoginAnswer;
  std::string name;
  Secret password;
  std::string device_name;
  std::optional<std::string> invite;
  std::optional<std::string> display_name;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "The local part of the new id: a-z, 0-9, dot, underscore, hyphen.",
          Bounds{.max_code_points = 64});
    field("password", self.password, "The new password.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
    field("device_name", self.device_name, "What the person calls this device.",
          Bounds{.max_code_points = kMaxNameCharacters});
    field("invite", self.invite, "An invite token, where sign-up is by invite.");
    field("display_name", self.display_name, "The name that others see.",
          Bounds{.max_code_points = kMaxNameCharacters});
  }
};

struct AccountLogin {
  static constexpr MethodInfo kMethod{"account.login",
                                      "Logs a new device in by password. Over WebSocket the "
                                      "connection is that device's from then on.",
                                      Access::anyone, true,
                                      errors(Code::unauthenticated, Code::limit_reached)};
  using Answer = LoginAnswer;
  std::string user;
  Secret password;
  std::string device_name;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The account: local part or full id.");
    field("password", self.password, "The password.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
    field("device_name", self.device_name, "What the person calls this device.",
          Bounds{.max_code_points = kMaxNameCharacters});
  }
};

struct ResumeAnswer {
  UserId user;
  DeviceId device;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The account's full id.");
    field("device", self.device, "The device that the token belongs to.");
  }
};

struct SessionResume {
  static constexpr MethodInfo kMethod{"session.resume",
                                      "Makes this connection a device's again, by its token.",
                                      Access::anyone, false, errors(Code::unauthenticated)};
  using Answer = ResumeAnswer;
  Secret token;
  static void fields(auto& self, auto&& field) {
    field("token", self.token, "The token that a login gave.");
  }
};

struct SessionLogout {
  static constexpr MethodInfo kMethod{"session.logout",
                                      "Ends this device: its token stops working at once.",
                                      Access::user, true, 0};
  using Answer = Nothing;
  static void fields(auto&, auto&&) {}
};

struct PingAnswer {
  TimeMs time = 0;
  static void fields(auto& self, auto&& field) {
    field("time", self.time, "The server's clock, milliseconds since 1970 UTC.");
  }
};

struct SessionPing {
  static constexpr MethodInfo kMethod{"session.ping",
                                      "The heartbeat: shows both sides that the line is alive. No "
                                      "sign of activity: see presence.set.",
                                      Access::user, false, 0};
  using Answer = PingAnswer;
  static void fields(auto&, auto&&) {}
};

struct AccountChangePassword {
  static constexpr MethodInfo kMethod{
      "account.change_password",
      "Sets a new password and logs all other devices out. `forbidden`: the old one is wrong; the "
      "session goes on.",
      Access::user, true, errors(Code::forbidden)};
  using Answer = Nothing;
  Secret old_password;
  Secret new_password;
  static void fields(auto& self, auto&& field) {
    field("old_password", self.old_password, "The present password.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
    field("new_password", self.new_password, "The new one.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
  }
};

struct DeviceInfo {
  static constexpr std::string_view kTypeName = "Device";
  DeviceId device;
  std::string name;
  TimeMs created = 0;
  TimeMs last_seen = 0;
  bool is_online = false;
  bool is_this = false;
  static void fields(auto& self, auto&& field) {
    field("device", self.device, "The device's id.");
    field("name", self.name, "What the person called it.");
    field("created", self.created, "When it logged in.");
    field("last_seen", self.last_seen, "When it was last connected.");
    field("online", self.is_online, "Whether it is connected now.");
    field("this", self.is_this, "Whether it is the one that asks.");
  }
};

struct DeviceListAnswer {
  std::vector<DeviceInfo> devices;
  static void fields(auto& self, auto&& field) {
    field("devices", self.devices, "The account's devices, newest first.");
  }
};

struct DeviceList {
  static constexpr MethodInfo kMethod{"device.list", "The devices logged in to this account.",
                                      Access::user, true, 0};
  using Answer = DeviceListAnswer;
  static void fields(auto&, auto&&) {}
};

struct DeviceRevoke {
  static constexpr MethodInfo kMethod{"device.revoke",
                                      "Logs a device of this account out, at once.", Access::user,
                                      true, errors(Code::not_found)};
  using Answer = Nothing;
  DeviceId device;
  static void fields(auto& self, auto&& field) { field("device", self.device, "The device."); }
};

}  // namespace chatd::wire
