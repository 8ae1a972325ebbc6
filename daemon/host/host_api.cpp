// The host functions and services that plugins call (chatd/plugin.h, state.h, timer.h, events.h).
// Each finds its plugin through the handle and goes on in our words.
#include "daemon/host/log_feed.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/plugin_state.hpp"
#include "daemon/host/status_words.hpp"
#include "daemon/host/timers.hpp"

#include <string_view>

namespace chatd::host {
namespace {

void log_line(chatd_host* host, std::int32_t level, chatd_str text) {
  host->plugin->log(level, view(text));
}
chatd_status config(chatd_host* host, const char* key, chatd_str* value) {
  return host->plugin->config_value(key, value);
}
chatd_status post(chatd_host* host, chatd_task task, void* arg) {
  return host->plugin->post(task, arg);
}
chatd_status work(chatd_host* host, chatd_task task, void* arg) {
  return host->plugin->work(task, arg);
}
chatd_status complete(chatd_host* host, chatd_op op, const chatd_answer* answer) {
  return host->plugin->complete(op, answer);
}

chatd_status state_get(chatd_host* host, chatd_str key, chatd_state_fn fn, void* arg) {
  const Plugin& plugin = *host->plugin;
  if (!plugin.is_on_worker("state.get")) return CHATD_E_WRONG_THREAD;
  return plugin.services().state->get(plugin.name(), key, fn, arg);
}
chatd_status state_write(chatd_host* host, const chatd_state_write* writes, std::size_t count) {
  const Plugin& plugin = *host->plugin;
  if (!plugin.is_on_worker("state.write")) return CHATD_E_WRONG_THREAD;
  return plugin.services().state->write(plugin.name(), writes, count);
}
chatd_status state_scan(chatd_host* host, chatd_str prefix, chatd_str after, std::size_t limit,
                        chatd_state_fn fn, void* arg) {
  const Plugin& plugin = *host->plugin;
  if (!plugin.is_on_worker("state.scan")) return CHATD_E_WRONG_THREAD;
  return plugin.services().state->scan(plugin.name(), prefix, after, limit, fn, arg);
}

chatd_status timer_start(chatd_host* host, std::uint64_t delay_ms, std::uint64_t repeat_ms,
                         chatd_task task, void* arg, chatd_timer* timer) {
  Plugin& plugin = *host->plugin;
  return plugin.services().timers.start(plugin, delay_ms, repeat_ms, task, arg, timer);
}
chatd_status timer_stop(chatd_host* host, chatd_timer timer) {
  return host->plugin->services().timers.stop(*host->plugin, timer);
}

chatd_status log_subscribe(chatd_host* host, const char* name, chatd_events_fn fn, void* arg) {
  Plugin& plugin = *host->plugin;
  if (!plugin.is_on_worker("log.subscribe")) return CHATD_E_WRONG_THREAD;
  return plugin.services().feed->subscribe(plugin, name, fn, arg);
}

const void* service(chatd_host* host, const char* service_id) {
  static constexpr chatd_state_v1 kState = {sizeof(chatd_state_v1), 0, state_get, state_write,
                                            state_scan};
  static constexpr chatd_timer_v1 kTimer = {sizeof(chatd_timer_v1), 0, timer_start, timer_stop};
  static constexpr chatd_log_v1 kLog = {sizeof(chatd_log_v1), 0, log_subscribe};
  const std::string_view id = service_id;
  const Services& services = host->plugin->services();
  if (id == CHATD_TIMER_V1) return &kTimer;
  if (id == CHATD_STATE_V1 && services.state != nullptr) return &kState;
  if (id == CHATD_LOG_V1 && services.feed != nullptr) return &kLog;
  return nullptr;
}

}  // namespace

const chatd_host_api& host_api() {
  static constexpr chatd_host_api kApi = {sizeof(chatd_host_api),
                                          CHATD_ABI_MAJOR,
                                          CHATD_ABI_MINOR,
                                          log_line,
                                          config,
                                          post,
                                          work,
                                          complete,
                                          service};
  return kApi;
}

}  // namespace chatd::host
