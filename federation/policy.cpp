#include "federation/policy.hpp"

#include "daemon/base/ids.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::federation {
namespace {

constexpr std::string_view kWildcard = "*.";

}  // namespace

Result<ServerPattern> ServerPattern::parse(std::string_view text) {
  const bool is_wildcard = text.starts_with(kWildcard);
  if (!is_server_name(is_wildcard ? text.substr(kWildcard.size()) : text))
    return fail(Code::invalid_params,
                fmt::format("\"{}\" is neither a server's name nor \"*.\" and one", text));
  return ServerPattern(std::string(text));
}

bool ServerPattern::matches(std::string_view server) const {
  if (!text_.starts_with(kWildcard)) return server == text_;
  const std::string_view suffix = std::string_view(text_).substr(1);
  return server.size() > suffix.size() && server.ends_with(suffix);
}

Status admit(const Policy& policy, std::string_view server, TimeMs now) {
  if (policy.mode == Mode::closed) return fail(Code::denied, "this server does not federate");
  for (const Denial& denial : policy.denied) {
    if (denial.expires != 0 && denial.expires <= now) continue;
    if (denial.servers.matches(server))
      return fail(Code::denied, fmt::format("{} is denied by {}: {}", server, denial.servers.text(),
                                            denial.reason));
  }
  const auto matches = [&](const ServerPattern& pattern) { return pattern.matches(server); };
  if (policy.mode == Mode::allow_list &&
      std::none_of(policy.allowed.begin(), policy.allowed.end(), matches))
    return fail(Code::denied, fmt::format("{} is not on the allow list", server));
  return {};
}

}  // namespace chatd::federation
