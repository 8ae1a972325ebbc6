#include "daemon/config/rule.hpp"
#include "daemon/config/setting.hpp"

#include <array>

namespace chatd::config {
namespace {

using namespace std::chrono;

bool always(const Config&) { return true; }
bool for_tls(const Config& config) { return !config.listen.tls.empty(); }

constexpr std::array kSignUpWords = {Word<SignUp>{"open", SignUp::open},
                                     Word<SignUp>{"invite", SignUp::invite},
                                     Word<SignUp>{"closed", SignUp::closed}};
constexpr std::array kLevelWords = {
    Word<log::Level>{"debug", log::Level::debug}, Word<log::Level>{"info", log::Level::info},
    Word<log::Level>{"warning", log::Level::warning}, Word<log::Level>{"error", log::Level::error}};

constexpr std::array kFederateWords = {Word<Federate>{"open", Federate::open},
                                       Word<Federate>{"allow_list", Federate::allow_list},
                                       Word<Federate>{"closed", Federate::closed}};
constexpr std::array kRootKeyWords = {Word<RootKey>{"file", RootKey::file},
                                      Word<RootKey>{"offline", RootKey::offline}};

constexpr std::array kSections = {
    Section{"server", "Who this server is and where it keeps things."},
    Section{"listen", "Where it can be reached, and by how many at once."},
    Section{"tls", "The certificate it shows. Read again at every reload."},
    Section{"web", "The web client that browsers get from this server."},
    Section{"control", "The door for chatctl."},
    Section{"log", "What goes to the log (standard error)."},
    Section{"accounts", "Who may have an account, on how many devices."},
    Section{"rooms", "Sizes of rooms."},
    Section{"limits", "What one person, device or address may ask for."},
    Section{"presence", "Who sees who is online, and how soon."},
    Section{"federation", "Which other servers people here can talk to, and how they are reached."},
    Section{"storage", "Which plugin keeps the history."},
    Section{"auth", "Which plugin checks who somebody is."},
    Section{"plugins",
            "Further plugins. One with settings of its own has a section "
            "[plugin.NAME]; `chatctl plugin info NAME` explains them."},
};

constexpr std::uint32_t kMost = 10'000'000;

template <auto kSection, auto kMember>
auto& at(Config& config) {
  return config.*kSection.*kMember;
}

constexpr Setting kSettings[] = {
    {"server", "name", Text{at<&Config::server, &Config::Server::name>, kServerName}, When::restart,
     "The domain name of this server: the part after @ in every user id. It can't change once "
     "there are accounts.",
     "chat.example", always},
    {"server", "data_dir", Path{at<&Config::server, &Config::Server::data_dir>, Base::config_file},
     When::restart,
     "The folder of everything the server keeps. It belongs to the server's user alone.",
     "/var/lib/chatd", always},
    {"server", "contact", Text{at<&Config::server, &Config::Server::contact>, kShortLine},
     When::live,
     "How people and other servers reach the operator: a mail address or a page. Everybody can "
     "read it; other servers are told it where it is of up to 200 characters of ASCII."},
    {"listen", "tls", EndpointList{at<&Config::listen, &Config::Listen::tls>, Host::address},
     When::restart,
     "Where clients and other servers connect over TLS. [::] takes IPv4 too; on a machine without "
     "IPv6 write 0.0.0.0."},
    {"listen", "plain", EndpointList{at<&Config::listen, &Config::Listen::plain>, Host::loopback},
     When::restart,
     "Where a reverse proxy on this machine, which does TLS itself, connects without TLS. The last "
     "address of its header X-Forwarded-For is taken for the client's, and "
     "listen.max_connections_per_address does not count here: that is the proxy's to do."},
    {"listen", "io_threads", Number{at<&Config::listen, &Config::Listen::io_threads>, 1, 64},
     When::restart,
     "Threads that do TLS and framing. With 1 no message changes threads; more pay off when one "
     "core is full."},
    {"listen", "allowed_origins",
     TextList{at<&Config::listen, &Config::Listen::allowed_origins>, kOrigin}, When::live,
     "Web pages from which browsers may connect; \"*\" lets any page. Pages of this server itself "
     "always may, and so may programs that are not browsers."},
    {"listen", "max_connections",
     Number{at<&Config::listen, &Config::Listen::max_connections>, 1, 1'000'000}, When::restart,
     "Connections open at once; more are turned away. Each needs about 20 KiB of memory and one "
     "file descriptor. Where the system allows fewer descriptors, fewer come in; the log says so "
     "at the start."},
    {"listen", "max_connections_per_address",
     Number{at<&Config::listen, &Config::Listen::max_connections_per_address>, 1, 1'000'000},
     When::live,
     "Connections open at once from one IPv4 address or one IPv6 /64 network. A whole school may "
     "stand behind one address."},
    {"tls", "certificate", Path{at<&Config::tls, &Config::Tls::certificate>, Base::config_file},
     When::live, "The certificate with its chain, as PEM. Needed unless listen.tls is empty.",
     "/etc/chatd/tls/fullchain.pem", for_tls},
    {"tls", "key", Path{at<&Config::tls, &Config::Tls::key>, Base::config_file}, When::live,
     "The certificate's private key, as PEM. Needed unless listen.tls is empty.",
     "/etc/chatd/tls/privkey.pem", for_tls},
    {"web", "root",
     Path{at<&Config::web, &Config::Web::root>, Base::config_file, /*may_be_empty=*/true},
     When::live,
     "The folder that the web client's build made, with its index.html. It is read at the start "
     "and at each reload, and served wherever clients connect: https://HOST:PORT/. Pages that are "
     "open then still get the files of before, those with a hash in their name. It may have 2,000 "
     "files and 32 MiB."},
    {"control", "socket", Path{at<&Config::control, &Config::Control::socket>, Base::data_dir},
     When::restart, "The Unix socket on which chatctl talks to the server."},
    {"log", "level", Choice<log::Level>{at<&Config::log, &Config::Log::level>, kLevelWords},
     When::live, "The least important lines that are still written. No level writes messages."},
    {"accounts", "sign_up",
     Choice<SignUp>{at<&Config::accounts, &Config::Accounts::sign_up>, kSignUpWords}, When::live,
     "Who may make an account: everybody, people with an invite link, or only the administrator."},
    {"accounts", "max_devices",
     Number{at<&Config::accounts, &Config::Accounts::max_devices>, 1, 1'000}, When::live,
     "Devices one account may be logged in on."},
    {"accounts", "device_idle_days",
     Duration<days>{at<&Config::accounts, &Config::Accounts::device_idle>, 0, 36'500}, When::live,
     "Days after which a device that did not connect is logged out. 0: never."},
    {"rooms", "member_limit", Number{at<&Config::rooms, &Config::Rooms::member_limit>, 2, 100},
     When::live, "Members a room may have. Rooms that have more already keep them."},
    {"rooms", "presence_room_limit",
     Number{at<&Config::rooms, &Config::Rooms::presence_room_limit>, 0, 100}, When::live,
     "Rooms with more members than this do not show who is online."},
    {"rooms", "max_per_account",
     Number{at<&Config::rooms, &Config::Rooms::max_per_account>, 1, 100'000}, When::live,
     "Rooms one account may be in."},
    {"limits", "text_code_points",
     Number{at<&Config::limits, &Config::Limits::text_code_points>, 1, 100'000}, When::live,
     "Characters (Unicode code points) one message may have."},
    {"limits", "messages_per_minute",
     Number{at<&Config::limits, &Config::Limits::messages_per_minute>, 1, 10'000'000}, When::live,
     "Records one account may write in a minute: messages, and changes of rooms and members."},
    {"limits", "requests_per_second",
     Number{at<&Config::limits, &Config::Limits::requests_per_second>, 1, 1'000'000}, When::live,
     "Requests of any kind one device may make in a second."},
    {"limits", "logins_per_minute",
     Number{at<&Config::limits, &Config::Limits::logins_per_minute>, 1, 1'000'000}, When::live,
     "Attempts to log in with a password from one address in a minute."},
    {"limits", "sign_ups_per_hour",
     Number{at<&Config::limits, &Config::Limits::sign_ups_per_hour>, 1, 1'000'000}, When::live,
     "Accounts that may be made from one address in an hour."},
    {"presence", "grace_seconds",
     Duration<seconds>{at<&Config::presence, &Config::Presence::grace>, 0, 3'600}, When::live,
     "Seconds a person whose last connection broke still counts as online."},
    {"presence", "away_seconds",
     Duration<seconds>{at<&Config::presence, &Config::Presence::away>, 0, 86'400}, When::live,
     "Seconds without a sign of activity after which a person is shown as away. 0: never."},
    {"presence", "coalesce_ms",
     Duration<milliseconds>{at<&Config::presence, &Config::Presence::coalesce>, 0, 60'000},
     When::live,
     "Milliseconds for which changes are gathered before others are told; only the last counts."},
    {"federation", "mode",
     Choice<Federate>{at<&Config::federation, &Config::Federation::mode>, kFederateWords},
     When::live,
     "All servers that are not denied, only the allowed ones, or none. `chatctl federation allow` "
     "and `deny` add to both lists while the server runs."},
    {"federation", "allow",
     TextList{at<&Config::federation, &Config::Federation::allow>, kServerPattern}, When::live,
     "With which servers to federate in the mode allow_list."},
    {"federation", "deny", DenialList{at<&Config::federation, &Config::Federation::deny>},
     When::live,
     "With which servers never to federate, whatever is allowed, and why. Each may be a section "
     "[[federation.deny]] of its own."},
    {"federation", "peers", PeerList{at<&Config::federation, &Config::Federation::peers>},
     When::live,
     "Servers that can't be found through the DNS: in a private network, or for a trial. Where "
     "endpoints are given only they are tried, addresses of private networks included. A root_key, "
     "as `chatctl federation keys show` prints it there, proves the server in place of its "
     "certificate. Each may be a section [[federation.peers]] of its own."},
    {"federation", "endpoints",
     EndpointList{at<&Config::federation, &Config::Federation::endpoints>, Host::name}, When::live,
     "Where other servers are told to connect, the best first. It must lead to listen.tls: what "
     "ends TLS on the way is taken for an attack. Empty: server.name with the port of listen.tls."},
    {"federation", "root_key",
     Choice<RootKey>{at<&Config::federation, &Config::Federation::root_key>, kRootKeyWords},
     When::restart,
     "Where the key that proves this server to others for ever lies: in the data folder, or out of "
     "its reach. `chatctl federation keys` says how the keys for each month are made then."},
    {"federation", "probation_days",
     Duration<days>{at<&Config::federation, &Config::Federation::probation>, 0, 365}, When::live,
     "Days until a server that is new here has all of the limits below; it begins with a tenth. "
     "One "
     "that does what no honest server does begins again. 0: no probation."},
    {"federation", "links_per_hour",
     Number{at<&Config::federation, &Config::Federation::links_per_hour>, 1, kMost}, When::live,
     "Connections one other server may make per hour."},
    {"federation", "submits_per_minute",
     Number{at<&Config::federation, &Config::Federation::submits_per_minute>, 1, kMost}, When::live,
     "Records one other server may hand in per minute for rooms of this one. What is more waits "
     "there."},
    {"federation", "megabytes_per_minute",
     Number{at<&Config::federation, &Config::Federation::megabytes_per_minute>, 1, 4'000},
     When::live, "MiB that these records may have."},
    {"federation", "joins_per_hour",
     Number{at<&Config::federation, &Config::Federation::joins_per_hour>, 1, kMost}, When::live,
     "Rooms of this server that people of one other server may enter per hour."},
    {"federation", "invites_per_hour",
     Number{at<&Config::federation, &Config::Federation::invites_per_hour>, 1, kMost}, When::live,
     "Invitations to rooms of this server that people of one other server may write per hour."},
    {"federation", "rooms_per_hour",
     Number{at<&Config::federation, &Config::Federation::rooms_per_hour>, 1, kMost}, When::live,
     "1:1 rooms that people of one other server may open here per hour."},
    {"federation", "notices_per_hour",
     Number{at<&Config::federation, &Config::Federation::notices_per_hour>, 1, kMost}, When::live,
     "Invitations and requests that one other server may bring to people of this one per hour."},
    {"federation", "notices_waiting_per_server",
     Number{at<&Config::federation, &Config::Federation::notices_waiting_per_server>, 1, kMost},
     When::live,
     "Invitations and requests of people here that may wait for one other server while it can't "
     "be reached. What takes one back is never refused."},
    {"federation", "notices_waiting",
     Number{at<&Config::federation, &Config::Federation::notices_waiting>, 1, kMost}, When::live,
     "How many may wait for all other servers together."},
    {"storage", "plugin", Text{at<&Config::storage, &Config::Storage::plugin>, kPluginName},
     When::restart, "The storage plugin. Without one the server does not start."},
    {"auth", "plugin", Text{at<&Config::auth, &Config::Auth::plugin>, kPluginName}, When::restart,
     "The plugin that checks passwords, tokens or whatever it understands."},
    {"plugins", "dirs", PathList{at<&Config::plugins, &Config::Plugins::dirs>}, When::restart,
     "Folders in which plugins are looked for, in this order."},
    {"plugins", "load", TextList{at<&Config::plugins, &Config::Plugins::load>, kPluginName},
     When::restart, "Plugins to load at the start, in this order, besides storage and auth."},
};

}  // namespace

std::string Setting::name() const { return std::string(section).append(".").append(key); }

std::span<const Setting> settings() { return kSettings; }

std::span<const Section> sections() { return kSections; }

}  // namespace chatd::config
