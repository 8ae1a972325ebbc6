#include "federation/rules.hpp"

#include "daemon/base/ids.hpp"
#include "daemon/base/utf8.hpp"
#include "daemon/wire/json_text.hpp"
#include "federation/text_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace chatd::federation {
namespace {

constexpr std::string_view kForm = "chatd-federation-rules";
constexpr std::string_view kVersion = "1";
constexpr std::string_view kComment =
    "# What was decided with `chatctl federation`, which is the way to change it.\n";

Result<TimeMs> read_time(TextLines& lines) {
  const std::string_view word = lines.word();
  TimeMs time = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), time);
  if (word.empty() || error != std::errc() || end != word.data() + word.size() || time < 0)
    return lines.refuse("a time in milliseconds is expected here");
  return time;
}

// The rest of a line "allow SINCE SERVERS" or "deny SINCE UNTIL SERVERS REASON".
Result<Rule> read_rule(TextLines& lines, bool is_denied) {
  CHATD_TRY(const TimeMs since, read_time(lines));
  TimeMs until = 0;
  if (is_denied) {
    CHATD_TRY(until, read_time(lines));
  }
  auto servers = ServerPattern::parse(lines.word());
  if (!servers) return lines.refuse(servers.error().message);
  return Rule{*std::move(servers), is_denied, since, until, std::string(lines.rest())};
}

}  // namespace

Status Rules::set(Rule rule) {
  if (rule.reason.size() > kMaxReasonBytes || !wire::is_utf8(rule.reason) ||
      !(rule.reason.empty() || is_name(rule.reason)))
    return fail(Code::invalid_params,
                fmt::format("a reason is one line of at most {} bytes", kMaxReasonBytes));
  const auto at = std::lower_bound(
      rules_.begin(), rules_.end(), rule,
      [](const Rule& a, const Rule& b) { return a.servers.text() < b.servers.text(); });
  if (at != rules_.end() && at->servers.text() == rule.servers.text()) {
    *at = std::move(rule);
    return {};
  }
  if (rules_.size() >= kMaxRules)
    return fail(Code::limit_reached, fmt::format("there are {} rules already", kMaxRules));
  rules_.insert(at, std::move(rule));
  return {};
}

Status Rules::remove(std::string_view servers) {
  const auto found = std::find_if(rules_.begin(), rules_.end(),
                                  [&](const Rule& rule) { return rule.servers.text() == servers; });
  if (found == rules_.end())
    return fail(Code::not_found, fmt::format("there is no rule for {}", servers));
  rules_.erase(found);
  return {};
}

Status Rules::pause(const std::string& server) {
  if (!is_server_name(server))
    return fail(Code::invalid_params, fmt::format("\"{}\" is no server's name", server));
  if (paused_.size() >= kMaxRules && !paused_.contains(server))
    return fail(Code::limit_reached, fmt::format("{} servers are paused already", kMaxRules));
  paused_.insert(server);
  return {};
}

void Rules::expire(TimeMs now) {
  std::erase_if(rules_, [&](const Rule& rule) { return rule.until != 0 && rule.until <= now; });
}

Policy Rules::with(Policy policy) const {
  for (const Rule& rule : rules_) {
    if (rule.is_denied)
      policy.denied.push_back({rule.servers, rule.reason, rule.until});
    else
      policy.allowed.push_back(rule.servers);
  }
  return policy;
}

std::string Rules::text() const {
  std::string out = fmt::format("{}{} {}\n", kComment, kForm, kVersion);
  for (const Rule& rule : rules_) {
    if (rule.is_denied)
      out += fmt::format("deny {} {} {}{}{}\n", rule.since, rule.until, rule.servers.text(),
                         rule.reason.empty() ? "" : " ", rule.reason);
    else
      out += fmt::format("allow {} {}\n", rule.since, rule.servers.text());
  }
  for (const std::string& server : paused_) out += fmt::format("pause {}\n", server);
  return out;
}

Result<Rules> Rules::parse(std::string_view text) {
  TextLines lines(text);
  CHATD_TRY(const std::string_view version, lines.value(kForm));
  if (version != kVersion) return lines.refuse("a form that this version of chatd does not know");
  Rules rules;
  while (lines.next()) {
    const std::string_view word = lines.word();
    Status status;
    if (word == "pause") {
      status = rules.pause(std::string(lines.rest()));
    } else if (word == "allow" || word == "deny") {
      CHATD_TRY(Rule rule, read_rule(lines, word == "deny"));
      if (!rule.is_denied && !rule.reason.empty())
        return lines.refuse("nothing more is expected here");
      status = rules.set(std::move(rule));
    } else {
      return lines.refuse("allow, deny or pause is expected here");
    }
    if (!status) return lines.refuse(status.error().message);
  }
  return rules;
}

}  // namespace chatd::federation
