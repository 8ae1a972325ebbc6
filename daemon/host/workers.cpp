#include "daemon/host/workers.hpp"

#include "daemon/host/on_thread.hpp"

#include <sys/resource.h>
#include <unistd.h>

namespace chatd::host {
namespace {

// Hashing passwords and folding history are long and can wait; where the cores are few, a message
// must not. So they get a tenth of what a loop gets while it is busy, and all that it leaves.
constexpr int kNice = 10;

// Linux keeps it by thread. That it can fail is no reason not to work.
void give_way() { (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), kNice); }

}  // namespace

Workers::Workers(unsigned threads, std::size_t max_waiting) : queue_(max_waiting) {
  for (unsigned i = 0; i < threads; ++i)
    threads_.emplace_back([this] {
      const OnThread worker(ThreadKind::worker);
      give_way();
      while (const auto task = queue_.take()) (*task)();
    });
}

void Workers::stop() {
  queue_.close();
  for (std::thread& thread : threads_) thread.join();
  threads_.clear();
}

}  // namespace chatd::host
