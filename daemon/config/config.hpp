#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/log.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace chatd::config {

// A numeric IPv4 or IPv6 address with a port; port 0 lets the system choose one. Of other servers
// also a name.
struct Endpoint {
  std::string address;
  std::uint16_t port = 0;
  bool operator==(const Endpoint&) const = default;
};

// Who may make an account: everybody, who holds an invite link, or only the administrator.
enum class SignUp : std::uint8_t { open, invite, closed };

// With which other servers this one federates: all that are not denied, those that are allowed,
// none.
enum class Federate : std::uint8_t { open, allow_list, closed };

// Where the key that says who this server is lies: in its data folder, or out of its reach.
enum class RootKey : std::uint8_t { file, offline };

// Servers with which there is no federation.
struct Denial {
  std::string servers;  // a name, or "*." and a name: all below it
  std::string reason;
  TimeMs until = 0;  // 0: for ever
};

// What is known of another server beforehand.
struct Peer {
  std::string server;
  std::vector<Endpoint> endpoints;  // none: found through its name
  std::string root_key;             // base64url; empty: its certificate proves it
};

// One key below [plugin.<name>] as text: "a.b" for nested tables, "true" or "false", decimal
// numbers, and the items of a list one per line. The host checks it against the plugin's schema
// and complains with the place.
struct PluginSetting {
  std::string key;
  std::string value;
  std::uint32_t line = 0;
  std::uint32_t column = 0;
  bool operator==(const PluginSetting& other) const {
    return key == other.key && value == other.value;  // wherever it stands
  }
};

// What the daemon was told, checked and complete: the initialisers are the defaults, and every path
// is absolute. What each member means is said once, in settings.cpp. Plain data, any thread.
struct Config {
  struct Server {
    std::string name;
    std::filesystem::path data_dir;
    std::string contact;
  } server;

  struct Listen {
    std::vector<Endpoint> tls = {{"::", 8443}};
    std::vector<Endpoint> plain;
    std::uint32_t io_threads = 1;
    std::vector<std::string> allowed_origins;
    std::uint32_t max_connections = 10'000;
    std::uint32_t max_connections_per_address = 256;
  } listen;

  struct Tls {
    std::filesystem::path certificate;
    std::filesystem::path key;
  } tls;

  struct Web {
    std::filesystem::path root;  // empty: none
  } web;

  struct Control {
    std::filesystem::path socket = "chatd.sock";
  } control;

  struct Log {
    log::Level level = log::Level::info;
  } log;

  struct Accounts {
    SignUp sign_up = SignUp::closed;
    std::uint32_t max_devices = 20;
    std::chrono::days device_idle{0};
  } accounts;

  struct Rooms {
    std::uint32_t member_limit = 100;
    std::uint32_t presence_room_limit = 20;
    std::uint32_t max_per_account = 1'000;
  } rooms;

  struct Limits {
    std::uint32_t text_code_points = 100'000;
    std::uint32_t messages_per_minute = 120;
    std::uint32_t requests_per_second = 50;
    std::uint32_t logins_per_minute = 30;
    std::uint32_t sign_ups_per_hour = 10;
  } limits;

  struct Presence {
    std::chrono::seconds grace{30};
    std::chrono::seconds away{600};
    std::chrono::milliseconds coalesce{500};
  } presence;

  struct Federation {
    Federate mode = Federate::open;
    std::vector<std::string> allow;
    std::vector<Denial> deny;
    std::vector<Peer> peers;
    std::vector<Endpoint> endpoints;
    RootKey root_key = RootKey::file;
    std::chrono::days probation{7};
    std::uint32_t links_per_hour = 600;
    std::uint32_t submits_per_minute = 6'000;
    std::uint32_t megabytes_per_minute = 64;
    std::uint32_t joins_per_hour = 2'000;
    std::uint32_t invites_per_hour = 2'000;
    std::uint32_t rooms_per_hour = 2'000;
    std::uint32_t notices_per_hour = 6'000;
    std::uint32_t notices_waiting_per_server = 1'000;
    std::uint32_t notices_waiting = 100'000;
  } federation;

  struct Storage {
    std::string plugin = "storage_lmdb";
  } storage;

  struct Auth {
    std::string plugin = "auth_password";
  } auth;

  struct Plugins {
    std::vector<std::filesystem::path> dirs = {"/usr/lib/chatd/plugins",
                                               "/usr/local/lib/chatd/plugins"};
    std::vector<std::string> load;
  } plugins;

  // [plugin.<name>] by name, each in the order of its keys.
  std::map<std::string, std::vector<PluginSetting>> plugin;
};

}  // namespace chatd::config
