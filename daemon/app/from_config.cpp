#include "daemon/app/from_config.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/encoding.hpp"
#include "daemon/config/setting.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/limits.hpp"
#include "federation/limits.hpp"

#include <algorithm>

namespace chatd::app {
namespace {

host::WantedPlugin wanted(const config::Config& config, const std::string& name) {
  host::WantedPlugin plugin{name, {}};
  bool has_path = false;
  if (const auto section = config.plugin.find(name); section != config.plugin.end()) {
    for (const config::PluginSetting& setting : section->second) {
      plugin.settings.push_back({setting.key, setting.value});
      has_path = has_path || setting.key == "path";
    }
  }
  // The embedded store lies in the data folder unless the admin says otherwise.
  if (name == "storage_lmdb" && !has_path)
    plugin.settings.push_back({"path", (config.server.data_dir / "store").string()});
  return plugin;
}

constexpr std::uint32_t kMegabyte = 1024 * 1024;

static_assert(config::kMaxPlaces == federation::kMaxEndpoints);

std::vector<federation::Endpoint> places(const std::vector<config::Endpoint>& endpoints) {
  std::vector<federation::Endpoint> places;
  for (const config::Endpoint& endpoint : endpoints)
    places.push_back({endpoint.address, endpoint.port});
  return places;
}

// The config was checked: nothing in it fails here.
federation::ServerPattern pattern(const std::string& text) {
  auto pattern = federation::ServerPattern::parse(text);
  CHATD_ASSERT(pattern.has_value());
  return *std::move(pattern);
}

federation::Pin pin(const config::Peer& peer) {
  federation::Pin pin{places(peer.endpoints), {}};
  if (peer.root_key.empty()) return pin;
  auto& key = pin.root.emplace().bytes;
  const auto bytes = from_base64url(peer.root_key);
  CHATD_ASSERT(bytes && bytes->size() == key.size());
  std::copy(bytes->begin(), bytes->end(), key.begin());
  return pin;
}

}  // namespace

core::Settings core_settings(const config::Config& config) {
  core::Settings settings;
  settings.server_name = config.server.name;
  settings.sign_up = static_cast<core::SignUp>(config.accounts.sign_up);
  settings.max_devices = config.accounts.max_devices;
  settings.max_rooms = config.rooms.max_per_account;
  settings.room_member_limit = config.rooms.member_limit;
  settings.presence_room_limit = config.rooms.presence_room_limit;
  settings.max_text_characters = config.limits.text_code_points;
  settings.max_notices_per_server = config.federation.notices_waiting_per_server;
  settings.max_notices = config.federation.notices_waiting;
  settings.presence_grace = config.presence.grace;
  settings.presence_coalesce = config.presence.coalesce;
  settings.presence_away = config.presence.away;
  settings.device_idle = config.accounts.device_idle;
  settings.messages_per_user.count = config.limits.messages_per_minute;
  settings.requests_per_device = {config.limits.requests_per_second * 10, Millis{10'000}};
  settings.logins_per_address.count = config.limits.logins_per_minute;
  settings.sign_ups_per_address.count = config.limits.sign_ups_per_hour;
  return settings;
}

net::Access access(const config::Config& config) {
  return {config.listen.max_connections_per_address, config.listen.allowed_origins};
}

net::Options net_options(const config::Config& config) {
  net::Options options;
  for (const config::Endpoint& endpoint : config.listen.tls)
    options.listen.push_back({endpoint.address, endpoint.port, true, false});
  for (const config::Endpoint& endpoint : config.listen.plain)
    options.listen.push_back({endpoint.address, endpoint.port, false, true});
  options.tls = {config.tls.certificate.string(), config.tls.key.string()};
  options.control_socket = config.control.socket.string();
  options.io_threads = config.listen.io_threads;
  options.takes_links = true;  // whom, is federation's to say
  options.max_connections = config.listen.max_connections;
  options.access = access(config);
  options.behind = wire::Packet::text(wire::encode_event(wire::BehindEvent{}));
  return options;
}

wire::ServerInfo server_info(const config::Config& config) {
  wire::ServerInfo info;
  info.server = config.server.name;
  info.contact = config.server.contact;
  info.version = CHATD_VERSION;
  info.limits = {config.limits.text_code_points, wire::kMaxFrameBytes, config.rooms.member_limit};
  return info;
}

federation::Settings federation_settings(const config::Config& config) {
  const config::Config::Federation& wanted = config.federation;
  federation::Settings settings;
  settings.policy.mode = static_cast<federation::Mode>(wanted.mode);
  for (const std::string& servers : wanted.allow)
    settings.policy.allowed.push_back(pattern(servers));
  for (const config::Denial& denial : wanted.deny)
    settings.policy.denied.push_back({pattern(denial.servers), denial.reason, denial.until});
  for (const config::Peer& peer : wanted.peers) settings.pins.emplace(peer.server, pin(peer));
  settings.endpoints = places(wanted.endpoints);
  // With a port that the system chose: where its document was found.
  if (settings.endpoints.empty() && !config.listen.tls.empty() && config.listen.tls[0].port != 0)
    settings.endpoints.push_back({config.server.name, config.listen.tls[0].port});
  settings.limits = server_info(config).limits;
  if (federation::is_contact(config.server.contact)) settings.contact = config.server.contact;
  settings.probation = wanted.probation;
  const auto set = [&](federation::Spend what, std::uint32_t count) {
    settings.quotas[static_cast<std::size_t>(what)].count = count;
  };
  using federation::Spend;
  set(Spend::link, wanted.links_per_hour);
  set(Spend::submit, wanted.submits_per_minute);
  set(Spend::byte, wanted.megabytes_per_minute * kMegabyte);
  set(Spend::join, wanted.joins_per_hour);
  set(Spend::invite, wanted.invites_per_hour);
  set(Spend::room, wanted.rooms_per_hour);
  set(Spend::notice, wanted.notices_per_hour);
  return settings;
}

host::HostOptions host_options(const config::Config& config) {
  host::HostOptions options;
  options.dirs = config.plugins.dirs;
  options.storage = wanted(config, config.storage.plugin);
  options.auth = wanted(config, config.auth.plugin);
  for (const std::string& name : config.plugins.load)
    options.others.push_back(wanted(config, name));
  return options;
}

}  // namespace chatd::app
