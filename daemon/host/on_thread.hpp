#pragma once

#include <cstdint>
#include <utility>

namespace chatd::host {

// What the running thread is to a plugin (the words of plugin.h); `other` for threads that are not
// ours, also those a plugin made.
enum class ThreadKind : std::uint8_t { other, loop, worker, store };

[[nodiscard]] ThreadKind thread_kind();

// Makes the running thread count as `kind` for the length of a scope.
class OnThread {
 public:
  explicit OnThread(ThreadKind kind);
  OnThread(const OnThread&) = delete;
  OnThread& operator=(const OnThread&) = delete;
  ~OnThread();

 private:
  const ThreadKind before_;
};

}  // namespace chatd::host
