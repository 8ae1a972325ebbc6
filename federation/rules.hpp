#pragma once

#include "federation/policy.hpp"

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// What the admin decided about other servers while this one ran, beside the configuration. It holds
// until it is taken back: the app keeps it in a file. Values; any thread.
namespace chatd::federation {

inline constexpr std::size_t kMaxRules = 10'000;  // of each kind; 2 MB on disk
inline constexpr std::size_t kMaxReasonBytes = 200;
inline constexpr std::size_t kMaxRulesBytes = 8 * 1024 * 1024;  // more than so many need

struct Rule {
  ServerPattern servers;
  bool is_denied = false;  // else allowed
  TimeMs since = 0;
  TimeMs until = 0;    // of a denial; 0: for ever
  std::string reason;  // of a denial: one line, may be empty
};

class Rules {
 public:
  [[nodiscard]] const std::vector<Rule>& all() const { return rules_; }  // by their servers
  [[nodiscard]] const std::set<std::string>& paused() const { return paused_; }

  // In place of the one for the same servers, if any. invalid_params for a reason that is no line;
  // limit_reached when there are kMaxRules.
  [[nodiscard]] Status set(Rule rule);
  // not_found when there is none for just these.
  [[nodiscard]] Status remove(std::string_view servers);
  [[nodiscard]] Status pause(const std::string& server);
  void resume(const std::string& server) { paused_.erase(server); }
  // Forgets denials that ended.
  void expire(TimeMs now);

  // The configuration's policy and this.
  [[nodiscard]] Policy with(Policy policy) const;

  [[nodiscard]] std::string text() const;
  // Total. An error names the line.
  [[nodiscard]] static Result<Rules> parse(std::string_view text);

 private:
  std::vector<Rule> rules_;
  std::set<std::string> paused_;
};

}  // namespace chatd::federation
