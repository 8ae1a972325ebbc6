#include "daemon/net/http.hpp"

#include "daemon/net/address.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace chatd::net {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool equal_in_any_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view trim(std::string_view text) {
  const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

// Whether an item of Accept or Accept-Encoding ends with a weight of 0: "br;q=0", "br; q=0.000".
bool has_no_weight(std::string_view item) {
  const std::size_t semicolon = item.rfind(';');
  if (semicolon == std::string_view::npos) return false;
  const std::string_view weight = trim(item.substr(semicolon + 1));
  return equal_in_any_case(weight.substr(0, 2), "q=") && weight.size() > 2 &&
         weight.find_first_not_of("0.", 2) == std::string_view::npos;
}

// "host:443" of an https page and "host" are the same place.
std::string_view without_port(std::string_view authority, std::string_view port) {
  if (authority.ends_with(port)) authority.remove_suffix(port.size());
  return authority;
}

std::string_view reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 426:
      return "Upgrade Required";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

std::string head_of(int status, const ReplyForm& form) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nCache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n", status,
      reason_of(status));
  if (!form.keep_alive) head += "Connection: close\r\n";
  if (!form.allowed_methods.empty()) head += fmt::format("Allow: {}\r\n", form.allowed_methods);
  if (!form.allowed_origin.empty()) {
    head += fmt::format("Access-Control-Allow-Origin: {}\r\nVary: Origin\r\n", form.allowed_origin);
  }
  return head;
}

}  // namespace

std::string_view bearer_token(std::string_view authorization) {
  constexpr std::string_view kScheme = "bearer ";
  if (!equal_in_any_case(authorization.substr(0, kScheme.size()), kScheme)) return {};
  return trim(authorization.substr(kScheme.size()));
}

bool is_json(std::string_view content_type) {
  return equal_in_any_case(trim(content_type.substr(0, content_type.find(';'))),
                           "application/json");
}

bool list_has(std::string_view list, std::string_view wanted, bool is_exact) {
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view item = trim(list.substr(0, comma));
    if (is_exact ? item == wanted : equal_in_any_case(item, wanted)) return true;
    if (comma == std::string_view::npos) return false;
    list.remove_prefix(comma + 1);
  }
}

bool accepts(std::string_view list, std::string_view wanted) {
  bool takes_any = false;
  while (true) {
    const std::size_t comma = list.find(',');
    const std::string_view item = list.substr(0, comma);
    const std::string_view name = trim(item.substr(0, item.find(';')));
    if (equal_in_any_case(name, wanted)) return !has_no_weight(item);
    takes_any = takes_any || (name == "*" && !has_no_weight(item));
    if (comma == std::string_view::npos) return takes_any;
    list.remove_prefix(comma + 1);
  }
}

bool has_etag(std::string_view list, std::string_view etag) {
  return trim(list) == "*" || list_has(list, etag, true) ||
         list_has(list, std::string("W/").append(etag), true);
}

std::optional<std::uint64_t> parse_content_length(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string forwarded_peer(std::string_view x_forwarded_for) {
  std::string_view last = trim(x_forwarded_for.substr(x_forwarded_for.rfind(',') + 1));
  const auto address = Address::parse(last, 0);
  return address ? address->ip() : std::string();
}

bool is_origin_allowed(std::string_view origin, std::string_view host,
                       const std::vector<std::string>& allowed) {
  if (origin.empty()) return true;
  const auto is_it = [&](const std::string& one) {
    return one == "*" || equal_in_any_case(one, origin);
  };
  if (std::any_of(allowed.begin(), allowed.end(), is_it)) return true;
  constexpr std::string_view kSecure = "https://";
  constexpr std::string_view kPlain = "http://";
  for (const auto& [scheme, port] :
       {std::pair{kSecure, std::string_view(":443")}, std::pair{kPlain, std::string_view(":80")}}) {
    if (!equal_in_any_case(origin.substr(0, scheme.size()), scheme)) continue;
    return !host.empty() && equal_in_any_case(without_port(origin.substr(scheme.size()), port),
                                              without_port(host, port));
  }
  return false;
}

std::string encode_reply(const HttpReply& reply, const ReplyForm& form) {
  std::string out = head_of(reply.status, form);
  out += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n\r\n", reply.content_type,
                     reply.body.size());
  if (!form.is_head) out += reply.body;
  return out;
}

std::string encode_preflight_reply(const ReplyForm& form) {
  std::string out = head_of(204, form);
  if (!form.allowed_origin.empty()) {
    out +=
        "Access-Control-Allow-Methods: GET, POST\r\n"
        "Access-Control-Allow-Headers: Authorization, Content-Type\r\n"
        "Access-Control-Max-Age: 86400\r\n";
  }
  return out += "\r\n";
}

HttpReply error_reply(int status, std::string_view message) {
  // The messages are ours and hold nothing that JSON would have to escape.
  return {.status = status,
          .content_type = "application/json",
          .body = fmt::format(R"({{"error":{{"status":{},"message":"{}"}}}})", status, message)};
}

}  // namespace chatd::net
