#include "daemon/host/method_adapter.hpp"

#include "daemon/base/log.hpp"
#include "daemon/host/draft_view.hpp"
#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/ops.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/status_words.hpp"

#include <fmt/format.h>

#include <set>
#include <utility>

namespace chatd::host {
namespace {

constexpr Millis kDeadline{10'000};
constexpr std::size_t kMaxNameBytes = 64;
constexpr std::size_t kMaxMethods = 256;  // of one plugin

bool is_method_name(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameBytes && name[0] >= 'a' && name[0] <= 'z' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == name.npos;
}

std::string full_name(const Plugin& plugin, std::string_view name) {
  return fmt::format("x.{}.{}", plugin.name(), name);
}

// What the caller is told.
Result<std::string> result_of(Plugin& plugin, const Answer& answer) {
  if (answer.is_late) return fail(Code::unavailable, "the plugin did not answer");
  if (answer.status == CHATD_OK) {
    if (answer.detail.empty()) return "{}";
    if (is_json(answer.detail)) return answer.detail;
  } else if (answer.status < 0 && code_of(answer.status) != Code::internal) {
    return fail(error_of(answer.status, answer.detail, answer.retry_after_ms));
  }
  plugin.numbers().failures.add();
  log::warning("a plugin gave no sensible answer",
               {{"plugin", plugin.name()},
                {"in", "call"},
                {"answer", answer.status == CHATD_OK ? "no JSON" : status_name(answer.status)}});
  return fail(Code::internal, "the plugin failed");
}

}  // namespace

Status MethodAdapter::check(const Plugin& plugin) {
  const auto* const table = plugin.role<chatd_methods_v1>(CHATD_METHODS_V1);
  if (table == nullptr) return {};
  const auto refuse = [](std::string why) { return fail(Code::invalid_params, std::move(why)); };
  if (table->size < CHATD_SIZE_THROUGH(chatd_methods_v1, call) || table->methods == nullptr ||
      table->call == nullptr)
    return refuse("it lacks a part of " CHATD_METHODS_V1);
  std::set<std::string_view> names;
  for (const chatd_method* const* at = table->methods; *at != nullptr; ++at) {
    const chatd_method& method = **at;
    if (names.size() == kMaxMethods) return refuse("its list of methods has no end");
    if (method.size < CHATD_SIZE_THROUGH(chatd_method, params_schema) || method.name == nullptr ||
        !is_method_name(method.name))
      return refuse("one of its methods has no proper name");
    if (!names.insert(method.name).second)
      return refuse(fmt::format("it has the method {} twice", method.name));
    if (method.summary == nullptr || method.params_schema == nullptr ||
        !is_json(method.params_schema))
      return refuse(fmt::format("its method {} has no summary or no JSON Schema", method.name));
  }
  return {};
}

MethodAdapter::MethodAdapter(const std::vector<Plugin*>& plugins, Ops& ops, LoopInbox& loop)
    : ops_(ops), loop_(loop) {
  for (Plugin* plugin : plugins) {
    const auto* const table = plugin->role<chatd_methods_v1>(CHATD_METHODS_V1);
    if (table == nullptr) continue;
    for (const chatd_method* const* at = table->methods; *at != nullptr; ++at) {
      const std::string name = full_name(*plugin, (*at)->name);
      methods_.push_back({name, (*at)->summary, (*at)->params_schema});
      served_.emplace(name, Served{plugin, table, (*at)->name});
    }
  }
}

void MethodAdapter::call(std::string_view method, UserId user, DeviceId device, std::string params,
                         Done done) {
  const auto found = served_.find(std::string(method));
  if (found == served_.end()) {
    loop_.put([done = std::move(done)] {
      done(fail(Code::unknown_method, "no plugin serves this method"));
    });
    return;
  }
  const Served& served = found->second;
  Plugin& plugin = *served.plugin;
  const std::string device_text = device.text();
  const chatd_call call{sizeof call,      0,          str(served.name), str(user.text()),
                        str(device_text), str(params)};
  ops_.ask(
      plugin, plugin.config().deadline.value_or(kDeadline),
      [&](chatd_op op) {
        return plugin.on_loop("call", [&] { return served.table->call(plugin.self(), op, &call); });
      },
      [this, &plugin, done = std::move(done)](const Answer& answer) {
        loop_.put([done, result = result_of(plugin, answer)] { done(result); });
      });
}

}  // namespace chatd::host
