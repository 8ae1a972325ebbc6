#pragma once

#include <coroutine>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace chatd::core {

// One after the other, by name, in the order of arrival. Loop only.
class Turns {
 public:
  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  // Whoever holds it is the only one of that name; the next goes on when it is let go.
  class Pass {
   public:
    Pass() = default;
    Pass(Turns& turns, std::string name) : turns_(&turns), name_(std::move(name)) {}
    Pass(Pass&& other) noexcept
        : turns_(std::exchange(other.turns_, nullptr)), name_(std::move(other.name_)) {}
    Pass& operator=(Pass&& other) noexcept {
      std::swap(turns_, other.turns_);
      std::swap(name_, other.name_);
      return *this;
    }
    ~Pass() {
      if (turns_ != nullptr) turns_->leave(name_);
    }

   private:
    Turns* turns_ = nullptr;
    std::string name_;
  };

  // auto pass = co_await turns.enter(name);
  struct Awaiter {
    Turns& turns;
    std::string name;
    bool await_ready() { return turns.lines_.try_emplace(name).second; }
    void await_suspend(std::coroutine_handle<> self) { turns.lines_[name].push_back(self); }
    Pass await_resume() { return Pass(turns, std::move(name)); }
  };
  // Copied: GCC 12 takes a move into the frame of a coroutine for one onto itself (-Wrestrict).
  [[nodiscard]] Awaiter enter(const std::string& name) { return {*this, name}; }

  // No more: who waits is never woken. For the end, before the tasks that wait are destroyed.
  void close() { is_closed_ = true; }

 private:
  void leave(const std::string& name) {
    if (is_closed_) return;
    const auto line = lines_.find(name);
    if (line->second.empty()) {
      lines_.erase(line);
      return;
    }
    const auto next = line->second.front();
    line->second.pop_front();
    next.resume();
  }

  std::unordered_map<std::string, std::deque<std::coroutine_handle<>>> lines_;
  bool is_closed_ = false;
};

}  // namespace chatd::core
