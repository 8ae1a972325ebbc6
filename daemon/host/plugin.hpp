#pragma once

#include "daemon/base/counter.hpp"
#include "daemon/base/result.hpp"
#include "daemon/base/work_queue.hpp"
#include "daemon/host/config_check.hpp"
#include "daemon/host/library.hpp"
#include "daemon/host/on_thread.hpp"
#include <chatd/plugin.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chatd::host {

class LogFeed;
class LoopInbox;
class Ops;
class Plugin;
class PluginState;
class Timers;
class Workers;

// What the host offers its plugins. `state` and `feed` are nullptr for the storage plugin, which
// they stand on.
struct Services {
  LoopInbox& loop;
  Workers& jobs;
  Ops& ops;
  Timers& timers;
  PluginState* state = nullptr;
  LogFeed* feed = nullptr;
};

}  // namespace chatd::host

// The handle that a plugin gives back with every call.
struct chatd_host {
  chatd::host::Plugin* plugin;
};

namespace chatd::host {

// The table of host functions (plugin.h), the same for every plugin.
[[nodiscard]] const chatd_host_api& host_api();

// One instance of a plugin with its roles. Owned by the Host.
class Plugin {
 public:
  // Any thread counts, anyone reads.
  struct Numbers {
    Counter calls;          // on the loop
    Counter microseconds;   // spent in them
    Counter over_budget;    // calls that took longer than kBudget
    Counter timeouts;       // questions not answered in time
    Counter stray_answers;  // answers that came late, twice or to no question
    Counter failures;       // answers that were no sensible ones
  };
  static constexpr std::chrono::microseconds kBudget{1'000};  // as plugin.h tells for LOOP

  // Calls create() and role() as a worker; blocks. An error is what went wrong, in a sentence.
  [[nodiscard]] static Result<std::unique_ptr<Plugin>> create(std::unique_ptr<Library> library,
                                                              PluginConfig config,
                                                              const Services& services);
  Plugin(const Plugin&) = delete;
  Plugin& operator=(const Plugin&) = delete;
  ~Plugin() { destroy(); }

  // Takes no more posts. What is posted already still runs.
  void close() { posts_.close(); }
  // Calls destroy(), once. Nothing may call the plugin from then on; this object stays, so that
  // what its threads sent last can be told from nonsense.
  void destroy();

  [[nodiscard]] std::string name() const { return library_->descriptor().name; }
  [[nodiscard]] const Library& library() const { return *library_; }
  [[nodiscard]] const PluginConfig& config() const { return config_; }
  [[nodiscard]] void* self() const { return self_; }
  // nullptr: the plugin doesn't serve it.
  template <class T>
  [[nodiscard]] const T* role(std::string_view id) const {
    const auto found = roles_.find(std::string(id));
    return found == roles_.end() ? nullptr : static_cast<const T*>(found->second);
  }

  // Calls a function of the plugin on the loop: timed, and what it throws is CHATD_E_INTERNAL.
  template <class Call>
  [[nodiscard]] chatd_status on_loop(std::string_view what, Call call) {
    const OnThread loop(ThreadKind::loop);
    const auto begin = std::chrono::steady_clock::now();
    const chatd_status status = walled(what, call);
    note_time(what, std::chrono::steady_clock::now() - begin);
    return status;
  }
  // The same wall for calls on other threads.
  template <class Call>
  [[nodiscard]] chatd_status walled(std::string_view what, Call call) const {
    try {
      return call();
    } catch (...) {
      note_exception(what);
      return CHATD_E_INTERNAL;
    }
  }

  [[nodiscard]] Numbers& numbers() { return numbers_; }
  [[nodiscard]] const Numbers& numbers() const { return numbers_; }
  [[nodiscard]] const Services& services() const { return services_; }

  // What the host functions of plugin.h do.
  void log(std::int32_t level, std::string_view text) const;
  [[nodiscard]] chatd_status config_value(const char* key, chatd_str* value) const;
  [[nodiscard]] chatd_status post(chatd_task task, void* arg);
  [[nodiscard]] chatd_status work(chatd_task task, void* arg);
  [[nodiscard]] chatd_status complete(chatd_op op, const chatd_answer* answer);
  // Runs a task of the plugin, walled.
  void run(chatd_task task, void* arg) const;
  // False, and logged, when the running thread is not a worker.
  [[nodiscard]] bool is_on_worker(std::string_view what) const;

 private:
  struct Task {
    chatd_task run;
    void* arg;
  };
  static constexpr std::size_t kMaxPosts = 4'096;

  Plugin(std::unique_ptr<Library> library, PluginConfig config, const Services& services)
      : library_(std::move(library)),
        config_(std::move(config)),
        services_(services),
        posts_(kMaxPosts) {}

  [[nodiscard]] Status start();
  void note_time(std::string_view what, std::chrono::nanoseconds took);
  void note_exception(std::string_view what) const;

  // Constant once created
  const std::unique_ptr<Library> library_;  // first: the code of all below
  const PluginConfig config_;
  const Services services_;
  chatd_host handle_{this};
  void* self_ = nullptr;
  bool is_alive_ = false;
  std::unordered_map<std::string, const void*> roles_;

  // Any thread
  Numbers numbers_;
  WorkQueue<Task> posts_;
};

}  // namespace chatd::host
