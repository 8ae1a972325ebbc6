#include "daemon/host/ops.hpp"

#include "daemon/host/plugin.hpp"

namespace chatd::host {

chatd_op Ops::open(Plugin& plugin, Millis deadline, Done done) {
  const chatd_op op = ++last_;
  const Monotonic at = clock_.now() + deadline;
  open_.emplace(op, Open{&plugin, at, std::move(done)});
  deadlines_.emplace(at, op);
  return op;
}

void Ops::settle(chatd_op op, Plugin* plugin, Answer answer) {
  const auto found = open_.find(op);
  if (found == open_.end() || found->second.plugin != plugin) {
    plugin->numbers().stray_answers.add();
    return;
  }
  const Open settled = std::move(found->second);
  deadlines_.erase({settled.deadline, op});
  open_.erase(found);
  settled.done(std::move(answer));
}

void Ops::give_up(chatd_op op) {
  Plugin* const plugin = open_.at(op).plugin;
  plugin->numbers().timeouts.add();
  settle(op, plugin, {CHATD_E_UNAVAILABLE, {}, 0, true});
}

void Ops::tick() {
  const Monotonic now = clock_.now();
  while (!deadlines_.empty() && deadlines_.begin()->first <= now)
    give_up(deadlines_.begin()->second);
}

void Ops::close_all() {
  is_closed_ = true;
  while (!deadlines_.empty()) {
    const chatd_op op = deadlines_.begin()->second;
    settle(op, open_.at(op).plugin, {CHATD_E_UNAVAILABLE, {}, 0, true});
  }
}

}  // namespace chatd::host
