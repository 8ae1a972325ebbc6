#include "daemon/host/plugin.hpp"

#include "daemon/base/log.hpp"
#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/ops.hpp"
#include "daemon/host/status_words.hpp"
#include "daemon/host/workers.hpp"

#include <fmt/format.h>

#include <bit>
#include <utility>

namespace chatd::host {
namespace {

// While the running thread is in a create(): where its errors go, as the reason of the refusal.
thread_local std::string* refusal = nullptr;

log::Level level_of(std::int32_t level) {
  if (level <= CHATD_LOG_DEBUG) return log::Level::debug;
  if (level == CHATD_LOG_INFO) return log::Level::info;
  return level == CHATD_LOG_WARNING ? log::Level::warning : log::Level::error;
}

}  // namespace

Result<std::unique_ptr<Plugin>> Plugin::create(std::unique_ptr<Library> library,
                                               PluginConfig config, const Services& services) {
  std::unique_ptr<Plugin> plugin(new Plugin(std::move(library), std::move(config), services));
  CHATD_CHECK(plugin->start());
  return plugin;
}

Status Plugin::start() {
  const OnThread worker(ThreadKind::worker);
  const chatd_plugin& descriptor = library_->descriptor();
  std::string reason;
  refusal = &reason;
  const chatd_status status =
      walled("create", [&] { return descriptor.create(&host_api(), &handle_, &self_); });
  refusal = nullptr;
  if (status != CHATD_OK && reason.empty())
    reason = fmt::format("it failed with {} and does not say why", status_name(status));
  if (status != CHATD_OK) return fail(Code::invalid_params, std::move(reason));
  if (!reason.empty()) log(CHATD_LOG_ERROR, reason);
  is_alive_ = true;
  for (const char* const* id = descriptor.roles; *id != nullptr; ++id) {
    const void* table = nullptr;
    static_cast<void>(walled("role", [&] {
      table = descriptor.role(self_, *id);
      return CHATD_OK;
    }));
    if (table == nullptr)
      return fail(Code::invalid_params, fmt::format("it lists the role {} but has none", *id));
    roles_.emplace(*id, table);
  }
  return {};
}

void Plugin::destroy() {
  if (!std::exchange(is_alive_, false)) return;
  const OnThread worker(ThreadKind::worker);
  static_cast<void>(walled("destroy", [&] {
    library_->descriptor().destroy(self_);
    return CHATD_OK;
  }));
}

void Plugin::note_time(std::string_view what, std::chrono::nanoseconds took) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(took);
  numbers_.calls.add();
  numbers_.microseconds.add(static_cast<std::uint64_t>(micros.count()));
  if (micros <= kBudget) return;
  numbers_.over_budget.add();
  // The 1st, 2nd, 4th, 8th ... time: a slow plugin shows, and does not fill the log.
  if (const std::uint64_t times = numbers_.over_budget.read(); std::has_single_bit(times))
    log::warning("a plugin held up the loop",
                 {{"plugin", name()}, {"in", what}, {"us", micros.count()}, {"times", times}});
}

void Plugin::note_exception(std::string_view what) const {
  log::error("a plugin let an exception out", {{"plugin", name()}, {"in", what}});
}

void Plugin::log(std::int32_t level, std::string_view text) const {
  if (refusal == nullptr || level_of(level) != log::Level::error)
    return log::write(level_of(level), "a plugin says", {{"plugin", name()}, {"text", text}});
  if (!refusal->empty()) *refusal += "; ";
  *refusal += text;
}

chatd_status Plugin::config_value(const char* key, chatd_str* value) const {
  const auto found = config_.values.find(std::string_view(key));
  if (found == config_.values.end())
    return config_.known.contains(std::string_view(key)) ? CHATD_E_NOT_FOUND : CHATD_E_INVALID;
  *value = str(found->second);
  return CHATD_OK;
}

chatd_status Plugin::post(chatd_task task, void* arg) {
  if (!posts_.put({task, arg})) return CHATD_E_UNAVAILABLE;
  services_.loop.put([this] {
    if (const auto next = posts_.try_take()) run(next->run, next->arg);
  });
  return CHATD_OK;
}

chatd_status Plugin::work(chatd_task task, void* arg) {
  const bool is_taken = services_.jobs.run([this, task, arg] { run(task, arg); });
  return is_taken ? CHATD_OK : CHATD_E_UNAVAILABLE;
}

chatd_status Plugin::complete(chatd_op op, const chatd_answer* answer) {
  if (op == 0 || answer == nullptr ||
      answer->size < CHATD_SIZE_THROUGH(chatd_answer, retry_after_ms))
    return CHATD_E_INVALID;
  services_.loop.put(
      [this, op,
       copy = Answer{answer->status, std::string(view(answer->detail)), answer->retry_after_ms,
                     false}] { services_.ops.settle(op, this, copy); });
  return CHATD_OK;
}

void Plugin::run(chatd_task task, void* arg) const {
  static_cast<void>(walled("task", [&] {
    task(arg);
    return CHATD_OK;
  }));
}

bool Plugin::is_on_worker(std::string_view what) const {
  if (thread_kind() == ThreadKind::worker) return true;
  log::error("a plugin called the host on a wrong thread", {{"plugin", name()}, {"in", what}});
  return false;
}

}  // namespace chatd::host
