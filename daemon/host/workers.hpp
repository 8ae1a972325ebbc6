#pragma once

#include "daemon/base/work_queue.hpp"

#include <cstddef>
#include <functional>
#include <thread>
#include <vector>

namespace chatd::host {

// A few threads for what blocks. The queue is bounded; who finds it full says `unavailable`.
class Workers {
 public:
  Workers(unsigned threads, std::size_t max_waiting);
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;
  ~Workers() { stop(); }

  // Any thread. False: full or stopped; `task` is untouched.
  [[nodiscard]] bool run(std::function<void()>&& task) { return queue_.put(std::move(task)); }

  // Takes nothing more, runs all that waits, joins. Not from a worker.
  void stop();

  [[nodiscard]] std::size_t waiting() { return queue_.size(); }

 private:
  WorkQueue<std::function<void()>> queue_;
  std::vector<std::thread> threads_;
};

}  // namespace chatd::host
