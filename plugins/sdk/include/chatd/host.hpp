// The host as C++ sees it: text, logging, config, threads, services. Included by plugin.hpp.
#pragma once

#include <chatd/events.h>
#include <chatd/plugin.h>
#include <chatd/state.h>
#include <chatd/timer.h>

#include <charconv>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::sdk {

[[nodiscard]] inline std::string_view view(chatd_str text) {
  return text.data == nullptr ? std::string_view() : std::string_view(text.data, text.size);
}
// On loan: `text` must outlive the call it is passed to.
[[nodiscard]] inline chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

// A status and what it brought.
template <class T>
struct Got {
  chatd_status status = CHATD_E_INTERNAL;
  T value{};
  [[nodiscard]] bool ok() const { return status == CHATD_OK; }
};

// The plugin's own durable keys (chatd/state.h). WORKER only; blocks.
class State {
 public:
  // One change of write_all(): a value, or nullopt to erase the key.
  struct Change {
    std::string_view key;
    std::optional<std::string_view> value;
  };
  using Pairs = std::vector<std::pair<std::string, std::string>>;

  State(chatd_host* host, const chatd_state_v1* table) : host_(host), table_(table) {}
  [[nodiscard]] explicit operator bool() const { return table_ != nullptr; }

  [[nodiscard]] Got<std::string> get(std::string_view key) const {
    Got<std::string> got;
    got.status = table_->get(
        host_, str(key),
        [](void* into, chatd_str, chatd_str value) {
          static_cast<std::string*>(into)->assign(view(value));
          return CHATD_OK;
        },
        &got.value);
    return got;
  }
  [[nodiscard]] chatd_status put(std::string_view key, std::string_view value) const {
    return write_all({{key, value}});
  }
  [[nodiscard]] chatd_status erase(std::string_view key) const {
    return write_all({{key, std::nullopt}});
  }
  // All or none, durable on return.
  [[nodiscard]] chatd_status write_all(const std::vector<Change>& changes) const {
    std::vector<chatd_state_write> writes;
    writes.reserve(changes.size());
    for (const Change& change : changes)
      writes.push_back(
          {str(change.key), str(change.value.value_or("")), change.value ? 0U : 1U, 0});
    return table_->write(host_, writes.data(), writes.size());
  }
  // Pairs under `prefix` after the key `after`, in order.
  [[nodiscard]] Got<Pairs> scan(std::string_view prefix, std::string_view after,
                                std::size_t limit) const {
    Got<Pairs> got;
    got.status = table_->scan(
        host_, str(prefix), str(after), limit,
        [](void* into, chatd_str key, chatd_str value) {
          static_cast<Pairs*>(into)->emplace_back(view(key), view(value));
          return CHATD_OK;
        },
        &got.value);
    return got;
  }

 private:
  chatd_host* host_;
  const chatd_state_v1* table_;
};

// What the host offers one plugin instance. A handle: copy it freely. Any thread unless said.
class Host {
 public:
  Host(const chatd_host_api* api, chatd_host* host) : api_(api), host_(host) {}

  void debug(std::string_view text) const { api_->log(host_, CHATD_LOG_DEBUG, str(text)); }
  void info(std::string_view text) const { api_->log(host_, CHATD_LOG_INFO, str(text)); }
  void warning(std::string_view text) const { api_->log(host_, CHATD_LOG_WARNING, str(text)); }
  void error(std::string_view text) const { api_->log(host_, CHATD_LOG_ERROR, str(text)); }

  // The plain form of a key of the schema; nullopt: optional and not set.
  [[nodiscard]] std::optional<std::string> config(const char* key) const {
    chatd_str value{};
    if (api_->config(host_, key, &value) != CHATD_OK) return std::nullopt;
    return std::string(view(value));
  }
  // The same for int, size (bytes) and duration (milliseconds); for bool, 1 or 0.
  [[nodiscard]] std::optional<std::int64_t> config_number(const char* key) const {
    const std::optional<std::string> text = config(key);
    if (!text) return std::nullopt;
    if (*text == "true" || *text == "false") return *text == "true" ? 1 : 0;
    std::int64_t number = 0;
    const char* const end = text->data() + text->size();
    if (std::from_chars(text->data(), end, number).ptr != end) return std::nullopt;
    return number;
  }

  // Runs `task` (anything callable, also move-only) later on LOOP / on a WORKER. False: the queue
  // is full and the task is gone without having run; an Op in it has answered UNAVAILABLE.
  template <class Task>
  [[nodiscard]] bool post(Task task) const {
    return hand_over(api_->post, std::move(task));
  }
  template <class Task>
  [[nodiscard]] bool work(Task task) const {
    return hand_over(api_->work, std::move(task));
  }

  void complete(chatd_op op, chatd_status status, std::string_view detail = {},
                std::uint64_t retry_after_ms = 0) const {
    const chatd_answer answer{sizeof(chatd_answer), status, str(detail), retry_after_ms};
    api_->complete(host_, op, &answer);
  }

  template <class T>
  [[nodiscard]] const T* service(const char* id) const {
    return static_cast<const T*>(api_->service(host_, id));
  }
  [[nodiscard]] State state() const { return {host_, service<chatd_state_v1>(CHATD_STATE_V1)}; }

  // Only in the constructor of the plugin. From then on `reader.on_events(std::span<const
  // chatd_event* const>)` is called on a WORKER with what was committed (chatd/events.h).
  template <class Reader>
  [[nodiscard]] chatd_status subscribe(const char* name, Reader& reader) const {
    const auto* log = service<chatd_log_v1>(CHATD_LOG_V1);
    if (log == nullptr) return CHATD_E_UNSUPPORTED;
    return log->subscribe(
        host_, name,
        [](void* arg, const chatd_event* const* events, std::size_t count) -> chatd_status {
          try {
            return static_cast<Reader*>(arg)->on_events(std::span(events, count));
          } catch (...) {
            return CHATD_E_INTERNAL;
          }
        },
        &reader);
  }

  // Calls `task(self)` on a WORKER after `delay_ms`, then each `repeat_ms` (0: once). `self` must
  // live until the plugin is destroyed; the task must not throw.
  [[nodiscard]] Got<chatd_timer> start_timer(std::uint64_t delay_ms, std::uint64_t repeat_ms,
                                             chatd_task task, void* self) const {
    Got<chatd_timer> got;
    const auto* timers = service<chatd_timer_v1>(CHATD_TIMER_V1);
    got.status = timers == nullptr
                     ? CHATD_E_UNSUPPORTED
                     : timers->start(host_, delay_ms, repeat_ms, task, self, &got.value);
    return got;
  }
  void stop_timer(chatd_timer timer) const {
    if (const auto* timers = service<chatd_timer_v1>(CHATD_TIMER_V1)) timers->stop(host_, timer);
  }

  [[nodiscard]] const chatd_host_api* api() const { return api_; }
  [[nodiscard]] chatd_host* raw() const { return host_; }

 private:
  using Door = chatd_status (*)(chatd_host*, chatd_task, void*);

  // What a task throws ends with the task: an Op that it owned answers when it is dropped.
  template <class Task>
  [[nodiscard]] bool hand_over(Door door, Task task) const {
    struct Parcel {
      Host host;
      Task task;
    };
    auto parcel = std::make_unique<Parcel>(Parcel{*this, std::move(task)});
    const auto run = [](void* arg) {
      const std::unique_ptr<Parcel> own(static_cast<Parcel*>(arg));
      try {
        own->task();
      } catch (const std::exception& e) {
        own->host.error(e.what());
      } catch (...) {
        own->host.error("a task threw something that is no exception");
      }
    };
    if (door(host_, run, parcel.get()) != CHATD_OK) return false;
    static_cast<void>(parcel.release());
    return true;
  }

  const chatd_host_api* api_;
  chatd_host* host_;
};

}  // namespace chatd::sdk
