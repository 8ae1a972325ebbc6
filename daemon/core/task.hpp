#pragma once

#include "daemon/base/assert.hpp"

#include <coroutine>
#include <exception>
#include <functional>
#include <list>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

// Coroutines of the core: a command reads from top to bottom although the store, a plugin or a
// timer answers in between. Loop only. Rules (CONTRIBUTING.md): `co_await` stands alone on the
// right of one declaration; parameters are values; nothing looked up before a co_await is used
// after it without looking it up again.
namespace chatd::core {

template <class T = void>
class Task;

namespace detail {

struct PromiseBase {
  std::coroutine_handle<> waiter = std::noop_coroutine();

  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) noexcept {
      return self.promise().waiter;
    }
    void await_resume() noexcept {}
  };

  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
};

template <class T>
struct Promise : PromiseBase {
  std::optional<T> value;
  Task<T> get_return_object();
  template <class U>
  void return_value(U&& result) {
    value.emplace(std::forward<U>(result));
  }
  T take() { return std::move(*value); }
};

template <>
struct Promise<void> : PromiseBase {
  Task<void> get_return_object();
  void return_void() {}
  void take() {}
};

}  // namespace detail

// A computation that begins when awaited and gives one T. Owned by whoever awaits it.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, {})) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> waiter) noexcept {
    handle_.promise().waiter = waiter;
    return handle_;
  }
  T await_resume() { return handle_.promise().take(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {
template <class T>
Task<T> Promise<T>::get_return_object() {
  return Task<T>(std::coroutine_handle<Promise<T>>::from_promise(*this));
}
inline Task<void> Promise<void>::get_return_object() {
  return Task<void>(std::coroutine_handle<Promise<void>>::from_promise(*this));
}
}  // namespace detail

// Owns the tasks that nobody awaits. When it goes, those unfinished go with it, wherever they
// wait: whoever would have resumed them must not do so any more.
class TaskScope {
 public:
  TaskScope() = default;
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;
  ~TaskScope() {
    const auto roots = std::move(roots_);
    roots_.clear();
    for (void* root : roots) std::coroutine_handle<>::from_address(root).destroy();
  }

  // Runs the task until it first waits; it goes on by itself from there.
  void spawn(Task<void> task) { run(std::move(task), *this); }
  [[nodiscard]] std::size_t size() const { return roots_.size(); }

 private:
  struct Root {
    struct promise_type {
      TaskScope& scope;
      promise_type(Task<void>&, TaskScope& owner) : scope(owner) {
        scope.roots_.insert(std::coroutine_handle<promise_type>::from_promise(*this).address());
      }
      ~promise_type() {
        scope.roots_.erase(std::coroutine_handle<promise_type>::from_promise(*this).address());
      }
      Root get_return_object() { return {}; }
      std::suspend_never initial_suspend() noexcept { return {}; }
      std::suspend_never final_suspend() noexcept { return {}; }
      void return_void() {}
      [[noreturn]] void unhandled_exception() noexcept { std::terminate(); }
    };
  };
  static Root run(Task<void> task, TaskScope&) { co_await task; }

  std::unordered_set<void*> roots_;
};

// Awaits one call to a port: `start` is given a function that takes the answer, which the port
// calls later, once.
template <class T, class Start>
class PortCall {
 public:
  explicit PortCall(Start start) : start_(std::move(start)) {}
  PortCall(const PortCall&) = delete;
  PortCall& operator=(const PortCall&) = delete;

  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    start_([this, self](T answer) {
      answer_.emplace(std::move(answer));
      self.resume();
    });
  }
  T await_resume() { return std::move(*answer_); }

 private:
  Start start_;
  std::optional<T> answer_;
};

// auto rows = co_await call<Result<Rows>>([&](auto done) { store.scan(prefix, std::move(done)); });
template <class T, class Start>
[[nodiscard]] PortCall<T, Start> call(Start start) {
  return PortCall<T, Start>(std::move(start));
}

// Where any number of tasks wait for one thing to happen. Each open() lets through those that wait
// at that moment, in the order in which they came.
class Gate {
 public:
  Gate() = default;
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;

  struct Awaiter {
    Gate& gate;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> self) { gate.waiting_.push_back(self); }
    void await_resume() const noexcept {}
  };
  [[nodiscard]] Awaiter wait() { return Awaiter{*this}; }

  void open() {
    const auto waiting = std::move(waiting_);
    waiting_.clear();
    for (const std::coroutine_handle<> task : waiting) task.resume();
  }
  [[nodiscard]] bool has_waiters() const { return !waiting_.empty(); }

 private:
  std::vector<std::coroutine_handle<>> waiting_;
};

}  // namespace chatd::core
