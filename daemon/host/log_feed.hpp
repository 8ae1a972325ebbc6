#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/feed.hpp"
#include <chatd/events.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace chatd::host {

class LoopInbox;
class Plugin;
class PluginState;
class Workers;

// What stands behind chatd.log.v1: walks each subscriber through the commit feed, keeps its cursor
// in the store and removes the rows that all have passed. Jobs run on workers, one at a time for
// each subscriber; what they found comes back to the loop.
class LogFeed final : public core::FeedListener {
 public:
  LogFeed(PluginState& state, Workers& jobs, LoopInbox& loop, Clock& clock)
      : state_(state), jobs_(jobs), loop_(loop), clock_(clock) {}

  // While plugins are created, one at a time. Blocks.
  [[nodiscard]] chatd_status subscribe(Plugin& plugin, const char* name, chatd_events_fn fn,
                                       void* arg);
  // Once all are: forgets the cursors that nobody took up. Blocks; no subscriptions after it.
  [[nodiscard]] Status start();

  // Loop only from here.
  void on_feed(std::uint64_t newest_position) override;
  void tick();
  // No more jobs begin.
  void stop() { is_open_ = false; }

  // Whether the core must write a feed at all.
  [[nodiscard]] bool has_subscribers() const { return !subscriptions_.empty(); }
  // How many commits the plugin's slowest subscription is behind.
  [[nodiscard]] std::uint64_t lag(const Plugin& plugin) const;

 private:
  struct Subscription {
    Plugin* plugin = nullptr;
    std::string name;
    chatd_events_fn fn = nullptr;
    void* arg = nullptr;
    std::uint64_t cursor = 0;  // the position it has passed
    bool is_busy = false;
    unsigned failures = 0;  // in a row
    Monotonic not_before{};
  };
  // What a job works on: a copy, for it runs beside the loop.
  struct Job {
    std::size_t subscription = 0;
    Plugin* plugin = nullptr;
    std::string name;
    chatd_events_fn fn = nullptr;
    void* arg = nullptr;
    std::uint64_t cursor = 0;
    std::uint64_t newest = 0;
    std::uint64_t trim_after = 0;  // rows after this and up to trim_through can go
    std::uint64_t trim_through = 0;
  };

  [[nodiscard]] Result<std::uint64_t> stored_newest() const;
  void begin_job(std::size_t index);
  // On a worker: delivers what comes after the cursor; the cursor after that.
  [[nodiscard]] Result<std::uint64_t> run(const Job& job) const;
  [[nodiscard]] Status deliver(const Job& job, const std::vector<core::FeedEntry>& entries) const;
  void on_done(const Job& job, const Result<std::uint64_t>& cursor);

  // Constant after construction
  PluginState& state_;
  Workers& jobs_;
  LoopInbox& loop_;
  Clock& clock_;

  // Starting thread, then loop
  bool is_open_ = true;
  bool is_started_ = false;
  std::vector<Subscription> subscriptions_;
  std::uint64_t newest_ = 0;
  std::uint64_t trimmed_ = 0;  // no rows up to here are left
};

}  // namespace chatd::host
