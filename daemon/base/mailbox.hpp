#pragma once

#include <cstddef>
#include <functional>
#include <mutex>
#include <utility>
#include <vector>

namespace chatd {

// How threads meet: many put, one takes all that waits. Bounded. With WorkQueue and Guarded the
// only user of a mutex in the daemon. `wake` is called from the putting thread, once per emptiness:
// when something comes into an empty box; it must be safe on any thread and must outlive the box.
template <class T>
class Mailbox {
 public:
  Mailbox(std::size_t capacity, std::function<void()> wake)
      : capacity_(capacity), wake_(std::move(wake)) {}
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  // False when the box is full; the item is then untouched.
  [[nodiscard]] bool put(T&& item) {
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      if (items_.size() >= capacity_) return false;
      was_empty = items_.empty();
      items_.push_back(std::move(item));
    }
    if (was_empty) wake_();
    return true;
  }

  [[nodiscard]] bool is_full() {
    const std::lock_guard lock(mutex_);
    return items_.size() >= capacity_;
  }

  // For what must not be refused: answers that were promised, or what a thread made after it saw
  // room. May go over the capacity, which the promise itself bounds.
  void put_owed(T&& item) {
    bool was_empty = false;
    {
      const std::lock_guard lock(mutex_);
      was_empty = items_.empty();
      items_.push_back(std::move(item));
    }
    if (was_empty) wake_();
  }

  // All that waits, in order. `into` is emptied first and its memory reused.
  void take_all(std::vector<T>& into) {
    into.clear();
    const std::lock_guard lock(mutex_);
    items_.swap(into);
  }

 private:
  // Constant after construction
  const std::size_t capacity_;
  const std::function<void()> wake_;

  // Under mutex_
  std::mutex mutex_;
  std::vector<T> items_;
};

}  // namespace chatd
