#include "daemon/config/take.hpp"

#include "daemon/base/closest.hpp"
#include "daemon/config/value.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <utility>

namespace chatd::config {
namespace {

constexpr std::size_t kMaxListItems = 1000;  // far above any list of addresses or plugins
constexpr std::size_t kMaxTextBytes = 4096;  // PATH_MAX; the longest thing that makes sense

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

  template <class T, class ReadItem>
  void list(std::vector<T>& out, ReadItem read_item) const {
    const auto* array = node.as_array();
    if (array == nullptr || array->size() > kMaxListItems) return refuse(node);
    std::vector<T> items;
    for (const toml::node& item : *array) {
      std::optional<T> value = read_item(item);
      if (!value) continue;
      if (std::find(items.begin(), items.end(), *value) != items.end())
        complain(item.source(), fmt::format("{} names this twice", setting.name()));
      items.push_back(*std::move(value));
    }
    if (items.size() == array->size()) out = std::move(items);
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
        const auto endpoint = parse_endpoint(text);
        return endpoint && (!kind.loopback_only || is_loopback(*endpoint));
      });
      return found ? std::optional(*parse_endpoint(*found)) : std::nullopt;
    });
  }
  void operator()(const Path& kind) const {
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
