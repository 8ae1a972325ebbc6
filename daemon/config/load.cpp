#include "daemon/config/load.hpp"

#include "daemon/base/closest.hpp"
#include "daemon/config/setting.hpp"
#include "daemon/config/take.hpp"
#include "daemon/config/toml.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

namespace chatd::config {
namespace {

constexpr std::size_t kMaxSocketPathBytes = 107;  // sun_path in unix(7), without its final zero
constexpr int kMaxPluginDepth = 4;                // [plugin.x] with tables in tables
constexpr int kMaxSyntaxMistakes = 10;

std::vector<std::string> section_names() {
  std::vector<std::string> names = {"plugin"};
  for (const Section& section : sections()) names.emplace_back(section.name);
  return names;
}

bool stands_before(const Mistake& a, const Mistake& b) {
  return std::pair(a.line, a.column) < std::pair(b.line, b.column);
}

// Walks a parsed file along the table of settings and gathers what is wrong.
class Reader {
 public:
  explicit Reader(const std::filesystem::path& file)
      : file_(file.native()), folder_(file.parent_path()) {}

  void complain(const toml::source_region& at, std::string message) {
    mistakes_.push_back({at.begin.line, at.begin.column, file_, std::move(message)});
  }
  void read(const toml::table& root) {
    for (const auto& [name, node] : root) read_section(name, node);
  }
  // Checks what only the whole can show. `is_whole`: no line had to be left out.
  [[nodiscard]] Reading finish(bool is_whole);

 private:
  void read_section(const toml::key& name, const toml::node& node);
  void read_key(const std::string& section, const toml::key& key, const toml::node& node);
  void read_plugin(const std::string& prefix, const toml::table& table, int depth,
                   std::vector<PluginSetting>& out);
  void check_missing();
  void check_listeners();
  void check_socket();
  void check_federation();
  void check_plugins();
  [[nodiscard]] bool knows_plugins() const;
  [[nodiscard]] toml::source_region place_of(const std::string& name) const {
    const auto found = places_.find(name);
    return found == places_.end() ? toml::source_region() : found->second;
  }

  const std::string file_;
  const std::filesystem::path folder_;
  const Complain complain_ = [this](const toml::source_region& at, std::string message) {
    complain(at, std::move(message));
  };
  Config config_;
  std::vector<Mistake> mistakes_;
  // Where each known setting and each [plugin.<name>] that is there stands, right or wrong.
  std::map<std::string, toml::source_region> places_;
  std::set<std::string> wrong_;
};

void Reader::read_section(const toml::key& name, const toml::node& node) {
  const std::string section(name.str());
  const auto names = section_names();
  const auto* table = node.as_table();
  if (std::find(names.begin(), names.end(), section) == names.end()) {
    std::vector<std::string> homes;
    for (const Setting& setting : settings())
      if (setting.key == section) homes.push_back(fmt::format("[{}]", setting.section));
    if (table == nullptr && !homes.empty())
      return complain(name.source(),
                      fmt::format("{} stands before the first section; it belongs below {}",
                                  section, fmt::join(homes, " or ")));
    return complain(name.source(), fmt::format("there is no section {}{}", in_quotes(section),
                                               did_you_mean(section, names)));
  }
  if (table == nullptr)
    return complain(
        name.source(),
        fmt::format("{0} is a section, not {1}: write [{0}] once and its settings below", section,
                    type_text(node)));
  if (section != "plugin") {
    for (const auto& [key, value] : *table) read_key(section, key, value);
    return;
  }
  for (const auto& [key, value] : *table) {
    const std::string plugin(key.str());
    const auto* settings = value.as_table();
    places_["plugin." + plugin] = key.source();
    if (settings == nullptr)
      complain(key.source(), fmt::format("settings of a plugin stand below [plugin.NAME]; did you "
                                         "mean a setting in [plugins]?"));
    else
      read_plugin("", *settings, 1, config_.plugin[plugin]);
  }
}

void Reader::read_key(const std::string& section, const toml::key& key, const toml::node& node) {
  std::vector<std::string> siblings;
  std::string elsewhere;
  for (const Setting& setting : settings()) {
    if (setting.section == section && setting.key == key.str()) {
      const std::size_t before = mistakes_.size();
      take(setting, node, folder_, config_, complain_);
      places_[setting.name()] = key.source();
      if (mistakes_.size() != before) wrong_.insert(setting.name());
      return;
    }
    if (setting.section == section) siblings.emplace_back(setting.key);
    if (setting.key == key.str()) elsewhere = setting.section;
  }
  std::string advice = did_you_mean(key.str(), siblings);
  if (advice.empty() && !elsewhere.empty())
    advice = fmt::format("; there is one of that name in [{}]", elsewhere);
  complain(key.source(),
           fmt::format("there is no setting {} in [{}]{}", in_quotes(key.str()), section, advice));
}

void Reader::read_plugin(const std::string& prefix, const toml::table& table, int depth,
                         std::vector<PluginSetting>& out) {
  for (const auto& [key, node] : table) {
    const std::string name = prefix + std::string(key.str());
    const auto* inner = node.as_table();
    if (inner == nullptr)
      take_plugin_value(name, node, out, complain_);
    else if (depth == kMaxPluginDepth)
      complain(key.source(), fmt::format("{} is nested too deep", in_quotes(name)));
    else
      read_plugin(name + ".", *inner, depth + 1, out);
  }
}

void Reader::check_missing() {
  for (const Setting& setting : settings()) {
    if (setting.is_needed == nullptr || places_.count(setting.name()) != 0) continue;
    if (!setting.is_needed(config_)) continue;
    complain({}, fmt::format("{} is missing; for example, below [{}]: {} = {}", setting.name(),
                             setting.section, setting.key, in_quotes(setting.example)));
  }
}

void Reader::check_listeners() {
  if (config_.listen.tls.empty() && config_.listen.plain.empty())
    complain(place_of("listen.tls"),
             "listen.tls and listen.plain are both empty: nobody could connect");
  std::vector<Endpoint> taken;
  const auto take = [&](const char* setting, const std::vector<Endpoint>& endpoints) {
    for (const Endpoint& endpoint : endpoints) {
      for (const Endpoint& other : taken)
        if (overlap(endpoint, other))
          complain(place_of(setting),
                   fmt::format("{} can't be listened on together with {}: [::] takes every "
                               "address, 0.0.0.0 every one of IPv4",
                               in_quotes(text(endpoint)), in_quotes(text(other))));
      taken.push_back(endpoint);
    }
  };
  take("listen.tls", config_.listen.tls);
  take("listen.plain", config_.listen.plain);
}

void Reader::check_federation() {
  const Config::Federation& federation = config_.federation;
  for (const Peer& peer : federation.peers)
    if (peer.server == config_.server.name)
      complain(place_of("federation.peers"), "federation.peers names this server itself");
  const bool is_mode_right = wrong_.count("federation.mode") == 0;
  if (is_mode_right && federation.mode != Federate::allow_list && !federation.allow.empty())
    complain(place_of("federation.allow"),
             "federation.allow restricts nothing unless federation.mode is \"allow_list\"");
}

void Reader::check_socket() {
  auto& socket = config_.control.socket;
  socket = (config_.server.data_dir / socket).lexically_normal();
  if (socket.native().size() <= kMaxSocketPathBytes) return;
  complain(place_of(places_.count("control.socket") != 0 ? "control.socket" : "server.data_dir"),
           fmt::format("the control socket's path {} has {} bytes, the system allows {}: set "
                       "control.socket to a shorter one",
                       in_quotes(socket.native()), socket.native().size(), kMaxSocketPathBytes));
}

bool Reader::knows_plugins() const {
  for (const char* name : {"plugins.dirs", "plugins.load", "storage.plugin", "auth.plugin"})
    if (wrong_.count(name) != 0) return false;
  return true;
}

// A section for a plugin that nobody loads is most likely a slip in its name.
void Reader::check_plugins() {
  if (!knows_plugins()) return;
  std::vector<std::string> loaded = config_.plugins.load;
  for (const std::string& role : {config_.storage.plugin, config_.auth.plugin}) {
    if (std::find(loaded.begin(), loaded.end(), role) != loaded.end())
      complain(place_of("plugins.load"),
               fmt::format("plugins.load names {}, which [storage] or [auth] loads already",
                           in_quotes(role)));
    loaded.push_back(role);
  }
  for (const auto& [plugin, settings] : config_.plugin) {
    if (std::find(loaded.begin(), loaded.end(), plugin) != loaded.end()) continue;
    const std::string advice = did_you_mean(plugin, loaded);
    complain(place_of("plugin." + plugin),
             fmt::format("[plugin.{}] has settings, but no such plugin is loaded{}", plugin,
                         advice.empty() ? "; name it in plugins.load" : advice));
  }
}

Reading Reader::finish(bool is_whole) {
  if (is_whole) {
    check_missing();
    check_listeners();
    check_socket();
    check_federation();
    check_plugins();
  }
  std::stable_sort(mistakes_.begin(), mistakes_.end(), &stands_before);
  Reading reading{file_, std::move(config_), std::move(mistakes_), {}, false};
  reading.knows_plugins = is_whole && knows_plugins();
  for (const auto& [name, at] : places_) reading.places[name] = {at.begin.line, at.begin.column};
  for (const auto& [plugin, settings] : reading.config.plugin)
    for (const PluginSetting& setting : settings)
      reading.places[fmt::format("plugin.{}.{}", plugin, setting.key)] = {setting.line,
                                                                          setting.column};
  return reading;
}

Reading refuse(const std::filesystem::path& file, std::string message, std::uint32_t line = 0) {
  Reading reading;
  reading.mistakes.push_back({line, line == 0 ? 0U : 1U, file.native(), std::move(message)});
  return reading;
}

// Blanks line number `line` of `text` if it holds one whole setting, so that the rest can be read
// in spite of it. False for section headers and what spans lines: leaving those out would make the
// lines that follow look wrong.
bool leave_out(std::string& text, std::uint32_t line) {
  std::size_t from = 0;
  for (; line > 1 && from != std::string::npos; --line) {
    from = text.find('\n', from);
    if (from != std::string::npos) ++from;
  }
  if (from == std::string::npos) return false;
  const std::size_t size = std::min(text.find('\n', from), text.size()) - from;
  const std::string_view content = std::string_view(text).substr(from, size);
  const bool is_setting = content.find('=') != std::string_view::npos &&
                          content.find_first_not_of(" \t") != content.find('[') &&
                          content.find('#') > content.find('=');
  if (is_setting) text.replace(from, size, size, ' ');
  return is_setting;
}

}  // namespace

std::string Mistake::text() const {
  if (line == 0) return fmt::format("{}: {}", file, message);
  return fmt::format("{}:{}:{}: {}", file, line, column, message);
}

void Reading::complain(const std::string& name, std::string message) {
  const auto found = places.find(name);
  const Place at = found == places.end() ? Place{} : found->second;
  Mistake mistake{at.line, at.column, file, std::move(message)};
  mistakes.insert(std::upper_bound(mistakes.begin(), mistakes.end(), mistake, &stands_before),
                  std::move(mistake));
}

namespace {

Reading read_text(std::string_view text, const std::filesystem::path& file) {
  if (text.size() > kMaxFileBytes)
    return refuse(file, fmt::format("the file is larger than {} bytes", kMaxFileBytes));
  std::uint32_t line = 1;
  for (std::size_t from = 0; from < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', from), text.size());
    if (end - from > kMaxLineBytes)
      return refuse(file, fmt::format("the line is longer than {} bytes", kMaxLineBytes), line);
    from = end + 1;
  }

  Reader reader(file);
  std::string readable(text);
  for (int mistakes = 0;; ++mistakes) {
    const toml::parse_result result = toml::parse(readable);
    if (result) {
      reader.read(result.table());
      return reader.finish(mistakes == 0);
    }
    const toml::parse_error& error = result.error();
    const bool goes_on =
        mistakes < kMaxSyntaxMistakes && leave_out(readable, error.source().begin.line);
    // After one line was left out, a mistake in something larger may only follow from that.
    if (goes_on || mistakes == 0)
      reader.complain(error.source(), fmt::format("{}", error.description()));
    if (!goes_on) return reader.finish(false);
  }
}

}  // namespace

Checked<Config> result_of(Reading reading) {
  if (reading.mistakes.empty()) return std::move(reading.config);
  return tl::unexpected(std::move(reading.mistakes));
}

Checked<Config> parse(std::string_view text, const std::filesystem::path& file) {
  return result_of(read_text(text, file));
}

Checked<Config> load(const std::filesystem::path& file) { return result_of(read(file)); }

Reading read(const std::filesystem::path& file) {
  const auto failed = [&] {
    return refuse(file, fmt::format("can't read the configuration: {}",
                                    std::generic_category().message(errno)));
  };
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> stream(std::fopen(file.c_str(), "rb"),
                                                               &std::fclose);
  if (!stream) return failed();
  std::string text(kMaxFileBytes + 1, '\0');  // one more than parse() takes
  text.resize(std::fread(text.data(), 1, text.size(), stream.get()));
  if (std::ferror(stream.get()) != 0) return failed();

  std::error_code error;
  const auto whole_path = std::filesystem::absolute(file, error);
  if (error) return refuse(file, fmt::format("can't tell its folder: {}", error.message()));
  return read_text(text, whole_path);
}

}  // namespace chatd::config
