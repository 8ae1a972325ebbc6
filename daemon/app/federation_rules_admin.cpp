// What the admin decides about who is allowed and denied.
#include "daemon/app/federation_admin.hpp"
#include "daemon/app/from_config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::app {
namespace {

using federation::Rule;
using federation::Rules;
using federation::ServerPattern;

constexpr std::string_view kConfiguration = "configuration";
constexpr std::string_view kChatctl = "chatctl";
constexpr TimeMs kDay = 24 * 60 * 60 * 1000;

std::optional<TimeMs> unless_zero(TimeMs time) {
  return time == 0 ? std::nullopt : std::optional(time);
}

wire::FederationRule view_of(const Rule& rule) {
  return {rule.servers.text(),     rule.is_denied ? "deny" : "allow", std::string(kChatctl),
          unless_zero(rule.since), unless_zero(rule.until),           rule.reason};
}

}  // namespace

std::string FederationAdmin::effect_of(const Rule& rule) const {
  const federation::Policy policy = settings().policy;
  if (policy.mode == federation::Mode::closed)
    return "none: federation.mode is \"closed\", this server federates with nobody";
  if (rule.is_denied) {
    const auto peers = federation_->peers();
    const auto links = std::count_if(peers.begin(), peers.end(), [&](const auto& peer) {
      return peer.link == "up" && rule.servers.matches(peer.server);
    });
    return fmt::format("links that end now: {}", links);
  }
  const std::string& servers = rule.servers.text();
  if (!servers.starts_with("*.")) {
    const Status admitted = federation_->admits(servers);
    if (!admitted) return fmt::format("none: {}", admitted.error().message);
  }
  if (policy.mode == federation::Mode::open)
    return "federation.mode is \"open\": all are allowed that are not denied";
  return fmt::format("this server federates with {}", servers);
}

Result<wire::FederationRuleAnswer> FederationAdmin::answer(
    const wire::AdminFederationAllow& wanted) {
  CHATD_TRY(ServerPattern servers, ServerPattern::parse(wanted.servers));
  const Rule rule{std::move(servers), false, clock_.wall_ms(), 0, {}};
  Rules rules = rules_;
  CHATD_CHECK(rules.set(rule));
  CHATD_CHECK(decide(std::move(rules)));
  return wire::FederationRuleAnswer{view_of(rule), effect_of(rule)};
}

Result<wire::FederationRuleAnswer> FederationAdmin::answer(
    const wire::AdminFederationDeny& wanted) {
  CHATD_TRY(ServerPattern servers, ServerPattern::parse(wanted.servers));
  if (wanted.days && *wanted.days == 0)
    return fail(Code::invalid_params, "a denial for 0 days denies nothing");
  const TimeMs now = clock_.wall_ms();
  const Rule rule{std::move(servers), true, now, wanted.days ? now + *wanted.days * kDay : 0,
                  wanted.reason.value_or("")};
  Rules rules = rules_;
  CHATD_CHECK(rules.set(rule));
  CHATD_CHECK(decide(std::move(rules)));
  return wire::FederationRuleAnswer{view_of(rule), effect_of(rule)};
}

Result<wire::FederationRulesAnswer> FederationAdmin::answer(
    const wire::AdminFederationRuleList& wanted) {
  wire::FederationRulesAnswer answer;
  const federation::Policy configured = federation_settings(config_).policy;
  const auto add = [&](std::string servers, std::string decision, std::string_view source,
                       TimeMs until, std::string reason) {
    answer.rules.push_back({std::move(servers),
                            std::move(decision),
                            std::string(source),
                            {},
                            unless_zero(until),
                            std::move(reason)});
  };
  for (const ServerPattern& servers : configured.allowed)
    add(servers.text(), "allow", kConfiguration, 0, {});
  for (const federation::Denial& denial : configured.denied)
    add(denial.servers.text(), "deny", kConfiguration, denial.expires, denial.reason);
  for (const Rule& rule : rules_.all()) answer.rules.push_back(view_of(rule));
  for (const std::string& server : rules_.paused()) add(server, "pause", kChatctl, 0, {});

  const auto name = [](const wire::FederationRule& rule) {
    return fmt::format("{} {} {}", rule.servers, rule.decision, rule.source);
  };
  std::sort(answer.rules.begin(), answer.rules.end(),
            [&](const auto& a, const auto& b) { return name(a) < name(b); });
  take_page(answer.rules, answer.next, wanted, name);
  return answer;
}

Result<wire::Nothing> FederationAdmin::answer(const wire::AdminFederationRuleRemove& wanted) {
  Rules rules = rules_;
  if (auto removed = rules.remove(wanted.servers); !removed) {
    const federation::Policy configured = federation_settings(config_).policy;
    const auto is_it = [&](const ServerPattern& servers) {
      return servers.text() == wanted.servers;
    };
    const bool is_configured =
        std::any_of(configured.allowed.begin(), configured.allowed.end(), is_it) ||
        std::any_of(configured.denied.begin(), configured.denied.end(),
                    [&](const auto& denial) { return is_it(denial.servers); });
    if (!is_configured) return fail(std::move(removed).error());
    return fail(Code::conflict,
                fmt::format("the rule for {} stands in the configuration: take it away there, then "
                            "`chatctl reload`",
                            wanted.servers));
  }
  CHATD_CHECK(decide(std::move(rules)));
  return wire::Nothing{};
}

}  // namespace chatd::app
