#pragma once

#include "plugins/auth_password/argon2.hpp"
#include <chatd/plugin.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace auth_password {

enum class Task { set_secret, verify, erase };

// One question on its way through the workers.
struct Job {
  Task task = Task::verify;
  chatd::sdk::Op op;
  std::string user;
  Wiped secret;
  std::string network = {};  // of who asks; verify only
};

// Bounds what hashing may take: at most `max_running` jobs at a time (each holds Argon2's memory
// and a worker), `max_waiting` more in a queue. They begin in the order in which they came; with
// one lane each ends before the next begins.
class Lanes {
 public:
  using Work = std::function<void(Job&)>;

  // `run` answers the job's op, on a worker. `refused` is told of each job that is answered with
  // UNAVAILABLE here instead, on any thread.
  Lanes(chatd::sdk::Host host, std::size_t max_running, std::size_t max_waiting, Work run,
        Work refused)
      : host_(host),
        max_running_(max_running),
        max_waiting_(max_waiting),
        run_(std::move(run)),
        refused_(std::move(refused)) {}
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  // Any thread. When too much waits the job is refused.
  void add(Job job);

 private:
  void lane();                // on a worker: runs a job, then queues up for the next one
  std::optional<Job> next();  // none: the lane is closed
  void refuse(Job& job, std::string_view why);

  // Constant after construction
  const chatd::sdk::Host host_;
  const std::size_t max_running_;
  const std::size_t max_waiting_;
  const Work run_;
  const Work refused_;

  // Under mutex_
  std::mutex mutex_;
  std::size_t running_ = 0;
  std::deque<Job> waiting_;
};

}  // namespace auth_password
