#include "daemon/host/storage_role.hpp"

#include "daemon/base/overloaded.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/status_words.hpp"

#include <fmt/format.h>

#include <limits>
#include <variant>

namespace chatd::host {
namespace {

chatd_write to_write(const core::Write& write) {
  chatd_write out{};
  out.size = sizeof out;
  std::visit(overloaded{[&](const core::Append& append) {
                          out.op = CHATD_WRITE_APPEND;
                          out.room = str(append.room.bytes());
                          out.seq = append.seq;
                          out.value = str(append.record);
                        },
                        [&](const core::Replace& replace) {
                          out.op = CHATD_WRITE_REPLACE;
                          out.room = str(replace.room.bytes());
                          out.seq = replace.seq;
                          out.value = str(replace.record);
                        },
                        [&](const core::Put& put) {
                          out.op = CHATD_WRITE_PUT;
                          out.key = str(put.key);
                          out.value = str(put.value);
                        },
                        [&](const core::Delete& erase) {
                          out.op = CHATD_WRITE_DELETE;
                          out.key = str(erase.key);
                        }},
             write);
  return out;
}

}  // namespace

Result<StorageRole> StorageRole::of(const Plugin& plugin) {
  const auto* const table = plugin.role<chatd_storage_v1>(CHATD_STORAGE_V1);
  if (table == nullptr)
    return fail(Code::invalid_params, plugin.name() + " does not serve " CHATD_STORAGE_V1);
  if (table->size < CHATD_SIZE_THROUGH(chatd_storage_v1, last_error) || table->commit == nullptr ||
      table->head == nullptr || table->read_range == nullptr || table->get == nullptr ||
      table->scan == nullptr || table->backup == nullptr || table->check == nullptr ||
      table->stats == nullptr || table->last_error == nullptr)
    return fail(Code::invalid_params, plugin.name() + " lacks a function of " CHATD_STORAGE_V1);
  return StorageRole(table, plugin.self());
}

template <class Call>
Status StorageRole::call(std::string_view doing, Call call) const {
  try {
    return status_of(call(), doing);
  } catch (...) {
    return fail(Code::internal, fmt::format("the store threw an exception while {}", doing));
  }
}

Status StorageRole::status_of(chatd_status status, std::string_view doing) const {
  if (status == CHATD_OK) return {};
  // A request the core made can't be the peer's fault: what is not about the disk is a defect.
  const Code code = status == CHATD_E_NO_SPACE      ? Code::read_only
                    : status == CHATD_E_UNAVAILABLE ? Code::unavailable
                    : status == CHATD_E_CONFLICT    ? Code::conflict
                                                    : Code::internal;
  const std::string why(view(table_->last_error(self_)));
  return fail(code, fmt::format("{} failed with {}: {}", doing, status_name(status),
                                why.empty() ? "it gives no reason" : why));
}

Status StorageRole::commit(std::span<const core::Batch* const> batches) const {
  std::vector<chatd_write> writes;
  for (const core::Batch* batch : batches)
    for (const core::Write& write : batch->writes) writes.push_back(to_write(write));
  if (writes.empty()) return {};
  return call("a commit", [&] { return table_->commit(self_, writes.data(), writes.size()); });
}

Result<std::vector<core::StoredRecord>> StorageRole::read(const core::Range& range) const {
  chatd_range wanted{};
  wanted.size = sizeof wanted;
  wanted.flags = range.newest_first ? CHATD_RANGE_REVERSE : 0U;
  wanted.room = str(range.room.bytes());
  wanted.first = range.first;
  wanted.last = range.last;
  wanted.max_records = range.max_records;
  wanted.max_bytes = range.max_bytes;
  std::vector<core::StoredRecord> records;
  const auto take = [](void* into, std::uint64_t seq, chatd_str record) -> chatd_status {
    static_cast<std::vector<core::StoredRecord>*>(into)->push_back(
        {seq, std::string(view(record))});
    return CHATD_OK;
  };
  CHATD_CHECK(
      call("reading records", [&] { return table_->read_range(self_, &wanted, take, &records); }));
  return records;
}

Result<Seq> StorageRole::head(const RoomId& room) const {
  Seq seq = 0;
  CHATD_CHECK(
      call("reading a room's head", [&] { return table_->head(self_, str(room.bytes()), &seq); }));
  return seq;
}

Result<std::optional<std::string>> StorageRole::get(std::string_view key) const {
  std::optional<std::string> value;
  const auto take = [](void* into, chatd_str, chatd_str found) -> chatd_status {
    static_cast<std::optional<std::string>*>(into)->emplace(view(found));
    return CHATD_OK;
  };
  CHATD_CHECK(call("reading a key", [&] {
    const chatd_status status = table_->get(self_, str(key), take, &value);
    return status == CHATD_E_NOT_FOUND ? CHATD_OK : status;
  }));
  return value;
}

Result<std::vector<core::KeyValue>> StorageRole::scan(std::string_view prefix,
                                                      std::string_view after,
                                                      std::size_t limit) const {
  std::vector<core::KeyValue> pairs;
  const auto take = [](void* into, chatd_str key, chatd_str value) -> chatd_status {
    static_cast<std::vector<core::KeyValue>*>(into)->emplace_back(view(key), view(value));
    return CHATD_OK;
  };
  CHATD_CHECK(call("reading keys", [&] {
    return table_->scan(self_, str(prefix), str(after), limit, take, &pairs);
  }));
  return pairs;
}

Status StorageRole::backup(const std::string& target) const {
  return call("a backup", [&] { return table_->backup(self_, str(target)); });
}

Result<std::vector<std::string>> StorageRole::check() const {
  std::vector<std::string> wrong;
  const auto take = [](void* into, chatd_str text) -> chatd_status {
    static_cast<std::vector<std::string>*>(into)->emplace_back(view(text));
    return CHATD_OK;
  };
  CHATD_CHECK(call("checking the store", [&] { return table_->check(self_, take, &wrong); }));
  return wrong;
}

Result<std::vector<std::pair<std::string, std::uint64_t>>> StorageRole::stats() const {
  std::vector<std::pair<std::string, std::uint64_t>> stats;
  const auto take = [](void* into, chatd_str name, std::uint64_t value) -> chatd_status {
    static_cast<std::vector<std::pair<std::string, std::uint64_t>>*>(into)->emplace_back(view(name),
                                                                                         value);
    return CHATD_OK;
  };
  CHATD_CHECK(
      call("reading the store's numbers", [&] { return table_->stats(self_, take, &stats); }));
  return stats;
}

}  // namespace chatd::host
