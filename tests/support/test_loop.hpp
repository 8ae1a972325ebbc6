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

  // Runs what is posted until `claim` holds; false after 20 seconds. The claim is looked at after
  // each post and now and then, so it may also be what moves a clock on.
  template <class Claim>
  [[nodiscard]] bool run_until(Claim claim) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    run();
    while (!claim()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      static_cast<void>(filled_.try_acquire_for(std::chrono::milliseconds(10)));
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
