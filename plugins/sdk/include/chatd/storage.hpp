// The storage role in C++: derive from Storage, publicly. What the functions promise is said in
// chatd/storage.h. Included by plugin.hpp.
#pragma once

#include <chatd/host.hpp>
#include <chatd/plugin.h>
#include <chatd/storage.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::sdk {

// Callbacks of the host: call them like functions, stop when they don't return CHATD_OK.
struct RecordSink {
  chatd_record_fn fn;
  void* arg;
  chatd_status operator()(std::uint64_t seq, std::string_view record) const {
    return fn(arg, seq, str(record));
  }
};
struct PairSink {
  chatd_pair_fn fn;
  void* arg;
  chatd_status operator()(std::string_view key, std::string_view value) const {
    return fn(arg, str(key), str(value));
  }
};
struct TextSink {
  chatd_text_fn fn;
  void* arg;
  chatd_status operator()(std::string_view text) const { return fn(arg, str(text)); }
};
struct StatSink {
  chatd_stat_fn fn;
  void* arg;
  chatd_status operator()(std::string_view name, std::uint64_t value) const {
    return fn(arg, str(name), value);
  }
};

// Arguments are within the bounds of chatd/storage.h when they come here.
class Storage {
 public:
  Storage() = default;
  Storage(const Storage&) = delete;
  Storage& operator=(const Storage&) = delete;
  virtual ~Storage() = default;
  virtual chatd_status commit(std::span<const chatd_write> writes) = 0;
  virtual chatd_status head(std::string_view room, std::uint64_t& seq) = 0;
  virtual chatd_status read_range(const chatd_range& range, const RecordSink& sink) = 0;
  virtual chatd_status get(std::string_view key, const PairSink& sink) = 0;
  virtual chatd_status scan(std::string_view prefix, std::string_view after, std::uint64_t limit,
                            const PairSink& sink) = 0;
  virtual chatd_status backup(std::string_view target) = 0;
  virtual chatd_status check(const TextSink& sink) = 0;
  virtual chatd_status stats(const StatSink& sink) = 0;

  // `return failed(CHATD_E_CONFLICT, "...")`: the sentence for the operator.
  static chatd_status failed(chatd_status status, std::string why) {
    last_error() = std::move(why);
    return status;
  }
  // Of this thread.
  static std::string& last_error() {
    thread_local std::string text;
    return text;
  }
};

namespace detail {

// The same as a row of this header's chatd_write, whatever the host's size of it.
inline std::vector<chatd_write> same_size(const chatd_write* writes, std::size_t count) {
  std::vector<chatd_write> rows(count);
  const auto* at = reinterpret_cast<const char*>(writes);
  for (chatd_write& row : rows) {
    std::memcpy(&row, at, std::min<std::size_t>(writes->size, sizeof row));
    at += writes->size;
  }
  return rows;
}

// What is wrong with a commit before the store is looked at; empty: nothing.
inline std::string find_fault(std::span<const chatd_write> writes) {
  if (writes.size() > CHATD_STORAGE_MAX_WRITES) return "a commit has too many writes";
  std::size_t bytes = 0;
  for (const chatd_write& write : writes) {
    if (write.op < CHATD_WRITE_APPEND || write.op > CHATD_WRITE_DELETE)
      return "a write is of no known kind";
    const bool is_record = write.op <= CHATD_WRITE_REPLACE;
    if (is_record && write.room.size != CHATD_STORAGE_ROOM_SIZE)
      return "a room id does not have 32 bytes";
    if (!is_record && (write.key.size == 0 || write.key.size > CHATD_STORAGE_MAX_KEY))
      return "a key does not have 1 to 200 bytes";
    if (write.op != CHATD_WRITE_DELETE && write.value.size > CHATD_STORAGE_MAX_VALUE)
      return "a value is larger than 1 MiB";
    bytes += is_record ? write.value.size : write.key.size + write.value.size;
  }
  return bytes > CHATD_STORAGE_MAX_COMMIT ? "a commit is larger than 64 MiB" : "";
}

// The role's table. `Door::call(self, f)` calls f(Storage&) behind the exception wall.
template <class Door>
struct StorageTable {
  static chatd_status commit(void* self, const chatd_write* writes, std::size_t count) {
    return Door::call(self, [&](Storage& storage) {
      if (count == 0) return CHATD_OK;
      if (writes->size < sizeof(chatd_write))
        return Storage::failed(CHATD_E_INVALID, "a write has a wrong size");
      std::vector<chatd_write> copies;
      std::span<const chatd_write> rows(writes, count);
      if (writes->size != sizeof(chatd_write)) rows = copies = same_size(writes, count);
      if (std::string fault = find_fault(rows); !fault.empty())
        return Storage::failed(CHATD_E_INVALID, std::move(fault));
      return storage.commit(rows);
    });
  }
  static chatd_status head(void* self, chatd_str room, std::uint64_t* seq) {
    return Door::call(self, [&](Storage& storage) {
      if (room.size != CHATD_STORAGE_ROOM_SIZE) return wrong_room();
      return storage.head(view(room), *seq);
    });
  }
  static chatd_status read_range(void* self, const chatd_range* range, chatd_record_fn fn,
                                 void* arg) {
    return Door::call(self, [&](Storage& storage) {
      if (range->size < sizeof(chatd_range))
        return Storage::failed(CHATD_E_INVALID, "a range has a wrong size");
      if (range->room.size != CHATD_STORAGE_ROOM_SIZE) return wrong_room();
      return storage.read_range(*range, {fn, arg});
    });
  }
  static chatd_status get(void* self, chatd_str key, chatd_pair_fn fn, void* arg) {
    return Door::call(self, [&](Storage& storage) {
      if (key.size == 0 || key.size > CHATD_STORAGE_MAX_KEY)
        return Storage::failed(CHATD_E_INVALID, "a key does not have 1 to 200 bytes");
      return storage.get(view(key), {fn, arg});
    });
  }
  static chatd_status scan(void* self, chatd_str prefix, chatd_str after, std::uint64_t limit,
                           chatd_pair_fn fn, void* arg) {
    return Door::call(self, [&](Storage& storage) {
      if (prefix.size > CHATD_STORAGE_MAX_KEY || after.size > CHATD_STORAGE_MAX_KEY)
        return Storage::failed(CHATD_E_INVALID, "a key has more than 200 bytes");
      return storage.scan(view(prefix), view(after), limit, {fn, arg});
    });
  }
  static chatd_status backup(void* self, chatd_str target) {
    return Door::call(self, [&](Storage& storage) { return storage.backup(view(target)); });
  }
  static chatd_status check(void* self, chatd_text_fn fn, void* arg) {
    return Door::call(self, [&](Storage& storage) { return storage.check({fn, arg}); });
  }
  static chatd_status stats(void* self, chatd_stat_fn fn, void* arg) {
    return Door::call(self, [&](Storage& storage) { return storage.stats({fn, arg}); });
  }
  static chatd_str last_error(void* /*self*/) { return str(Storage::last_error()); }

  static chatd_status wrong_room() {
    return Storage::failed(CHATD_E_INVALID, "a room id does not have 32 bytes");
  }

  static constexpr chatd_storage_v1 kTable = {sizeof(chatd_storage_v1),
                                              0,
                                              commit,
                                              head,
                                              read_range,
                                              get,
                                              scan,
                                              backup,
                                              check,
                                              stats,
                                              last_error};
};

}  // namespace detail
}  // namespace chatd::sdk
