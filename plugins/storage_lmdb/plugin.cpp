// Keeps rooms and keys in two LMDB files. See README.md. This file only translates: between the
// role's table and the store's C++.
#include "plugins/storage_lmdb/store.hpp"
#include <chatd/plugin.hpp>

#include <stdexcept>

namespace chatd::storage_lmdb {
namespace {

constexpr const char kSchema[] = R"(
path         string                  required "the folder of the two files; made if missing"
map_size     size:1MiB..64TiB        1TiB     "address space for each file: how large it can grow"
fold_writes  int:1000..10000000      250000   "writes that wait in the journal before they move"
fold_bytes   size:1MiB..64GiB        256MiB   "the same by their size"
)";

std::size_t number(const sdk::Host& host, const char* key) {
  return static_cast<std::size_t>(host.config_number(key).value_or(0));
}

Options options_for(const sdk::Host& host) {
  Options options;
  options.path = host.config("path").value_or("");
  options.map_bytes = number(host, "map_size");
  options.fold_writes = number(host, "fold_writes");
  options.fold_bytes = number(host, "fold_bytes");
  options.work = [host](std::function<void()> task) { return host.work(std::move(task)); };
  options.log = [host](int level, const std::string& text) {
    host.api()->log(host.raw(), level, sdk::str(text));
  };
  return options;
}

class StorageLmdb final : public sdk::Storage {
 public:
  // Throws the sentence why the store can't be opened.
  explicit StorageLmdb(sdk::Host host) {
    auto store = Store::open(options_for(host));
    if (!store) throw std::runtime_error(store.error().text);
    store_ = *std::move(store);
  }

  chatd_status commit(std::span<const chatd_write> writes) override {
    writes_.clear();
    for (const chatd_write& write : writes) {
      Write& row = writes_.emplace_back();
      row.op = static_cast<Op>(write.op);
      if (row.is_record())
        row.room = room_id(sdk::view(write.room));
      else
        row.key = sdk::view(write.key);
      row.seq = write.seq;
      row.value = sdk::view(write.value);
    }
    return answer(store_->commit(writes_));
  }

  chatd_status head(std::string_view room, std::uint64_t& seq) override {
    const auto head = store_->head(room_id(room));
    if (!head) return failed(head.error().status, head.error().text);
    seq = *head;
    return CHATD_OK;
  }

  chatd_status read_range(const chatd_range& range, const sdk::RecordSink& sink) override {
    const RoomRange wanted{.room = room_id(sdk::view(range.room)),
                           .first = range.first,
                           .last = range.last,
                           .max_records = range.max_records,
                           .max_bytes = range.max_bytes,
                           .is_reverse = (range.flags & CHATD_RANGE_REVERSE) != 0};
    return answer(store_->read_range(wanted, sink));
  }
  chatd_status get(std::string_view key, const sdk::PairSink& sink) override {
    return answer(store_->get(key, sink));
  }
  chatd_status scan(std::string_view prefix, std::string_view after, std::uint64_t limit,
                    const sdk::PairSink& sink) override {
    return answer(store_->scan(prefix, after, limit, sink));
  }

  chatd_status backup(std::string_view target) override { return answer(store_->backup(target)); }
  chatd_status check(const sdk::TextSink& sink) override { return answer(store_->check(sink)); }
  chatd_status stats(const sdk::StatSink& sink) override { return answer(store_->stats(sink)); }

 private:
  static chatd_status answer(const Status& outcome) {
    return outcome ? CHATD_OK : failed(outcome.error().status, outcome.error().text);
  }
  static chatd_status answer(const Result<chatd_status>& outcome) {
    return outcome ? *outcome : failed(outcome.error().status, outcome.error().text);
  }

  std::unique_ptr<Store> store_;

  // STORE only
  std::vector<Write> writes_;  // memory of commit()
};

}  // namespace
}  // namespace chatd::storage_lmdb

CHATD_PLUGIN(chatd::storage_lmdb::StorageLmdb, "storage_lmdb", "1.0.0",
             "rooms and keys in two LMDB files", chatd::storage_lmdb::kSchema)
