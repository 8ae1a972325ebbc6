#pragma once

#include "daemon/base/mailbox.hpp"

#include <chrono>
#include <functional>
#include <semaphore>
#include <vector>

namespace chatd::tests {

// The loop of a test: runs what other threads post when the test waits for something.
class TestLoop {
 public:
  [[nodiscard]] std::function<void(std::function<void()>)> poster() {
    return [this](std::function<void()> task) { box_.put_owed(std::move(task)); };
  }

  // Runs what is posted until `claim` holds; false after 20 seconds.
  template <class Claim>
  [[nodiscard]] bool run_until(Claim claim) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    run();
    while (!claim()) {
      if (!filled_.try_acquire_until(deadline)) return false;
      run();
    }
    return true;
  }
  void run() {
    std::vector<std::function<void()>> tasks;
    box_.take_all(tasks);
    for (const auto& task : tasks) task();
  }

 private:
  std::counting_semaphore<> filled_{0};
  Mailbox<std::function<void()>> box_{0, [this] { filled_.release(); }};
};

}  // namespace chatd::tests
