#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/rule.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace chatd::config {

// Where in a Config a setting lives.
template <class T>
using At = T& (*)(Config&);

struct Text {
  At<std::string> at;
  Rule rule;
};
struct TextList {
  At<std::vector<std::string>> at;
  Rule each;
};
// What stands before the port: any numeric address, one of this machine's own, a name or an IPv4
// address of somebody else.
enum class Host : std::uint8_t { address, loopback, name };
inline constexpr std::size_t kMaxPlaces = 8;  // of one server: each may cost a try to connect
struct EndpointList {
  At<std::vector<Endpoint>> at;
  Host host;
};
struct DenialList {
  At<std::vector<Denial>> at;
};
struct PeerList {
  At<std::vector<Peer>> at;
};
// What a relative path starts from.
enum class Base : std::uint8_t { config_file, data_dir };
struct Path {
  At<std::filesystem::path> at;
  Base base;
  bool may_be_empty = false;
};
struct PathList {
  At<std::vector<std::filesystem::path>> at;
};
struct Number {
  At<std::uint32_t> at;
  std::uint32_t min;
  std::uint32_t max;
};
template <class D>
struct Duration {
  At<D> at;
  std::int64_t min;
  std::int64_t max;
};
template <class E>
struct Word {
  std::string_view text;
  E value;
};
template <class E>
struct Choice {
  At<E> at;
  std::span<const Word<E>> words;
};

using Kind = std::variant<Text, TextList, EndpointList, DenialList, PeerList, Path, PathList,
                          Number, Duration<std::chrono::milliseconds>,
                          Duration<std::chrono::seconds>, Duration<std::chrono::days>,
                          Choice<SignUp>, Choice<log::Level>, Choice<Federate>, Choice<RootKey>>;

enum class When : std::uint8_t { live, restart };

// One row of the table from which the parser, the documented file and `explain` all come.
struct Setting {
  std::string_view section;
  std::string_view key;
  Kind kind;
  When when;                 // whether a reload applies it
  std::string_view meaning;  // for the operator, in a sentence or two
  // Given together for a setting without a default: what could stand there, and whether it must.
  std::string_view example{};
  bool (*is_needed)(const Config& config) = nullptr;

  [[nodiscard]] std::string name() const;  // "section.key"
};
struct Section {
  std::string_view name;
  std::string_view meaning;
};

[[nodiscard]] std::span<const Setting> settings();
[[nodiscard]] std::span<const Section> sections();  // in the order of the documented file

}  // namespace chatd::config
