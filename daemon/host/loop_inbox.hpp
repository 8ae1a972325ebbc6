#pragma once

#include "daemon/base/mailbox.hpp"
#include "daemon/host/on_thread.hpp"

#include <cstddef>
#include <functional>
#include <utility>
#include <vector>

namespace chatd::host {

// Runs a function on the loop, soon, in the order posted. Any thread. Given by whoever owns the
// loop, which must not run what was posted after the host is gone.
using LoopPoster = std::function<void(std::function<void()>)>;

// Everything that goes from the host's threads to the loop: many tasks, one wake-up. Tasks are
// answers that were promised, so none is refused; the promises bound them.
class LoopInbox {
 public:
  explicit LoopInbox(LoopPoster post)
      : box_(0, [this, poster = std::move(post)] { poster([this] { drain(); }); }) {}

  // Any thread.
  void put(std::function<void()> task) { box_.put_owed(std::move(task)); }

  // Loop only: runs what waits. How many tasks that were.
  std::size_t drain() {
    const OnThread loop(ThreadKind::loop);
    std::vector<std::function<void()>> tasks;
    box_.take_all(tasks);
    for (const auto& task : tasks) task();
    return tasks.size();
  }

 private:
  Mailbox<std::function<void()>> box_;
};

}  // namespace chatd::host
