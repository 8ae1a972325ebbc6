// A store in memory. A commit that puts the key "!no_space", "!corrupt" or "!throw" fails that way.
#include <chatd/plugin.hpp>

#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <utility>

namespace {

using chatd::sdk::view;

class TestStore final : public chatd::sdk::Storage {
 public:
  explicit TestStore(chatd::sdk::Host) {}

  chatd_status commit(std::span<const chatd_write> writes) override {
    const std::lock_guard lock(mutex_);
    auto rooms = rooms_;
    auto keys = keys_;
    for (const chatd_write& write : writes) {
      const std::string key(view(write.key));
      if (key == "!no_space") return CHATD_E_NO_SPACE;
      if (key == "!corrupt") return failed(CHATD_E_CORRUPT, "told to fail");
      if (key == "!throw") throw std::runtime_error("told to");
      auto& room = rooms[std::string(view(write.room))];
      switch (write.op) {
        case CHATD_WRITE_APPEND:
          if (write.seq != room.size() + 1) return CHATD_E_CONFLICT;
          room.emplace_back(view(write.value));
          break;
        case CHATD_WRITE_REPLACE:
          if (write.seq == 0 || write.seq > room.size()) return CHATD_E_NOT_FOUND;
          room[write.seq - 1] = view(write.value);
          break;
        case CHATD_WRITE_PUT:
          keys[key] = view(write.value);
          break;
        default:
          keys.erase(key);
      }
    }
    rooms_.swap(rooms);
    keys_.swap(keys);
    return CHATD_OK;
  }
  chatd_status head(std::string_view room, std::uint64_t& seq) override {
    const std::lock_guard lock(mutex_);
    const auto found = rooms_.find(std::string(room));
    seq = found == rooms_.end() ? 0 : found->second.size();
    return CHATD_OK;
  }
  chatd_status read_range(const chatd_range& range, const chatd::sdk::RecordSink& sink) override {
    const std::lock_guard lock(mutex_);
    const auto found = rooms_.find(std::string(view(range.room)));
    if (found == rooms_.end()) return CHATD_OK;
    const std::uint64_t first = std::max<std::uint64_t>(range.first, 1);
    const std::uint64_t last = std::min<std::uint64_t>(range.last, found->second.size());
    for (std::uint64_t i = 0; first + i <= last && i < range.max_records; ++i) {
      const std::uint64_t seq = (range.flags & CHATD_RANGE_REVERSE) != 0 ? last - i : first + i;
      const chatd_status status = sink(seq, found->second[seq - 1]);
      if (status != CHATD_OK) return status;
    }
    return CHATD_OK;
  }
  chatd_status get(std::string_view key, const chatd::sdk::PairSink& sink) override {
    const std::lock_guard lock(mutex_);
    const auto found = keys_.find(std::string(key));
    return found == keys_.end() ? CHATD_E_NOT_FOUND : sink(found->first, found->second);
  }
  chatd_status scan(std::string_view prefix, std::string_view after, std::uint64_t limit,
                    const chatd::sdk::PairSink& sink) override {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, value] : keys_) {
      if (limit == 0) break;
      if (!key.starts_with(prefix) || (!after.empty() && key <= after)) continue;
      const chatd_status status = sink(key, value);
      if (status != CHATD_OK) return status;
      --limit;
    }
    return CHATD_OK;
  }
  chatd_status backup(std::string_view) override { return CHATD_E_UNSUPPORTED; }
  chatd_status check(const chatd::sdk::TextSink&) override { return CHATD_OK; }
  chatd_status stats(const chatd::sdk::StatSink& sink) override { return sink("disk_bytes", 0); }

 private:
  std::mutex mutex_;
  std::map<std::string, std::vector<std::string>> rooms_;
  std::map<std::string, std::string> keys_;
};

}  // namespace

CHATD_PLUGIN(TestStore, "test_store", "1.0.0", "a store in memory, for tests", "")
