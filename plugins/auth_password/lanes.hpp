#pragma once

#include "plugins/auth_password/argon2.hpp"
#include <chatd/plugin.hpp>

#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>

namespace auth_password {

enum class Task { set_secret, verify };

// One question on its way through the workers.
struct Job {
  Task task = Task::verify;
  chatd::sdk::Op op;
  std::string user;
  Wiped secret;
};

// Bounds what hashing may take: at most `max_running` jobs at a time (each holds Argon2's memory
// and a worker), `max_waiting` more in a queue.
class Lanes {
 public:
  Lanes(chatd::sdk::Host host, std::size_t max_running, std::size_t max_waiting,
        std::function<void(Job&)> run)
      : host_(host), max_running_(max_running), max_waiting_(max_waiting), run_(std::move(run)) {}
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;

  // Any thread. When too much waits the job's op is answered with UNAVAILABLE.
  void add(Job job);

 private:
  void lane();  // on a worker: runs jobs until none waits

  // Constant after construction
  const chatd::sdk::Host host_;
  const std::size_t max_running_;
  const std::size_t max_waiting_;
  const std::function<void(Job&)> run_;

  // Under mutex_
  std::mutex mutex_;
  std::size_t running_ = 0;
  std::deque<Job> waiting_;
};

}  // namespace auth_password
