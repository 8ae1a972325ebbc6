// A host without a daemon: unit-test a plugin by linking its sources (or loading its file) into the
// test. The thread that makes the FakeHost is its LOOP; workers are real threads, so that the
// thread sanitizer sees what it would see in the daemon. Time moves only by advance().
//
//   using chatd::testing::FakeHost;
//   FakeHost host(FakeHost::Config{{"word", "spam"}});
//   REQUIRE(host.start(chatd_plugin_query) == "");
//   const auto* hooks = host.role<chatd_hooks_v1>(CHATD_HOOKS_V1);
//   auto answer = host.ask([&](chatd_op op) {
//     return hooks->message_pre_accept(host.self(), op, &draft);
//   });
//   CHECK(answer.status == CHATD_E_DENIED);
#pragma once

#include <chatd/events.h>
#include <chatd/plugin.h>
#include <chatd/schema.hpp>
#include <chatd/state.h>
#include <chatd/testing/fake_state.hpp>
#include <chatd/testing/fake_threads.hpp>
#include <chatd/timer.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::testing {

struct Answer {
  chatd_status status = CHATD_E_INTERNAL;
  std::string detail;
  std::uint64_t retry_after_ms = 0;
};

struct LogLine {
  std::int32_t level = CHATD_LOG_INFO;
  std::string text;
};

struct Event {
  std::string room;
  std::uint64_t seq = 1;
  std::string kind = "message";
  std::string sender{};
  std::string content{};
};

class FakeHost {
 public:
  using Config = std::map<std::string, std::string>;

  // `config` as an admin would write it; keys that are not set get the schema's defaults.
  explicit FakeHost(Config config = {}, unsigned workers = 2)
      : config_(std::move(config)), threads_(workers) {}
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;
  ~FakeHost() { stop(); }

  // Checks the descriptor and the config, makes the instance and gets its roles. Empty when it
  // runs, else what failed.
  [[nodiscard]] std::string start(chatd_plugin_query_fn query) {
    plugin_ = query(CHATD_ABI_MAJOR, CHATD_ABI_MINOR);
    if (plugin_ == nullptr) return "chatd_plugin_query() returned NULL";
    if (std::string error = apply_schema(); !error.empty()) return error;
    const chatd_status status = on_worker([&] { return plugin_->create(&kApi, handle(), &self_); });
    is_created_ = true;
    if (status != CHATD_OK) return "create() returned " + std::to_string(status);
    is_running_ = true;
    for (const char* const* id = plugin_->roles; *id != nullptr; ++id) {
      roles_[*id] = on_worker([&] { return plugin_->role(self_, *id); });
      if (roles_[*id] == nullptr) return std::string("role() has no ") + *id;
    }
    return "";
  }

  // Ends like the daemon does: timers off, work done, posted tasks run, instance destroyed.
  void stop() {
    threads_.locked([&] { timers_.clear(); });
    threads_.stop();
    if (std::exchange(is_running_, false)) on_worker([&] { plugin_->destroy(self_); });
  }

  [[nodiscard]] void* self() const { return self_; }
  [[nodiscard]] const chatd_plugin& descriptor() const { return *plugin_; }
  // NULL when the plugin doesn't serve it.
  template <class T>
  [[nodiscard]] const T* role(const std::string& id) const {
    const auto found = roles_.find(id);
    return found == roles_.end() ? nullptr : static_cast<const T*>(found->second);
  }

  // Opens a question, runs `call(op)` as LOOP and gives the answer, whichever way it comes. An
  // answer that doesn't come within 20 seconds has the status CHATD_PENDING.
  template <class Call>
  [[nodiscard]] Answer ask(Call call) {
    const chatd_op op = open();
    const chatd_status status = call(op);
    if (status == CHATD_PENDING) return wait_for(op);
    threads_.locked([&] { open_.erase(op); });
    return {status, "", 0};
  }
  // The parts of ask(), for tests that have several questions open.
  [[nodiscard]] chatd_op open() {
    return threads_.locked([&] { return *open_.insert(++last_op_).first; });
  }
  [[nodiscard]] Answer wait_for(chatd_op op) {
    const bool is_answered = threads_.wait_until([&] { return answers_.contains(op); });
    if (!is_answered) return {CHATD_PENDING, "", 0};
    return threads_.locked([&] { return answers_[op]; });
  }
  // Whether an open question is answered by now.
  [[nodiscard]] bool has_answer(chatd_op op) {
    return threads_.locked([&] { return answers_.contains(op); });
  }
  // Answers that came late, twice or for no question.
  [[nodiscard]] std::size_t stray_answers() {
    return threads_.locked([&] { return stray_answers_; });
  }

  // Runs what was posted to LOOP so far; how many tasks that were.
  std::size_t run_posted() { return threads_.run_posted(); }
  // Waits until no worker has anything to do and nothing is posted. False after 20 seconds.
  [[nodiscard]] bool settle() { return threads_.settle(); }
  // Runs `call` as if on a WORKER, on this thread.
  template <class Call>
  auto on_worker(Call call) -> decltype(call()) {
    return FakeThreads::on_worker(call);
  }
  // From now on work() and post() answer UNAVAILABLE, or work again.
  void refuse_tasks(bool refuse) { threads_.refuse_tasks(refuse); }
  // Calls that came on a wrong thread.
  [[nodiscard]] std::size_t wrong_thread_calls() {
    return threads_.locked([&] { return wrong_thread_calls_; });
  }

  // Moves the clock; what became due runs on the workers, one after the other. Waits until it did.
  void advance(std::uint64_t ms) {
    const std::uint64_t until = threads_.locked([&] { return now_ms_ + ms; });
    while (true) {
      const FakeTask task = threads_.locked([&] { return next_due(until); });
      if (task.run == nullptr) return;
      static_cast<void>(threads_.work(task));
      static_cast<void>(settle());
    }
  }
  [[nodiscard]] std::size_t timer_count() {
    return threads_.locked([&] { return timers_.size(); });
  }

  // Hands committed records to the subscriber `name`; its answer, NOT_FOUND if there is none.
  [[nodiscard]] chatd_status deliver(const std::string& name, const std::vector<Event>& events) {
    const auto found = subscribers_.find(name);
    if (found == subscribers_.end()) return CHATD_E_NOT_FOUND;
    std::vector<chatd_event> rows;
    rows.reserve(events.size());
    for (const Event& event : events) {
      chatd_event row{};
      row.size = sizeof row;
      row.room = str(event.room);
      row.seq = event.seq;
      row.kind = str(event.kind);
      row.sender = str(event.sender);
      row.content = str(event.content);
      rows.push_back(row);
    }
    std::vector<const chatd_event*> pointers;
    pointers.reserve(rows.size());
    for (const chatd_event& row : rows) pointers.push_back(&row);
    return on_worker([&] {
      return found->second.first(found->second.second, pointers.data(), pointers.size());
    });
  }

  // What the plugin keeps in chatd.state.v1.
  [[nodiscard]] FakeState& state() { return state_; }

  [[nodiscard]] std::vector<LogLine> logs() {
    return threads_.locked([&] { return logs_; });
  }
  // Whether a line holds `text`: for checking that secrets are not logged.
  [[nodiscard]] bool has_logged(std::string_view text) {
    const std::vector<LogLine> lines = logs();
    return std::any_of(lines.begin(), lines.end(), [&](const LogLine& line) {
      return line.text.find(text) != std::string::npos;
    });
  }

 private:
  struct Timer {
    std::uint64_t at_ms = 0;
    std::uint64_t repeat_ms = 0;
    FakeTask task;
  };

  static FakeHost& of(chatd_host* host) { return *reinterpret_cast<FakeHost*>(host); }
  chatd_host* handle() { return reinterpret_cast<chatd_host*>(this); }
  static std::string text(chatd_str from) {
    return from.size == 0 ? std::string() : std::string(from.data, from.size);
  }
  static chatd_str str(const std::string& from) { return {from.data(), from.size()}; }

  std::string apply_schema() {
    const char* const text = plugin_->config_schema;
    const auto schema = sdk::parse_schema(text == nullptr ? "" : text);
    if (!schema.ok()) return "config_schema: " + schema.error;
    Config given = std::exchange(config_, {});
    for (const sdk::SchemaKey& key : schema.value) {
      const auto found = given.find(key.name);
      known_.insert(key.name);
      if (found == given.end()) {
        if (key.is_required) return key.name + " is required";
        if (key.fallback) config_[key.name] = *key.fallback;
        continue;
      }
      const auto plain = sdk::plain_form(key, found->second);
      if (!plain.ok()) return plain.error;
      config_[key.name] = plain.value;
      given.erase(found);
    }
    return given.empty() ? "" : "there is no key " + given.begin()->first;
  }

  // Moves the clock to the next timer until `until` and gives its task, or to `until` and none.
  FakeTask next_due(std::uint64_t until) {
    const auto due = std::min_element(timers_.begin(), timers_.end(), [](auto& a, auto& b) {
      return a.second.at_ms < b.second.at_ms;
    });
    if (due == timers_.end() || due->second.at_ms > until) {
      now_ms_ = until;
      return {};
    }
    now_ms_ = due->second.at_ms;
    const FakeTask task = due->second.task;
    due->second.at_ms += due->second.repeat_ms;
    if (due->second.repeat_ms == 0) timers_.erase(due);
    return task;
  }

  // What the plugin calls.

  static void log(chatd_host* host, std::int32_t level, chatd_str line) {
    of(host).threads_.locked([&] { of(host).logs_.push_back({level, text(line)}); });
  }
  static chatd_status config(chatd_host* host, const char* key, chatd_str* value) {
    FakeHost& self = of(host);
    const auto found = self.config_.find(key);
    if (found == self.config_.end())
      return self.known_.contains(key) ? CHATD_E_NOT_FOUND : CHATD_E_INVALID;
    *value = str(found->second);
    return CHATD_OK;
  }
  static chatd_status post(chatd_host* host, chatd_task task, void* arg) {
    return of(host).threads_.post({task, arg});
  }
  static chatd_status work(chatd_host* host, chatd_task task, void* arg) {
    return of(host).threads_.work({task, arg});
  }
  static chatd_status complete(chatd_host* host, chatd_op op, const chatd_answer* answer) {
    FakeHost& self = of(host);
    if (op == 0 || answer->size < CHATD_SIZE_THROUGH(chatd_answer, retry_after_ms))
      return CHATD_E_INVALID;
    self.threads_.locked([&] {
      if (self.open_.erase(op) == 0)
        ++self.stray_answers_;
      else
        self.answers_[op] = {answer->status, text(answer->detail), answer->retry_after_ms};
    });
    return CHATD_OK;
  }
  static const void* service(chatd_host*, const char* id) {
    static constexpr chatd_state_v1 kState = {sizeof(chatd_state_v1), 0, state_get, state_write,
                                              state_scan};
    static constexpr chatd_timer_v1 kTimer = {sizeof(chatd_timer_v1), 0, timer_start, timer_stop};
    static constexpr chatd_log_v1 kLog = {sizeof(chatd_log_v1), 0, log_subscribe};
    if (std::string_view(id) == CHATD_STATE_V1) return &kState;
    if (std::string_view(id) == CHATD_TIMER_V1) return &kTimer;
    if (std::string_view(id) == CHATD_LOG_V1) return &kLog;
    return nullptr;
  }

  bool is_on_worker() {
    if (FakeThreads::kind() == FakeThreads::Kind::worker) return true;
    threads_.locked([&] { ++wrong_thread_calls_; });
    return false;
  }
  static chatd_status state_get(chatd_host* host, chatd_str key, chatd_state_fn fn, void* arg) {
    if (!of(host).is_on_worker()) return CHATD_E_WRONG_THREAD;
    return of(host).state_.get(key, fn, arg);
  }
  static chatd_status state_write(chatd_host* host, const chatd_state_write* writes,
                                  std::size_t count) {
    if (!of(host).is_on_worker()) return CHATD_E_WRONG_THREAD;
    return of(host).state_.write(writes, count);
  }
  static chatd_status state_scan(chatd_host* host, chatd_str prefix, chatd_str after,
                                 std::size_t limit, chatd_state_fn fn, void* arg) {
    if (!of(host).is_on_worker()) return CHATD_E_WRONG_THREAD;
    return of(host).state_.scan(prefix, after, limit, fn, arg);
  }

  static chatd_status timer_start(chatd_host* host, std::uint64_t delay_ms, std::uint64_t repeat_ms,
                                  chatd_task task, void* arg, chatd_timer* timer) {
    FakeHost& self = of(host);
    return self.threads_.locked([&] {
      if (self.timers_.size() >= CHATD_TIMER_MAX) return CHATD_E_LIMIT;
      self.timers_[++self.last_timer_] = {self.now_ms_ + delay_ms, repeat_ms, {task, arg}};
      if (timer != nullptr) *timer = self.last_timer_;
      return CHATD_OK;
    });
  }
  static chatd_status timer_stop(chatd_host* host, chatd_timer timer) {
    FakeHost& self = of(host);
    return self.threads_.locked(
        [&] { return self.timers_.erase(timer) > 0 ? CHATD_OK : CHATD_E_NOT_FOUND; });
  }

  static chatd_status log_subscribe(chatd_host* host, const char* name, chatd_events_fn fn,
                                    void* arg) {
    FakeHost& self = of(host);
    if (self.is_created_) return CHATD_E_INVALID;
    return self.subscribers_.try_emplace(name, fn, arg).second ? CHATD_OK : CHATD_E_CONFLICT;
  }

  static constexpr chatd_host_api kApi = {sizeof(chatd_host_api),
                                          CHATD_ABI_MAJOR,
                                          CHATD_ABI_MINOR,
                                          log,
                                          config,
                                          post,
                                          work,
                                          complete,
                                          service};

  // The testing thread only
  Config config_;
  std::set<std::string, std::less<>> known_;
  const chatd_plugin* plugin_ = nullptr;
  void* self_ = nullptr;
  bool is_created_ = false;
  bool is_running_ = false;
  std::map<std::string, const void*> roles_;
  std::map<std::string, std::pair<chatd_events_fn, void*>> subscribers_;
  FakeState state_;

  // Under the lock of threads_
  std::set<chatd_op> open_;
  chatd_op last_op_ = 0;
  std::map<chatd_op, Answer> answers_;
  std::size_t stray_answers_ = 0;
  std::size_t wrong_thread_calls_ = 0;
  std::map<chatd_timer, Timer> timers_;
  chatd_timer last_timer_ = 0;
  std::uint64_t now_ms_ = 0;
  std::vector<LogLine> logs_;

  FakeThreads threads_;  // last: its threads use all of the above
};

}  // namespace chatd::testing
