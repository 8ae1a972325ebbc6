#pragma once

#include <mutex>
#include <utility>

namespace chatd {

// A value that several threads use, each for a moment: only inside with(). For what can't wait for
// a mailbox; never call foreign code inside.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  Guarded(const Guarded&) = delete;
  Guarded& operator=(const Guarded&) = delete;

  template <class Use>
  auto with(Use use) {
    const std::lock_guard lock(mutex_);
    return use(value_);
  }

 private:
  std::mutex mutex_;
  T value_{};
};

}  // namespace chatd
