#include "daemon/host/workers.hpp"

#include "daemon/host/on_thread.hpp"

namespace chatd::host {

Workers::Workers(unsigned threads, std::size_t max_waiting) : queue_(max_waiting) {
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      const OnThread worker(ThreadKind::worker);
      while (const auto task = queue_.take()) (*task)();
    });
}

void Workers::stop() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace chatd::host
