#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/auth.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/host/config_check.hpp"
#include "daemon/host/loop_inbox.hpp"

#include <tl/expected.hpp>

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::core {
class FeedListener;
}

namespace chatd::host {

// A plugin that is to be loaded, with its section of the config.
struct WantedPlugin {
  std::string name;
  std::vector<Setting> settings;
};

struct HostOptions {
  std::vector<std::filesystem::path> dirs;  // where <name>.so is looked for
  WantedPlugin storage;
  WantedPlugin auth;
  std::vector<WantedPlugin> others;
  unsigned job_threads = 2;   // for what plugins do that blocks
  unsigned read_threads = 2;  // for reads of the store
};

// What is known about one plugin, for `chatctl plugin list|info` and metrics.
struct PluginStatus {
  std::string name;
  std::string version;
  std::string summary;
  std::string file;
  std::vector<std::string> roles;
  std::string config_schema;
  std::uint64_t calls = 0;          // on the loop
  std::uint64_t microseconds = 0;   // spent in them
  std::uint64_t over_budget = 0;    // that took longer than 1 ms
  std::uint64_t timeouts = 0;       // questions not answered in time
  std::uint64_t stray_answers = 0;  // late, double or to no question
  std::uint64_t failures = 0;       // answers that were no sensible ones
  std::uint64_t log_lag = 0;        // commits that its slowest subscription is behind
};

struct StoreNumbers {
  std::uint64_t batches = 0;       // committed
  std::uint64_t commits = 0;       // how many commits that took
  std::uint64_t failed = 0;        // batches that failed
  std::uint64_t microseconds = 0;  // spent in commits
};

// The plugins of a server and everything between them and the core: the loader, the store thread,
// the workers, the host functions, the ports. Made and stopped on the loop's thread (both block);
// everything else is loop only. What it posts to the loop must not be run once it is gone.
class Host {
 public:
  // Loads and starts all plugins, storage first, or none: every sentence says which one was refused
  // and why.
  [[nodiscard]] static tl::expected<std::unique_ptr<Host>, Mistakes> start(
      const HostOptions& options, LoopPoster post, Clock& clock);
  // Loads and checks all plugins and their configs without starting any; what is wrong.
  [[nodiscard]] static Mistakes check(const HostOptions& options);

  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;
  ~Host();

  // The ports of the core. They live as long as the host; after stop() every question is answered
  // with `unavailable`, or never if the loop is not run any more.
  [[nodiscard]] core::StorePort& store();
  [[nodiscard]] core::AuthPort& auth();
  [[nodiscard]] core::HookPort& hooks();
  [[nodiscard]] core::MethodPort& methods();
  // Who reads the commit feed; nullptr when nobody does and the core need not write it.
  [[nodiscard]] core::FeedListener* feed();

  // Deadlines and timers; at least every 100 ms.
  void tick();

  // Ends the open questions, runs what plugins have queued, commits what waits, destroys the
  // plugins, storage last. Call it once the core is idle.
  void stop();

  // In the order in which they were started.
  [[nodiscard]] std::vector<PluginStatus> plugins() const;
  // Whether the value of a setting below [plugin.<plugin>] may be shown: a loaded plugin takes it,
  // and not as a secret.
  [[nodiscard]] bool may_show(std::string_view plugin, std::string_view key) const;
  [[nodiscard]] StoreNumbers store_numbers() const;
  // What the storage plugin says about itself.
  void storage_stats(
      std::function<void(Result<std::vector<std::pair<std::string, std::uint64_t>>>)> done);
  // A copy of the whole store in a new folder. Takes a reader for as long as it lasts.
  void backup(std::string target, std::function<void(Status)> done);

 private:
  struct Parts;
  explicit Host(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace chatd::host
