#include "tests/sim/plugin.hpp"

#include <utility>

namespace chatd::sim {
namespace {

using core::Verdict;

constexpr Millis kDeadline{2'000};  // the host's own

Verdict refusal() {
  return {Verdict::Kind::deny, {Code::denied, "the plugin does not like it", 0}, {}};
}

}  // namespace

core::Verdict Plugin::judge() {
  const auto what = world_.below(100);
  if (what < 4) return refusal();
  if (what < 6) return {Verdict::Kind::drop, {}, {}};
  return {};
}

void Plugin::answer(Done done, core::Verdict verdict) {
  const auto pace = world_.below(100);
  Millis delay(0);
  if (pace >= 97) {
    world_.tell("plugin: does not answer");
    verdict = {Verdict::Kind::deny, {Code::unavailable, "a plugin did not answer", 0}, {}};
    delay = kDeadline;
  } else if (pace >= 70) {
    delay = Millis(world_.between(1, pace >= 94 ? 1500 : 100));
  }
  process_.after(delay, [done = std::move(done), verdict = std::move(verdict)] { done(verdict); });
}

void Plugin::message_pre_accept(core::Draft draft, Done done) {
  Verdict verdict = judge();
  const std::size_t end = draft.content.rfind("\"}");
  const bool has_text =
      draft.kind == wire::RecordKind::message || draft.kind == wire::RecordKind::edit;
  if (verdict.kind == Verdict::Kind::pass && has_text && world_.chance(5))
    verdict = {Verdict::Kind::replace, {}, draft.content.insert(end, " (altered)")};
  answer(std::move(done), std::move(verdict));
}

core::Verdict Plugin::room_pre_append(const core::Draft&) {
  return world_.chance(1) ? refusal() : Verdict{};
}

void Plugin::account_pre_register(UserId, std::string, Done done) {
  process_.after(Millis(world_.between(0, 300)), [done = std::move(done)] { done({}); });
}
void Plugin::room_pre_create(UserId, std::string, Done done) { answer(std::move(done), judge()); }
void Plugin::room_pre_join(RoomId, UserId, Done done) { answer(std::move(done), judge()); }

}  // namespace chatd::sim
