#include "daemon/host/timers.hpp"

#include "daemon/host/plugin.hpp"
#include "daemon/host/workers.hpp"

#include <algorithm>
#include <vector>

namespace chatd::host {
namespace {

constexpr std::uint64_t kMaxDelayMs = 10ULL * 365 * 24 * 3600 * 1000;  // far off, no overflow

}  // namespace

chatd_status Timers::start(Plugin& plugin, std::uint64_t delay_ms, std::uint64_t repeat_ms,
                           chatd_task task, void* arg, chatd_timer* timer) {
  if (task == nullptr) return CHATD_E_INVALID;
  return state_.with([&](State& state) {
    if (state.is_closed) return CHATD_E_UNAVAILABLE;
    const auto mine = std::count_if(state.timers.begin(), state.timers.end(),
                                    [&](const auto& row) { return row.second.plugin == &plugin; });
    if (mine >= CHATD_TIMER_MAX) return CHATD_E_LIMIT;
    Timer& fresh = state.timers[++state.last];
    fresh.plugin = &plugin;
    fresh.task = task;
    fresh.arg = arg;
    fresh.delay = Millis(std::min(delay_ms, kMaxDelayMs));
    fresh.repeat = Millis(std::min(repeat_ms, kMaxDelayMs));
    if (timer != nullptr) *timer = state.last;
    return CHATD_OK;
  });
}

chatd_status Timers::stop(const Plugin& plugin, chatd_timer timer) {
  return state_.with([&](State& state) {
    const auto found = state.timers.find(timer);
    if (found == state.timers.end() || found->second.plugin != &plugin) return CHATD_E_NOT_FOUND;
    state.timers.erase(found);
    return CHATD_OK;
  });
}

void Timers::clear() {
  state_.with([](State& state) {
    state.is_closed = true;
    state.timers.clear();
  });
}

void Timers::tick() {
  const Monotonic now = clock_.now();
  const std::vector<chatd_timer> due = state_.with([&](State& state) {
    std::vector<chatd_timer> ids;
    for (auto& [id, timer] : state.timers) {
      if (!timer.at) timer.at = now + timer.delay;
      if (*timer.at > now || timer.is_running) continue;
      ids.push_back(id);
      timer.is_running = true;
    }
    return ids;
  });
  for (const chatd_timer id : due) {
    const bool is_taken = jobs_.run([this, id] { run(id); });
    state_.with([&](State& state) {
      const auto found = state.timers.find(id);
      if (found == state.timers.end()) return;
      if (!is_taken) found->second.is_running = false;  // tried again on the next tick
      if (is_taken) found->second.at = now + found->second.repeat;
    });
  }
}

void Timers::run(chatd_timer id) {
  const std::optional<Timer> timer = state_.with([&](State& state) -> std::optional<Timer> {
    const auto found = state.timers.find(id);
    if (found == state.timers.end()) return std::nullopt;  // stopped meanwhile
    const Timer copy = found->second;
    if (copy.repeat.count() == 0) state.timers.erase(found);
    return copy;
  });
  if (!timer) return;
  timer->plugin->run(timer->task, timer->arg);
  state_.with([&](State& state) {
    const auto found = state.timers.find(id);
    if (found != state.timers.end()) found->second.is_running = false;
  });
}

}  // namespace chatd::host
