#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/wire/methods/method.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What chatctl may ask about who is allowed and denied.
namespace chatd::wire {

struct FederationRule {
  static constexpr std::string_view kTypeName = "FederationRule";
  std::string servers;
  std::string decision;
  std::string source;
  std::optional<TimeMs> since;
  std::optional<TimeMs> until;
  std::string reason;
  static void fields(auto& self, auto&& field) {
    field("servers", self.servers, "A server's name, or \"*.\" and one for all below it.");
    field("decision", self.decision, "allow, deny or pause.");
    field("source", self.source, "Where it stands: configuration or chatctl.");
    field("since", self.since, "When it was decided.");
    field("until", self.until, "When it ends.");
    field("reason", self.reason, "Why.");
  }
};

struct FederationRuleAnswer {
  FederationRule rule;
  std::string effect;
  static void fields(auto& self, auto&& field) {
    field("rule", self.rule, "What holds now.");
    field("effect", self.effect, "What comes of it.");
  }
};

struct AdminFederationAllow {
  static constexpr MethodInfo kMethod{
      "admin.federation.allow",
      "Puts servers on the allow list, and takes back a denial of just these. Outlives a restart.",
      Access::admin, false, errors(Code::limit_reached)};
  using Answer = FederationRuleAnswer;
  std::string servers;
  static void fields(auto& self, auto&& field) {
    field("servers", self.servers, "A server's name, or \"*.\" and one for all below it.");
  }
};

struct AdminFederationDeny {
  static constexpr MethodInfo kMethod{"admin.federation.deny",
                                      "Federates with these servers no longer. Outlives a restart.",
                                      Access::admin, false, errors(Code::limit_reached)};
  using Answer = FederationRuleAnswer;
  std::string servers;
  std::optional<std::string> reason;
  std::optional<std::uint32_t> days;
  static void fields(auto& self, auto&& field) {
    field("servers", self.servers, "A server's name, or \"*.\" and one for all below it.");
    field("reason", self.reason, "Why, for those who look later.", Bounds{.max_code_points = 200});
    field("days", self.days, "For so many days; for ever unless told.",
          Bounds{.max_value = 36'500});
  }
};

struct FederationRulesAnswer {
  std::vector<FederationRule> rules;
  std::optional<std::string> next;
  static void fields(auto& self, auto&& field) {
    field("rules", self.rules, "By their servers.");
    field("next", self.next, "Pass it as `after` for the next page.");
  }
};

struct AdminFederationRuleList {
  static constexpr MethodInfo kMethod{
      "admin.federation.rule.list",
      "What is allowed, denied and paused, by the configuration and by chatctl.", Access::admin,
      false, 0};
  using Answer = FederationRulesAnswer;
  std::optional<std::string> after;
  std::optional<std::uint32_t> limit;
  static void fields(auto& self, auto&& field) {
    field("after", self.after, "`next` of the page before.");
    field("limit", self.limit, "At most so many; 100 unless told.", Bounds{.max_value = 1000});
  }
};

struct AdminFederationRuleRemove {
  static constexpr MethodInfo kMethod{"admin.federation.rule.remove",
                                      "Takes back what was allowed or denied.", Access::admin,
                                      false, errors(Code::not_found)};
  using Answer = Nothing;
  std::string servers;
  static void fields(auto& self, auto&& field) {
    field("servers", self.servers, "As `rule list` shows them.");
  }
};

}  // namespace chatd::wire
