#include "daemon/config/value.hpp"

#include "daemon/base/overloaded.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <charconv>
#include <netinet/in.h>
#include <span>

namespace chatd::config {
namespace {

template <class T, class Print>
std::string list_text(const std::vector<T>& items, Print print) {
  std::string out = "[";
  for (const T& item : items) {
    if (out.size() > 1) out += ", ";
    out += in_quotes(print(item));
  }
  return out + "]";
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
            return list.loopback_only
                       ? std::string(
                             "a list; each item a loopback address with a port, such as "
                             "\"127.0.0.1:8080\"")
                       : std::string(
                             "a list; each item a numeric address with a port, such as "
                             "\"[::]:8443\" or \"0.0.0.0:8443\"");
          },
          [](const Path& path) {
            return fmt::format("a path; a relative one starts from {}",
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
          [&](const TextList& list) {
            return list_text(list.at(config), [](const std::string& item) { return item; });
          },
          [&](const EndpointList& list) {
            return list_text(list.at(config), [](const Endpoint& item) { return text(item); });
          },
          [&](const Path& path) { return in_quotes(path.at(config).native()); },
          [&](const PathList& list) {
            return list_text(list.at(config), [](const auto& item) { return item.native(); });
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

std::string text(const Endpoint& endpoint) {
  const bool is_v6 = endpoint.address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", endpoint.address, endpoint.port)
               : fmt::format("{}:{}", endpoint.address, endpoint.port);
}

Result<Endpoint> parse_endpoint(std::string_view text) {
  const auto refuse = [] {
    return fail(Code::invalid_params, "not a numeric address with a port");
  };
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return refuse();
  std::string_view address = text.substr(0, colon);
  const std::string_view digits = text.substr(colon + 1);
  const bool is_v6 = address.starts_with('[') && address.ends_with(']');
  if (is_v6) address = address.substr(1, address.size() - 2);

  Endpoint endpoint{std::string(address), 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), endpoint.port);
  in6_addr parsed{};
  if (error != std::errc() || end != digits.data() + digits.size() ||
      inet_pton(is_v6 ? AF_INET6 : AF_INET, endpoint.address.c_str(), &parsed) != 1)
    return refuse();
  return endpoint;
}

bool is_loopback(const Endpoint& endpoint) {
  return endpoint.address == "::1" || endpoint.address.starts_with("127.");
}

bool overlap(const Endpoint& one, const Endpoint& other) {
  const auto takes = [](const Endpoint& wide, const Endpoint& narrow) {
    const bool is_v4 = narrow.address.find(':') == std::string::npos;
    return wide.address == "::" || (wide.address == "0.0.0.0" && is_v4) || wide == narrow;
  };
  return one.port != 0 && one.port == other.port && (takes(one, other) || takes(other, one));
}

}  // namespace chatd::config
