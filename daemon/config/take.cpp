#include "daemon/config/take.hpp"

#include "daemon/base/closest.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace chatd::config {
namespace {

constexpr std::size_t kMaxListItems = 1000;  // far above any list of addresses or plugins
constexpr std::size_t kMaxTextBytes = 4096;  // PATH_MAX; the longest thing that makes sense

constexpr TimeMs kLastTime = 253'402'300'799'000;  // of the year 9999: TOML has no later one

// A date, or a date with a time and its offset (UTC without), after 1970.
std::optional<TimeMs> utc_time(const toml::node& node) {
  using namespace std::chrono;
  toml::date_time given(toml::date(1970, 1, 1), toml::time(0, 0));
  if (const auto* date = node.as_date())
    given.date = date->get();
  else if (const auto* both = node.as_date_time())
    given = both->get();
  else
    return std::nullopt;
  const sys_days day(year(given.date.year) / given.date.month / given.date.day);
  const int offset = given.offset ? given.offset->minutes : 0;
  const auto time = day + hours(given.time.hour) + minutes(given.time.minute - offset) +
                    seconds(given.time.second);
  const TimeMs out = duration_cast<milliseconds>(time.time_since_epoch()).count();
  return out > 0 && out <= kLastTime ? std::optional(out) : std::nullopt;
}

// One attempt to read one setting.
struct Taker {
  const Setting& setting;
  const toml::node& node;
  const std::filesystem::path& folder;
  Config& config;
  const Complain& complain;

  void refuse(const toml::node& where, std::string_view why = {}) const {
    const auto* text = where.as_string();
    const bool is_shown = text != nullptr && text->get().size() <= 100;
    const std::string written = is_shown ? in_quotes(text->get()) : std::string(type_text(where));
    complain(where.source(), fmt::format("{} must be {}, not {}{}", setting.name(),
                                         what(setting.kind), written, why));
  }

  // The text of `where`, or nothing after a complaint.
  template <class Holds>
  [[nodiscard]] std::optional<std::string> text(const toml::node& where, Holds holds) const {
    const auto* found = where.as_string();
    if (found != nullptr && found->get().size() <= kMaxTextBytes && holds(found->get()))
      return found->get();
    refuse(where);
    return std::nullopt;
  }

  [[nodiscard]] std::optional<std::filesystem::path> path(const toml::node& where,
                                                          Base base) const {
    const auto found = text(where, [](const std::string& path) {
      return !path.empty() && path.find('\0') == std::string::npos;
    });
    if (!found) return std::nullopt;
    if (found->front() == '~') {
      refuse(where, ": write the whole path, ~ means nothing here");
      return std::nullopt;
    }
    const std::filesystem::path path(*found);
    return base == Base::data_dir ? path : (folder / path).lexically_normal();
  }

  [[nodiscard]] std::optional<std::int64_t> number(std::int64_t min, std::int64_t max) const {
    const auto* found = node.as_integer();
    if (found != nullptr && found->get() >= min && found->get() <= max) return found->get();
    if (found != nullptr)
      complain(node.source(), fmt::format("{} must be {}, not {}", setting.name(),
                                          what(setting.kind), found->get()));
    else
      refuse(node);
    return std::nullopt;
  }

  // `name` gives what tells an item from the others.
  template <class T, class ReadItem, class Name = std::identity>
  void list(std::vector<T>& out, ReadItem read_item, Name name = {}) const {
    const auto* array = node.as_array();
    if (array == nullptr) return refuse(node);
    if (array->size() > kMaxListItems)
      return complain(node.source(), fmt::format("{} has {} items, of at most {}", setting.name(),
                                                 array->size(), kMaxListItems));
    std::vector<T> items;
    for (const toml::node& item : *array) {
      std::optional<T> value = read_item(item);
      if (!value) continue;
      const auto is_same = [&](const T& other) {
        return std::invoke(name, other) == std::invoke(name, *value);
      };
      if (std::any_of(items.begin(), items.end(), is_same))
        complain(item.source(), fmt::format("{} names this twice", setting.name()));
      items.push_back(*std::move(value));
    }
    if (items.size() == array->size()) out = std::move(items);
  }

  // An item's table, when it has `required` and beside that nothing but the others.
  [[nodiscard]] const toml::table* members(const toml::node& item, std::string_view required,
                                           std::vector<std::string> others) const {
    const auto* table = item.as_table();
    if (table == nullptr) {
      refuse(item);
      return nullptr;
    }
    bool is_right = true;
    const auto wrong = [&](const toml::source_region& at, std::string words) {
      complain(at, fmt::format("an item of {} {}", setting.name(), words));
      is_right = false;
    };
    if (!table->contains(required)) wrong(item.source(), fmt::format("has no {}", required));
    others.emplace_back(required);
    for (const auto& [key, value] : *table)
      if (std::find(others.begin(), others.end(), key.str()) == others.end())
        wrong(key.source(), fmt::format("has a {}, which nobody knows{}", in_quotes(key.str()),
                                        did_you_mean(key.str(), others)));
    return is_right ? table : nullptr;
  }

  void refuse_member(std::string_view key, const toml::node& where, std::string_view what) const {
    complain(where.source(), fmt::format("{} in {} must be {}", key, setting.name(), what));
  }
  // Whether a member will do, or is not there.
  bool member(const toml::table& item, std::string_view key, const Rule& rule,
              std::string& out) const {
    const toml::node* const found = item.get(key);
    if (found == nullptr) return true;
    const auto* const text = found->as_string();
    if (text == nullptr || !rule.holds(text->get())) {
      refuse_member(key, *found, rule.what);
      return false;
    }
    out = text->get();
    return true;
  }
  bool member(const toml::table& item, std::string_view key, TimeMs& out) const {
    const toml::node* const found = item.get(key);
    if (found == nullptr) return true;
    const auto time = utc_time(*found);
    if (!time) refuse_member(key, *found, "a date after 1970, such as 2030-12-31 (UTC)");
    out = time.value_or(0);
    return time.has_value();
  }
  bool member(const toml::table& item, std::string_view key, std::vector<Endpoint>& out) const {
    const toml::node* const found = item.get(key);
    if (found == nullptr) return true;
    const auto* const array = found->as_array();
    bool is_right = array != nullptr && !array->empty() && array->size() <= kMaxPlaces;
    for (std::size_t i = 0; is_right && i < array->size(); ++i) {
      const auto* const text = array->get(i)->as_string();
      const auto place = parse_endpoint(text == nullptr ? "" : text->get(), Host::name);
      is_right = place.has_value();
      if (is_right) out.push_back(*place);
    }
    if (!is_right)
      refuse_member(key, *found,
                    fmt::format("a list of 1 to {} names or IPv4 addresses with a port, such as "
                                "[\"10.0.0.2:8443\"]",
                                kMaxPlaces));
    return is_right;
  }

  void operator()(const Text& kind) const {
    if (auto value = text(node, kind.rule.holds)) kind.at(config) = *std::move(value);
  }
  void operator()(const TextList& kind) const {
    list(kind.at(config), [&](const toml::node& item) { return text(item, kind.each.holds); });
  }
  void operator()(const EndpointList& kind) const {
    list(kind.at(config), [&](const toml::node& item) -> std::optional<Endpoint> {
      const auto found = text(item, [&](const std::string& text) {
        return parse_endpoint(text, kind.host).has_value();
      });
      return found ? std::optional(*parse_endpoint(*found, kind.host)) : std::nullopt;
    });
  }
  void operator()(const DenialList& kind) const {
    const auto read = [&](const toml::node& item) -> std::optional<Denial> {
      Denial denial;
      const auto* const table = members(item, "servers", {"reason", "until"});
      if (table == nullptr || !member(*table, "servers", kServerPattern, denial.servers) ||
          !member(*table, "reason", kShortLine, denial.reason) ||
          !member(*table, "until", denial.until))
        return std::nullopt;
      return denial;
    };
    list(kind.at(config), read, &Denial::servers);
  }
  void operator()(const PeerList& kind) const {
    const auto read = [&](const toml::node& item) -> std::optional<Peer> {
      Peer peer;
      const auto* const table = members(item, "server", {"endpoints", "root_key"});
      if (table == nullptr || !member(*table, "server", kServerName, peer.server) ||
          !member(*table, "endpoints", peer.endpoints) ||
          !member(*table, "root_key", kPublicKey, peer.root_key))
        return std::nullopt;
      return peer;
    };
    list(kind.at(config), read, &Peer::server);
  }
  void operator()(const Path& kind) const {
    if (const auto* text = node.as_string();
        kind.may_be_empty && text != nullptr && text->get().empty()) {
      kind.at(config).clear();
      return;
    }
    if (auto value = path(node, kind.base)) kind.at(config) = *std::move(value);
  }
  void operator()(const PathList& kind) const {
    list(kind.at(config), [&](const toml::node& item) { return path(item, Base::config_file); });
  }
  void operator()(const Number& kind) const {
    if (const auto value = number(kind.min, kind.max))
      kind.at(config) = static_cast<std::uint32_t>(*value);
  }
  template <class D>
  void operator()(const Duration<D>& kind) const {
    if (const auto value = number(kind.min, kind.max)) kind.at(config) = D(*value);
  }
  template <class E>
  void operator()(const Choice<E>& kind) const {
    std::vector<std::string> words;
    const auto* text = node.as_string();
    for (const Word<E>& word : kind.words) {
      words.emplace_back(word.text);
      if (text == nullptr || text->get() != word.text) continue;
      kind.at(config) = word.value;
      return;
    }
    refuse(node, text == nullptr ? std::string() : did_you_mean(text->get(), words));
  }
};

// Numbers, truths and texts as a plugin reads them.
std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  return std::nullopt;
}

}  // namespace

void take(const Setting& setting, const toml::node& node, const std::filesystem::path& folder,
          Config& config, const Complain& complain) {
  std::visit(Taker{setting, node, folder, config, complain}, setting.kind);
}

void take_plugin_value(const std::string& key, const toml::node& node,
                       std::vector<PluginSetting>& out, const Complain& complain) {
  const auto refuse = [&](const toml::node& where, std::string_view must_be) {
    complain(where.source(), fmt::format("{} must be {}, not {}", key, must_be, type_text(where)));
  };
  const auto place = node.source().begin;
  const auto* array = node.as_array();
  if (array == nullptr) {
    auto text = scalar_text(node);
    if (!text) return refuse(node, "a text, a whole number, true, false or a list of these");
    out.push_back({key, *std::move(text), place.line, place.column});
    return;
  }

  std::string lines;
  for (const toml::node& item : *array) {
    const auto text = scalar_text(item);
    if (!text || text->find('\n') != std::string::npos)
      return refuse(item, "a list of texts of one line, whole numbers, true or false");
    if (&item != &array->front()) lines += '\n';
    lines += *text;
  }
  out.push_back({key, std::move(lines), place.line, place.column});
}

std::string_view type_text(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::table:
      return "a section";
    case toml::node_type::array:
      return "a list";
    case toml::node_type::string:
      return "a text";
    case toml::node_type::integer:
      return "a whole number";
    case toml::node_type::floating_point:
      return "a number with a fraction";
    case toml::node_type::boolean:
      return "true or false";
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return "a date or time";
    case toml::node_type::none:
      break;
  }
  return "nothing";
}

}  // namespace chatd::config
