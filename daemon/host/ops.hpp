#pragma once

#include "daemon/base/clock.hpp"
#include <chatd/plugin.h>

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

namespace chatd::host {

class Plugin;

// What a plugin said to a question, or that it didn't in time.
struct Answer {
  chatd_status status = CHATD_E_INTERNAL;
  std::string detail;
  std::uint64_t retry_after_ms = 0;
  bool is_late = false;  // the deadline passed, or the host stops; the rest means nothing
};

// The questions that plugins owe an answer to. Each is a number used once, so an answer that comes
// late, twice or from somebody else finds nothing. Loop only.
class Ops {
 public:
  using Done = std::function<void(Answer)>;

  explicit Ops(Clock& clock) : clock_(clock) {}
  Ops(const Ops&) = delete;
  Ops& operator=(const Ops&) = delete;

  // Asks: `call(op)` calls the plugin. `done` is called once: now, if the call returned anything
  // but PENDING; else when the answer comes or the deadline passes.
  template <class Call>
  void ask(Plugin& plugin, Millis deadline, Call call, Done done) {
    if (is_closed_) {
      done({CHATD_E_UNAVAILABLE, {}, 0, true});
      return;
    }
    const chatd_op op = open(plugin, deadline, std::move(done));
    const chatd_status status = call(op);
    if (status != CHATD_PENDING) settle(op, &plugin, {status, {}, 0, false});
  }

  // The plugin's answer.
  void settle(chatd_op op, Plugin* plugin, Answer answer);
  // Ends the questions whose deadline has passed.
  void tick();
  // Ends all; from now on every question ends at once.
  void close_all();

  [[nodiscard]] std::size_t open_count() const { return open_.size(); }

 private:
  struct Open {
    Plugin* plugin = nullptr;
    Monotonic deadline{};
    Done done;
  };

  [[nodiscard]] chatd_op open(Plugin& plugin, Millis deadline, Done done);
  void give_up(chatd_op op);

  // Constant after construction
  Clock& clock_;

  // Loop only
  bool is_closed_ = false;
  chatd_op last_ = 0;
  std::unordered_map<chatd_op, Open> open_;
  std::set<std::pair<Monotonic, chatd_op>> deadlines_;
};

}  // namespace chatd::host
