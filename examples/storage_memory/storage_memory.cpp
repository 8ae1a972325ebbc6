// A store that keeps everything in memory, as an example of the role chatd.storage.v1. README.md
// walks through it; what each function promises is said in chatd/storage.h.
#include <chatd/plugin.hpp>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chatd::sdk::view;

// What may stand below [plugin.storage_memory] in the admin's config.
constexpr const char kSchema[] = R"(
max_size  size:1MiB..1TiB  1GiB  "bytes of records, keys and values; more is refused as a full disk"
)";

bool is_about_record(const chatd_write& write) {
  return write.op == CHATD_WRITE_APPEND || write.op == CHATD_WRITE_REPLACE;
}

class StorageMemory final : public chatd::sdk::Storage {
 public:
  explicit StorageMemory(chatd::sdk::Host host)
      : max_bytes_(static_cast<std::uint64_t>(host.config_number("max_size").value_or(0))) {
    host.warning("everything is kept in memory and gone when the server stops");
  }

  // STORE. First all is judged, then all is done: a commit never stops half way.
  chatd_status commit(std::span<const chatd_write> writes) override {
    const std::lock_guard lock(mutex_);
    const chatd_status status = judge(writes);
    if (status == CHATD_OK) apply(writes);
    return status;
  }

  // The rest: WORKERs, several at once and beside a commit. The lock makes a commit one step.

  chatd_status head(std::string_view room, std::uint64_t& seq) override {
    const std::lock_guard lock(mutex_);
    seq = head_of(room);
    return CHATD_OK;
  }

  chatd_status read_range(const chatd_range& range, const chatd::sdk::RecordSink& sink) override {
    const std::lock_guard lock(mutex_);
    const auto room = rooms_.find(view(range.room));
    if (room == rooms_.end()) return CHATD_OK;
    const std::vector<std::string>& records = room->second;
    const std::uint64_t first = std::max<std::uint64_t>(range.first, 1);
    const std::uint64_t last = std::min<std::uint64_t>(range.last, records.size());
    std::uint64_t bytes = 0;
    for (std::uint64_t i = 0; first + i <= last && i < range.max_records; ++i) {
      const std::uint64_t seq = (range.flags & CHATD_RANGE_REVERSE) != 0 ? last - i : first + i;
      const std::string& record = records[seq - 1];
      bytes += record.size();
      if (i > 0 && bytes > range.max_bytes) break;
      if (const chatd_status status = sink(seq, record); status != CHATD_OK) return status;
    }
    return CHATD_OK;
  }

  chatd_status get(std::string_view key, const chatd::sdk::PairSink& sink) override {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(key);
    if (found == keys_.end()) return failed(CHATD_E_NOT_FOUND, "there is no such key");
    return sink(found->first, found->second);
  }

  chatd_status scan(std::string_view prefix, std::string_view after, std::uint64_t limit,
                    const chatd::sdk::PairSink& sink) override {
    const std::lock_guard lock(mutex_);
    auto at = after < prefix ? keys_.lower_bound(prefix) : keys_.upper_bound(after);
    for (; limit > 0 && at != keys_.end() && at->first.starts_with(prefix); ++at, --limit)
      if (const chatd_status status = sink(at->first, at->second); status != CHATD_OK)
        return status;
    return CHATD_OK;
  }

  chatd_status backup(std::string_view /*target*/) override {
    return failed(CHATD_E_UNSUPPORTED, "a store in memory makes no backups");
  }

  // There is no disk that could have gone wrong.
  chatd_status check(const chatd::sdk::TextSink& /*sink*/) override { return CHATD_OK; }

  chatd_status stats(const chatd::sdk::StatSink& sink) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [name, value] : {std::pair<std::string_view, std::uint64_t>{"disk_bytes", 0},
                                      {"erasures_pending", 0},
                                      {"memory_bytes", bytes_},
                                      {"rooms", rooms_.size()},
                                      {"keys", keys_.size()}})
      if (const chatd_status status = sink(name, value); status != CHATD_OK) return status;
    return CHATD_OK;
  }

 private:
  [[nodiscard]] std::uint64_t head_of(std::string_view room) const {
    const auto found = rooms_.find(room);
    return found == rooms_.end() ? 0 : found->second.size();
  }

  // Whether all writes can be done one after the other; changes nothing. Their sizes have been
  // checked by the SDK.
  [[nodiscard]] chatd_status judge(std::span<const chatd_write> writes) const {
    std::map<std::string_view, std::uint64_t> heads;  // as the writes so far would leave them
    std::uint64_t growth = 0;  // at most; what a write takes away is only counted once it is gone
    for (const chatd_write& write : writes) {
      if (write.op != CHATD_WRITE_DELETE) growth += write.key.size + write.value.size;
      if (!is_about_record(write)) continue;
      const std::string_view room = view(write.room);
      std::uint64_t& head = heads.try_emplace(room, head_of(room)).first->second;
      if (write.op == CHATD_WRITE_APPEND && write.seq != ++head)
        return failed(CHATD_E_CONFLICT, "record " + std::to_string(write.seq) +
                                            " stands where the room goes on with " +
                                            std::to_string(head));
      if (write.op == CHATD_WRITE_REPLACE && (write.seq == 0 || write.seq > head))
        return failed(CHATD_E_NOT_FOUND, "the room has no record " + std::to_string(write.seq));
    }
    if (growth > 0 && bytes_ + growth > max_bytes_)
      return failed(CHATD_E_NO_SPACE, "max_size of [plugin.storage_memory] is reached");
    return CHATD_OK;
  }

  // noexcept: should memory run out in here, the process ends. Nobody must see half a commit.
  void apply(std::span<const chatd_write> writes) noexcept {
    for (const chatd_write& write : writes) {
      switch (write.op) {
        case CHATD_WRITE_APPEND:
          set(rooms_[std::string(view(write.room))].emplace_back(), write.value);
          break;
        case CHATD_WRITE_REPLACE:
          set(rooms_.find(view(write.room))->second[write.seq - 1], write.value);
          break;
        case CHATD_WRITE_PUT: {
          const auto [pair, is_new] = keys_.try_emplace(std::string(view(write.key)));
          if (is_new) bytes_ += write.key.size;
          set(pair->second, write.value);
          break;
        }
        case CHATD_WRITE_DELETE:
          if (const auto pair = keys_.find(view(write.key)); pair != keys_.end()) {
            bytes_ -= pair->first.size() + pair->second.size();
            keys_.erase(pair);
          }
          break;
      }
    }
  }

  // A new string each time: the old bytes don't stay behind the end of a shorter one.
  void set(std::string& place, chatd_str value) {
    bytes_ += value.size;
    bytes_ -= place.size();
    place = std::string(view(value));
  }

  const std::uint64_t max_bytes_;

  // Under mutex_. std::less<> finds by std::string_view, and orders as memcmp does.
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>, std::less<>> rooms_;  // record 1 is at 0
  std::map<std::string, std::string, std::less<>> keys_;
  std::uint64_t bytes_ = 0;  // of all records, keys and values
};

}  // namespace

CHATD_PLUGIN(StorageMemory, "storage_memory", "1.0.0", "keeps everything in memory, for trials",
             kSchema)
