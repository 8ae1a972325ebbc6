#include "daemon/config/value.hpp"

#include "daemon/base/ids.hpp"
#include "daemon/base/overloaded.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <charconv>
#include <chrono>
#include <netinet/in.h>
#include <span>

namespace chatd::config {
namespace {

// A list that would be longer goes over many lines: a line of a file is bounded (load.hpp).
constexpr std::size_t kLongListBytes = 500;

// `print` gives an item as it stands in a file.
template <class T, class Print>
std::string list_text(const std::vector<T>& items, Print print) {
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const T& item : items) bytes += texts.emplace_back(print(item)).size();
  return fmt::format("[{}]", fmt::join(texts, bytes > kLongListBytes ? ",\n  " : ", "));
}

std::string endpoints_text(const std::vector<Endpoint>& endpoints) {
  return list_text(endpoints, [](const Endpoint& item) { return in_quotes(text(item)); });
}

std::string denial_text(const Denial& denial) {
  std::string out = "{ servers = " + in_quotes(denial.servers);
  if (!denial.reason.empty()) out += ", reason = " + in_quotes(denial.reason);
  if (denial.until != 0) out += ", until = " + utc_text(denial.until);
  return out + " }";
}

std::string peer_text(const Peer& peer) {
  std::string out = "{ server = " + in_quotes(peer.server);
  if (!peer.endpoints.empty()) out += ", endpoints = " + endpoints_text(peer.endpoints);
  if (!peer.root_key.empty()) out += ", root_key = " + in_quotes(peer.root_key);
  return out + " }";
}

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.address == "::1" || endpoint.address.starts_with("127.");
}

std::string_view what(Host host) {
  switch (host) {
    case Host::address:
      return "a numeric address with a port, such as \"[::]:8443\" or \"0.0.0.0:8443\"";
    case Host::loopback:
      return "a loopback address with a port, such as \"127.0.0.1:8080\"";
    case Host::name:
      return "a name or an IPv4 address with a port, such as \"chat.example:8443\"";
  }
  return "";
}

template <class E>
std::string words(const Choice<E>& choice) {
  std::string out;
  for (const Word<E>& word : choice.words) {
    if (!out.empty()) out += word.text == choice.words.back().text ? " or " : ", ";
    out += in_quotes(word.text);
  }
  return out;
}

template <class E>
std::string word_text(const Choice<E>& choice, Config& config) {
  for (const Word<E>& word : choice.words)
    if (word.value == choice.at(config)) return in_quotes(word.text);
  return in_quotes("");  // not reached: every value has its word
}

// 20000 -> "20,000".
std::string grouped(std::int64_t number) {
  std::string out = std::to_string(number);
  for (std::size_t at = out.size(); at > 3;) out.insert(at -= 3, 1, ',');
  return out;
}

std::string range(std::int64_t min, std::int64_t max) {
  return fmt::format("a whole number from {} to {}", grouped(min), grouped(max));
}

}  // namespace

std::string what(const Kind& kind) {
  return std::visit(
      overloaded{
          [](const Text& text) { return std::string(text.rule.what); },
          [](const TextList& list) { return fmt::format("a list; each item {}", list.each.what); },
          [](const EndpointList& list) {
            return fmt::format("a list; each item {}", what(list.host));
          },
          [](const DenialList&) {
            return std::string(
                "a list; each item a table such as { servers = \"*.bad.example\", reason = "
                "\"spam\", until = 2030-12-31 }; reason and until may be left out");
          },
          [](const PeerList&) {
            return std::string(
                "a list; each item a table such as { server = \"two.example\", endpoints = "
                "[\"10.0.0.2:8443\"], root_key = \"...\" }; one of endpoints and root_key may be "
                "left out");
          },
          [](const Path& path) {
            return fmt::format("a path{}; a relative one starts from {}",
                               path.may_be_empty ? ", or \"\" for none" : "",
                               path.base == Base::data_dir ? "server.data_dir"
                                                           : "the folder of the configuration");
          },
          [](const PathList&) {
            return std::string(
                "a list; each item a path; a relative one starts from the folder of the "
                "configuration");
          },
          [](const Number& number) { return range(number.min, number.max); },
          []<class D>(const Duration<D>& duration) { return range(duration.min, duration.max); },
          []<class E>(const Choice<E>& choice) { return words(choice); },
      },
      kind);
}

std::string value_text(const Kind& kind, Config& config) {
  return std::visit(
      overloaded{
          [&](const Text& text) { return in_quotes(text.at(config)); },
          [&](const TextList& list) { return list_text(list.at(config), in_quotes); },
          [&](const EndpointList& list) { return endpoints_text(list.at(config)); },
          [&](const DenialList& list) { return list_text(list.at(config), denial_text); },
          [&](const PeerList& list) { return list_text(list.at(config), peer_text); },
          [&](const Path& path) { return in_quotes(path.at(config).native()); },
          [&](const PathList& list) {
            return list_text(list.at(config),
                             [](const auto& item) { return in_quotes(item.native()); });
          },
          [&](const Number& number) { return std::to_string(number.at(config)); },
          [&]<class D>(const Duration<D>& duration) {
            return std::to_string(duration.at(config).count());
          },
          [&]<class E>(const Choice<E>& choice) { return word_text(choice, config); },
      },
      kind);
}

void copy_value(const Kind& kind, Config& from, Config& to) {
  std::visit([&](const auto& any) { any.at(to) = any.at(from); }, kind);
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string utc_text(TimeMs time) {
  using namespace std::chrono;
  const milliseconds since_1970(time);
  const auto day = floor<days>(since_1970);
  const year_month_day date{sys_days(day)};
  return fmt::format("{:04}-{:02}-{:02}T{:%H:%M:%S}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     floor<seconds>(since_1970 - day));
}

std::string text(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", endpoint.address, endpoint.port)
               : fmt::format("{}:{}", endpoint.address, endpoint.port);
}

Result<Endpoint> parse_endpoint(std::string_view text, Host host) {
  const auto refuse = [&] { return fail(Code::invalid_params, fmt::format("not {}", what(host))); };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  std::string_view address = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool is_v6 = address.starts_with('[') && address.ends_with(']');
  if (is_v6) address = address.substr(1, address.size() - 2);

  Endpoint endpoint{std::string(address), 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  if (error != std::errc() || end != digits.data() + digits.size()) return refuse();
  if (host == Host::name) {
    if (is_v6 || endpoint.port == 0 || !is_server_name(address)) return refuse();
    return endpoint;
  }
  in6_addr parsed{};
  if (inet_pton(is_v6 ? AF_INET6 : AF_INET, endpoint.address.c_str(), &parsed) != 1 ||
      (host == Host::loopback && !is_loopback(endpoint)))
    return refuse();
  return endpoint;
}

bool overlap(const Endpoint& one, const Endpoint& other) {
  const auto takes = [](const Endpoint& wide, const Endpoint& narrow) {
    const bool is_v4 = narrow.address.find(':') == std::string::npos;
    return wide.address == "::" || (wide.address == "0.0.0.0" && is_v4) || wide == narrow;
  };
  return one.port != 0 && one.port == other.port && (takes(one, other) || takes(other, one));
}

}  // namespace chatd::config
