#include "daemon/host/plugin_state.hpp"

#include "daemon/base/log.hpp"
#include "daemon/host/status_words.hpp"

#include <algorithm>
#include <semaphore>
#include <utility>

namespace chatd::host {
namespace {

constexpr std::size_t kPageRows = 256;  // of a scan, so that a large one takes little memory

chatd_status status_of(const Error& error) {
  if (error.code == Code::read_only) return CHATD_E_NO_SPACE;
  if (error.code == Code::unavailable) return CHATD_E_UNAVAILABLE;
  log::error("a plugin's state could not be read or written", {{"reason", error.message}});
  return CHATD_E_INTERNAL;
}

bool is_key(chatd_str key) { return key.size >= 1 && key.size <= CHATD_STATE_MAX_KEY; }

}  // namespace

std::string state_key(std::string_view plugin, std::string_view key) {
  std::string out = "x";
  out.append(plugin).push_back('\0');
  return out.append(key);
}

std::string cursor_key(std::string_view plugin, std::string_view subscription) {
  std::string out(kCursors);
  out.append(plugin).push_back('\0');
  return out.append(subscription);
}

chatd_status PluginState::get(std::string_view plugin, chatd_str key, chatd_state_fn fn,
                              void* arg) const {
  if (!is_key(key)) return CHATD_E_INVALID;
  const auto value = storage_.get(state_key(plugin, view(key)));
  if (!value) return status_of(value.error());
  return *value ? fn(arg, key, str(**value)) : CHATD_E_NOT_FOUND;
}

chatd_status PluginState::write(std::string_view plugin, const chatd_state_write* writes,
                                std::size_t count) const {
  if (count > CHATD_STATE_MAX_WRITES) return CHATD_E_INVALID;
  std::vector<core::Write> batch;
  for (std::size_t i = 0; i < count; ++i) {
    const chatd_state_write& write = writes[i];
    if (!is_key(write.key) || write.value.size > CHATD_STATE_MAX_VALUE) return CHATD_E_INVALID;
    std::string key = state_key(plugin, view(write.key));
    if (write.erase != 0)
      batch.emplace_back(core::Delete{std::move(key)});
    else
      batch.emplace_back(core::Put{std::move(key), std::string(view(write.value))});
  }
  const Status status = commit(std::move(batch));
  return status ? CHATD_OK : status_of(status.error());
}

chatd_status PluginState::scan(std::string_view plugin, chatd_str prefix, chatd_str after,
                               std::size_t limit, chatd_state_fn fn, void* arg) const {
  if (prefix.size > CHATD_STATE_MAX_KEY || after.size > CHATD_STATE_MAX_KEY) return CHATD_E_INVALID;
  const std::string ours = state_key(plugin, "");
  const std::string from = ours + std::string(view(prefix));
  std::string last = after.size == 0 ? std::string() : ours + std::string(view(after));
  while (limit > 0) {
    const std::size_t page = std::min(limit, kPageRows);
    const auto rows = storage_.scan(from, last, page);
    if (!rows) return status_of(rows.error());
    for (const auto& [key, value] : *rows) {
      const chatd_status status =
          fn(arg, str(std::string_view(key).substr(ours.size())), str(value));
      if (status != CHATD_OK) return status;
    }
    if (rows->size() < page) break;
    last = rows->back().first;
    limit -= rows->size();
  }
  return CHATD_OK;
}

Status PluginState::commit(std::vector<core::Write> writes) const {
  Status result;
  std::binary_semaphore answered{0};
  const bool is_taken =
      committer_.commit({StoreThread::kNoEpoch, std::move(writes)}, [&](Status status) {
        result = std::move(status);
        answered.release();
      });
  if (!is_taken) return fail(Code::unavailable, "too many writes wait");
  answered.acquire();
  return result;
}

}  // namespace chatd::host
