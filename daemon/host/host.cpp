#include "daemon/host/host.hpp"

#include "daemon/base/log.hpp"
#include "daemon/host/auth_adapter.hpp"
#include "daemon/host/hook_adapter.hpp"
#include "daemon/host/loader.hpp"
#include "daemon/host/log_feed.hpp"
#include "daemon/host/method_adapter.hpp"
#include "daemon/host/ops.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/plugin_state.hpp"
#include "daemon/host/storage_role.hpp"
#include "daemon/host/store_adapter.hpp"
#include "daemon/host/store_thread.hpp"
#include "daemon/host/timers.hpp"
#include "daemon/host/workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

namespace chatd::host {
namespace {

constexpr std::size_t kMaxJobs = 10'000;   // tasks of plugins that wait for a worker
constexpr std::size_t kMaxReads = 20'000;  // reads that wait; each client has few at a time

// Storage, auth, the others; each name once.
std::vector<const WantedPlugin*> wanted_of(const HostOptions& options) {
  std::vector<const WantedPlugin*> wanted{&options.storage};
  const auto add = [&](const WantedPlugin& plugin) {
    const bool is_there = std::any_of(wanted.begin(), wanted.end(), [&](const WantedPlugin* other) {
      return other->name == plugin.name;
    });
    if (!is_there) wanted.push_back(&plugin);
  };
  add(options.auth);
  for (const WantedPlugin& other : options.others) add(other);
  return wanted;
}

}  // namespace

// In the order of construction: what comes later uses what came before.
struct Host::Parts {
  Parts(const HostOptions& options, LoopPoster post, Clock& the_clock)
      : clock(the_clock),
        loop(std::move(post)),
        jobs(options.job_threads, kMaxJobs),
        readers(options.read_threads, kMaxReads),
        ops(the_clock),
        timers(the_clock, jobs) {}

  // Makes the instance of a plugin; the error is the sentence of the refusal.
  [[nodiscard]] Status add(Loaded loaded);
  [[nodiscard]] Status add_store();
  [[nodiscard]] Status add_adapters(const std::string& auth_name);

  Clock& clock;
  LoopInbox loop;
  std::vector<std::unique_ptr<Plugin>> plugins;  // storage first; their code outlives all threads
  Workers jobs;
  Workers readers;
  Ops ops;
  Timers timers;
  std::optional<StorageRole> storage;
  std::optional<StoreThread> committer;
  std::optional<PluginState> state;
  std::optional<LogFeed> feed;
  std::optional<StoreAdapter> store;
  std::optional<AuthAdapter> auth;
  std::optional<HookAdapter> hooks;
  std::optional<MethodAdapter> methods;
  bool is_stopped = false;
};

Status Host::Parts::add(Loaded loaded) {
  const Services services{
      loop, jobs, ops, timers, state ? &*state : nullptr, feed ? &*feed : nullptr};
  CHATD_TRY(plugins.emplace_back(),
            Plugin::create(std::move(loaded.library), std::move(loaded.config), services));
  return {};
}

Status Host::Parts::add_store() {
  CHATD_TRY(storage, StorageRole::of(*plugins.front()));
  committer.emplace(*storage);
  state.emplace(*storage, *committer);
  feed.emplace(*state, jobs, loop, clock);
  store.emplace(*storage, *committer, readers, loop);
  return {};
}

Status Host::Parts::add_adapters(const std::string& auth_name) {
  std::vector<Plugin*> ordered;
  Plugin* auth_plugin = nullptr;
  for (const auto& plugin : plugins) {
    ordered.push_back(plugin.get());
    if (plugin->name() == auth_name) auth_plugin = plugin.get();
    if (const Status status = MethodAdapter::check(*plugin); !status)
      return fail(status.error().code,
                  fmt::format("plugin {} is refused: {}", plugin->name(), status.error().message));
    const auto* const table = plugin->role<chatd_hooks_v1>(CHATD_HOOKS_V1);
    if (table != nullptr && table->size < CHATD_SIZE_THROUGH(chatd_hooks_v1, room_pre_join))
      return fail(Code::invalid_params,
                  fmt::format("plugin {} is refused: its table of " CHATD_HOOKS_V1 " is too short",
                              plugin->name()));
  }
  std::sort(ordered.begin(), ordered.end(), [](const Plugin* a, const Plugin* b) {
    return std::tuple(a->config().order, a->name()) < std::tuple(b->config().order, b->name());
  });
  CHATD_CHECK(AuthAdapter::check(*auth_plugin));
  auth.emplace(*auth_plugin, ops, loop);
  hooks.emplace(ordered, ops, loop);
  methods.emplace(ordered, ops, loop);
  return feed->start();
}

Host::Host(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Host::~Host() { stop(); }

Mistakes Host::check(const HostOptions& options) {
  Mistakes mistakes;
  for (const WantedPlugin* wanted : wanted_of(options))
    static_cast<void>(load(options.dirs, *wanted, mistakes));
  return mistakes;
}

tl::expected<std::unique_ptr<Host>, Mistakes> Host::start(const HostOptions& options,
                                                          LoopPoster post, Clock& clock) {
  // All are looked at before any is started, so that the admin sees every mistake at once.
  Mistakes mistakes;
  std::vector<Loaded> loaded;
  for (const WantedPlugin* wanted : wanted_of(options))
    if (auto one = load(options.dirs, *wanted, mistakes)) loaded.push_back(*std::move(one));
  if (!mistakes.empty()) return tl::unexpected<Mistakes>(std::move(mistakes));

  std::unique_ptr<Host> host(new Host(std::make_unique<Parts>(options, std::move(post), clock)));
  Parts& parts = *host->parts_;
  for (Loaded& one : loaded) {
    const std::string name = one.library->descriptor().name;
    Status status = parts.add(std::move(one));
    if (status && parts.plugins.size() == 1) status = parts.add_store();
    if (!status)
      return tl::unexpected<Mistakes>(Mistakes{
          {name, {}, fmt::format("plugin {} is refused: {}", name, status.error().message)}});
    log::info(
        "a plugin is loaded",
        {{"plugin", name}, {"version", parts.plugins.back()->library().descriptor().version}});
  }
  if (const Status status = parts.add_adapters(options.auth.name); !status)
    return tl::unexpected<Mistakes>(Mistakes{{{}, {}, status.error().message}});
  return host;
}

core::StorePort& Host::store() { return *parts_->store; }
core::AuthPort& Host::auth() { return *parts_->auth; }
core::HookPort& Host::hooks() { return *parts_->hooks; }
core::MethodPort& Host::methods() { return *parts_->methods; }

core::FeedListener* Host::feed() {
  return parts_->feed->has_subscribers() ? &*parts_->feed : nullptr;
}

void Host::tick() {
  parts_->ops.tick();
  parts_->timers.tick();
  parts_->feed->tick();
}

void Host::stop() {
  Parts& parts = *parts_;
  if (std::exchange(parts.is_stopped, true)) return;
  if (parts.feed) parts.feed->stop();
  parts.timers.clear();
  // First the threads, so that a question that is being worked on still gets its answer.
  parts.jobs.stop();
  for (const auto& plugin : parts.plugins) plugin->close();
  while (parts.loop.drain() > 0) {
  }
  parts.ops.close_all();
  while (parts.loop.drain() > 0) {
  }
  for (std::size_t i = parts.plugins.size(); i > 1; --i) parts.plugins[i - 1]->destroy();
  parts.readers.stop();
  if (parts.committer) parts.committer->stop();
  if (!parts.plugins.empty()) parts.plugins.front()->destroy();
  while (parts.loop.drain() > 0) {
  }
}

std::vector<PluginStatus> Host::plugins() const {
  std::vector<PluginStatus> all;
  for (const auto& plugin : parts_->plugins) {
    const chatd_plugin& descriptor = plugin->library().descriptor();
    const Plugin::Numbers& numbers = plugin->numbers();
    PluginStatus status;
    status.name = descriptor.name;
    status.version = descriptor.version;
    status.summary = descriptor.summary;
    status.file = plugin->library().file().string();
    for (const char* const* role = descriptor.roles; *role != nullptr; ++role)
      status.roles.emplace_back(*role);
    status.config_schema = descriptor.config_schema == nullptr ? "" : descriptor.config_schema;
    status.calls = numbers.calls.read();
    status.microseconds = numbers.microseconds.read();
    status.over_budget = numbers.over_budget.read();
    status.timeouts = numbers.timeouts.read();
    status.stray_answers = numbers.stray_answers.read();
    status.failures = numbers.failures.read();
    status.log_lag = parts_->feed->lag(*plugin);
    all.push_back(std::move(status));
  }
  return all;
}

bool Host::may_show(std::string_view plugin, std::string_view key) const {
  const auto found = std::find_if(parts_->plugins.begin(), parts_->plugins.end(),
                                  [&](const auto& one) { return one->name() == plugin; });
  if (found == parts_->plugins.end()) return false;
  const PluginConfig& config = (*found)->config();
  return sdk::detail::is_host_key(key) ||
         (config.known.contains(key) && !config.secrets.contains(key));
}

StoreNumbers Host::store_numbers() const {
  const StoreThread::Numbers& numbers = parts_->committer->numbers();
  return {numbers.batches.read(), numbers.commits.read(), numbers.failed.read(),
          numbers.microseconds.read()};
}

void Host::storage_stats(
    std::function<void(Result<std::vector<std::pair<std::string, std::uint64_t>>>)> done) {
  Parts& parts = *parts_;
  const bool is_taken = parts.readers.run(
      [&parts, done] { parts.loop.put([done, stats = parts.storage->stats()] { done(stats); }); });
  if (!is_taken) parts.loop.put([done] { done(fail(Code::unavailable, "too many reads wait")); });
}

void Host::backup(std::string target, std::function<void(Status)> done) {
  Parts& parts = *parts_;
  const bool is_taken = parts.readers.run([&parts, done, target = std::move(target)] {
    parts.loop.put([done, status = parts.storage->backup(target)] { done(status); });
  });
  if (!is_taken) parts.loop.put([done] { done(fail(Code::unavailable, "too many reads wait")); });
}

}  // namespace chatd::host
