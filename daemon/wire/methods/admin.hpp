#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/room.hpp"

// What chatctl may ask through the control socket.
namespace chatd::wire {

struct AdminStatusAnswer {
  std::string version;
  std::string server;
  TimeMs started = 0;
  std::string state;
  std::uint64_t connections = 0;
  std::uint64_t sessions = 0;
  std::uint64_t users_online = 0;
  std::uint64_t accounts = 0;
  std::uint64_t records_stored = 0;
  RawJson storage;
  static void fields(auto& self, auto&& field) {
    field("version", self.version, "The daemon's version.");
    field("server", self.server, "The server's name.");
    field("started", self.started, "When the daemon started.");
    field("state", self.state, "running, read_only or draining.");
    field("connections", self.connections, "Open connections.");
    field("sessions", self.sessions, "Of these, logged in.");
    field("users_online", self.users_online, "Accounts with a session.");
    field("accounts", self.accounts, "Accounts of this server.");
    field("records_stored", self.records_stored, "Records made durable since the start.");
    field("storage", self.storage, "What the storage plugin says of itself: name -> value.");
  }
};

struct AdminStatus {
  static constexpr MethodInfo kMethod{"admin.status", "How the daemon is.", Access::admin, false,
                                      0};
  using Answer = AdminStatusAnswer;
  static void fields(auto&, auto&&) {}
};

struct AdminShutdown {
  static constexpr MethodInfo kMethod{"admin.shutdown",
                                      "Tells clients when to come back, commits what was accepted, "
                                      "and ends the daemon.",
                                      Access::admin, false, 0};
  using Answer = Nothing;
  static void fields(auto&, auto&&) {}
};

struct TextAnswer {
  std::string text;
  static void fields(auto& self, auto&& field) { field("text", self.text, "The text."); }
};

struct AdminMetrics {
  static constexpr MethodInfo kMethod{"admin.metrics", "The metrics as Prometheus text.",
                                      Access::admin, false, 0};
  using Answer = TextAnswer;
  static void fields(auto&, auto&&) {}
};

struct AdminConfigShow {
  static constexpr MethodInfo kMethod{"admin.config.show",
                                      "The configuration in force, defaults included, as TOML.",
                                      Access::admin, false, 0};
  using Answer = TextAnswer;
  static void fields(auto&, auto&&) {}
};

struct ReloadAnswer {
  std::vector<std::string> changed;
  std::vector<std::string> needs_restart;
  static void fields(auto& self, auto&& field) {
    field("changed", self.changed, "Settings that changed and are in force.");
    field("needs_restart", self.needs_restart, "Settings that changed but wait for a restart.");
  }
};

struct AdminReload {
  static constexpr MethodInfo kMethod{"admin.reload",
                                      "Reads the configuration and certificates again.",
                                      Access::admin, false, errors(Code::conflict)};
  using Answer = ReloadAnswer;
  static void fields(auto&, auto&&) {}
};

struct CertificateInfo {
  static constexpr std::string_view kTypeName = "Certificate";
  std::string subject;
  std::vector<std::string> names;
  TimeMs not_before = 0;
  TimeMs not_after = 0;
  std::string fingerprint;
  static void fields(auto& self, auto&& field) {
    field("subject", self.subject, "Its subject.");
    field("names", self.names, "The DNS names and addresses it is for.");
    field("not_before", self.not_before, "Valid from.");
    field("not_after", self.not_after, "Valid until.");
    field("fingerprint", self.fingerprint, "SHA-256, hexadecimal.");
  }
};

struct AdminCertShow {
  static constexpr MethodInfo kMethod{"admin.cert.show", "The certificate in use.", Access::admin,
                                      false, errors(Code::not_found)};
  using Answer = CertificateInfo;
  static void fields(auto&, auto&&) {}
};

struct AdminCertReload {
  static constexpr MethodInfo kMethod{
      "admin.cert.reload", "Reads the certificate and key again; open sessions stay.",
      Access::admin, false, errors(Code::not_found, Code::conflict)};
  using Answer = CertificateInfo;
  static void fields(auto&, auto&&) {}
};

struct PluginNumbers {
  static constexpr std::string_view kTypeName = "PluginNumbers";
  std::uint64_t calls = 0;
  std::uint64_t microseconds = 0;
  std::uint64_t over_budget = 0;
  std::uint64_t timeouts = 0;
  std::uint64_t stray_answers = 0;
  std::uint64_t failures = 0;
  std::uint64_t log_lag = 0;
  static void fields(auto& self, auto&& field) {
    field("calls", self.calls, "Calls on the loop.");
    field("microseconds", self.microseconds, "Time spent in them.");
    field("over_budget", self.over_budget, "Of them, those that took longer than 1 ms.");
    field("timeouts", self.timeouts, "Questions that it did not answer in time.");
    field("stray_answers", self.stray_answers, "Answers that came late, twice or to no question.");
    field("failures", self.failures, "Answers that were no sensible ones.");
    field("log_lag", self.log_lag, "Commits that its slowest subscription is behind.");
  }
};

struct PluginInfo {
  static constexpr std::string_view kTypeName = "Plugin";
  std::string name;
  std::string version;
  std::string summary;
  std::string file;
  std::string state;
  std::vector<std::string> roles;
  std::vector<std::string> methods;
  std::string config_schema;
  PluginNumbers numbers;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "The plugin's name.");
    field("version", self.version, "Its own version.");
    field("summary", self.summary, "What it is for, in one line.");
    field("file", self.file, "Where it was loaded from.");
    field("state", self.state, "loaded, or why it was refused.");
    field("roles", self.roles, "The roles it serves.");
    field("methods", self.methods, "The methods that it gives clients.");
    field("config_schema", self.config_schema, "The settings it takes.");
    field("numbers", self.numbers, "What it did since the start.");
  }
};

struct PluginListAnswer {
  std::vector<PluginInfo> plugins;
  static void fields(auto& self, auto&& field) {
    field("plugins", self.plugins, "All that were to be loaded.");
  }
};

struct AdminPluginList {
  static constexpr MethodInfo kMethod{"admin.plugin.list", "The plugins, loaded or refused.",
                                      Access::admin, false, 0};
  using Answer = PluginListAnswer;
  static void fields(auto&, auto&&) {}
};

struct AdminLogFollow {
  static constexpr MethodInfo kMethod{
      "admin.log.follow", "Sends each new log line as an event until the connection ends.",
      Access::admin, false, 0};
  using Answer = Nothing;
  static void fields(auto&, auto&&) {}
};

struct AdminUser {
  static constexpr std::string_view kTypeName = "AdminUser";
  UserId user;
  std::string display_name;
  bool is_enabled = true;
  TimeMs created = 0;
  std::uint64_t devices = 0;
  std::uint64_t rooms = 0;
  bool is_online = false;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "The account's id.");
    field("display_name", self.display_name, "Its name.");
    field("enabled", self.is_enabled, "Whether it may log in.");
    field("created", self.created, "When it was created.");
    field("devices", self.devices, "How many devices are logged in.");
    field("rooms", self.rooms, "How many rooms it is in.");
    field("online", self.is_online, "Whether it is connected.");
  }
};

struct AdminUserCreate {
  static constexpr MethodInfo kMethod{"admin.user.create", "Creates an account.", Access::admin,
                                      false, errors(Code::conflict, Code::denied)};
  using Answer = AdminUser;
  std::string name;
  Secret password;
  std::optional<std::string> display_name;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "The local part.", Bounds{.max_code_points = 64});
    field("password", self.password, "Its password.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
    field("display_name", self.display_name, "Its name.",
          Bounds{.max_code_points = kMaxNameCharacters});
  }
};

struct AdminUserListAnswer {
  std::vector<AdminUser> users;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("users", self.users, "In the order of their ids.");
    field("next", self.next, "Pass it as `after` for the next page.");
  }
};

struct AdminUserList {
  static constexpr MethodInfo kMethod{"admin.user.list", "The accounts of this server.",
                                      Access::admin, false, 0};
  using Answer = AdminUserListAnswer;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 100 unless told.", Bounds{.max_value = 1000});
  }
};

struct AdminUserShow {
  static constexpr MethodInfo kMethod{"admin.user.show", "One account.", Access::admin, false,
                                      errors(Code::not_found)};
  using Answer = AdminUser;
  UserId user;
  static void fields(auto& self, auto&& field) { field("user", self.user, "Whose."); }
};

struct AdminUserPasswd {
  static constexpr MethodInfo kMethod{"admin.user.passwd",
                                      "Sets an account's password and logs all its devices out.",
                                      Access::admin, false, errors(Code::not_found)};
  using Answer = Nothing;
  UserId user;
  Secret password;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Whose.");
    field("password", self.password, "The new one.",
          Bounds{.max_code_points = kMaxPasswordCharacters});
  }
};

struct AdminUserEnable {
  static constexpr MethodInfo kMethod{
      "admin.user.enable", "Lets an account log in again, or no longer (and logs it out at once).",
      Access::admin, false, errors(Code::not_found)};
  using Answer = AdminUser;
  UserId user;
  bool enabled = true;
  static void fields(auto& self, auto&& field) {
    field("user", self.user, "Whose.");
    field("enabled", self.enabled, "false to disable.");
  }
};

struct InviteAnswer {
  std::string invite;
  TimeMs expires = 0;
  static void fields(auto& self, auto&& field) {
    field("invite", self.invite, "The token for account.sign_up.");
    field("expires", self.expires, "When it stops working.");
  }
};

struct AdminInviteCreate {
  static constexpr MethodInfo kMethod{"admin.invite.create",
                                      "Makes a token with which people may sign up.", Access::admin,
                                      false, 0};
  using Answer = InviteAnswer;
  std::optional<std::uint32_t> uses;
  std::optional<std::uint32_t> days;
  static void fields(auto& self, auto&& field) {
    field("uses", self.uses, "How often it works; once unless told.", Bounds{.max_value = 10000});
    field("days", self.days, "For how long; 7 unless told.", Bounds{.max_value = 365});
  }
};

struct AdminRoom {
  static constexpr std::string_view kTypeName = "AdminRoom";
  RoomId room;
  RoomType type = RoomType::group;
  std::string name;
  std::uint64_t members = 0;
  Seq head_seq = 0;
  std::string head_hash;
  TimeMs created = 0;
  TimeMs last_active = 0;
  static void fields(auto& self, auto&& field) {
    field("room", self.room, "The room's id.");
    field("type", self.type, "direct or group.");
    field("name", self.name, "Its name.");
    field("members", self.members, "Members that joined.");
    field("head_seq", self.head_seq, "The newest record's number.");
    field("head_hash", self.head_hash, "Its hash, hexadecimal.");
    field("created", self.created, "When it was founded.");
    field("last_active", self.last_active, "When the newest record came.");
  }
};

struct AdminRoomListAnswer {
  std::vector<AdminRoom> rooms;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("rooms", self.rooms, "In the order of their ids.");
    field("next", self.next, "Pass it as `after` for the next page.");
  }
};

struct AdminRoomList {
  static constexpr MethodInfo kMethod{"admin.room.list", "The rooms of this server.", Access::admin,
                                      false, 0};
  using Answer = AdminRoomListAnswer;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 50 unless told.", Bounds{.max_value = 200});
  }
};

struct AdminRoomShowAnswer {
  AdminRoom summary;
  std::vector<Member> members;
  static void fields(auto& self, auto&& field) {
    field("summary", self.summary, "The room.");
    field("members", self.members, "Everyone who is or was invited, in, or banned.");
  }
};

struct AdminRoomShow {
  static constexpr MethodInfo kMethod{"admin.room.show", "One room with its members.",
                                      Access::admin, false, errors(Code::not_found)};
  using Answer = AdminRoomShowAnswer;
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "Which."); }
};

struct AdminRoomVerifyAnswer {
  Seq records = 0;
  std::uint64_t erased = 0;
  std::string head_hash;
  std::vector<std::string> problems;
  static void fields(auto& self, auto&& field) {
    field("records", self.records, "How many were read.");
    field("erased", self.erased, "How many of them have no content any more.");
    field("head_hash", self.head_hash, "The chain's end, hexadecimal.");
    field("problems", self.problems, "What is wrong, in words; empty: the log is whole.");
  }
};

struct AdminRoomVerify {
  static constexpr MethodInfo kMethod{
      "admin.room.verify", "Reads a room's whole log and checks numbers, hashes and state.",
      Access::admin, false, errors(Code::not_found)};
  using Answer = AdminRoomVerifyAnswer;
  RoomId room;
  static void fields(auto& self, auto&& field) { field("room", self.room, "Which."); }
};

}  // namespace chatd::wire
