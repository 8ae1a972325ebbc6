#include "tests/support/store_calls.hpp"

#include "daemon/base/overloaded.hpp"

#include <utility>
#include <variant>

namespace chatd::support {
namespace {

using storage_lmdb::Op;

storage_lmdb::RoomId store_id(const RoomId& room) { return storage_lmdb::room_id(room.bytes()); }

storage_lmdb::Write on_loan(const core::Write& write) {
  return std::visit(
      overloaded{[](const core::Append& append) {
                   return storage_lmdb::Write{
                       Op::append, store_id(append.room), append.seq, {}, append.record};
                 },
                 [](const core::Replace& replace) {
                   return storage_lmdb::Write{
                       Op::replace, store_id(replace.room), replace.seq, {}, replace.record};
                 },
                 [](const core::Put& put) {
                   return storage_lmdb::Write{Op::put, {}, 0, put.key, put.value};
                 },
                 [](const core::Delete& gone) {
                   return storage_lmdb::Write{Op::erase, {}, 0, gone.key, {}};
                 }},
      write);
}

}  // namespace

tl::unexpected<Error> failed(const storage_lmdb::Error& error) {
  const bool is_full = error.status == CHATD_E_NO_SPACE;
  return fail(is_full ? Code::read_only : Code::internal, error.text);
}

Status commit(storage_lmdb::Store& store, const std::vector<core::Write>& writes) {
  std::vector<storage_lmdb::Write> rows;
  rows.reserve(writes.size());
  for (const core::Write& write : writes) rows.push_back(on_loan(write));
  const auto status = store.commit(rows);
  if (!status) return failed(status.error());
  return {};
}

Result<std::vector<core::StoredRecord>> read(storage_lmdb::Store& store, const core::Range& range) {
  std::vector<core::StoredRecord> out;
  const auto status = store.read_range({store_id(range.room), range.first, range.last,
                                        range.max_records, range.max_bytes, range.newest_first},
                                       [&](std::uint64_t seq, std::string_view bytes) {
                                         out.push_back({seq, std::string(bytes)});
                                         return CHATD_OK;
                                       });
  if (!status) return failed(status.error());
  return out;
}

Result<Seq> head(storage_lmdb::Store& store, const RoomId& room) {
  const auto head = store.head(store_id(room));
  if (!head) return failed(head.error());
  return *head;
}

Result<std::optional<std::string>> get(storage_lmdb::Store& store, const std::string& key) {
  std::optional<std::string> out;
  const auto status = store.get(key, [&](std::string_view, std::string_view value) {
    out = value;
    return CHATD_OK;
  });
  if (!status && status.error().status != CHATD_E_NOT_FOUND) return failed(status.error());
  return out;
}

Result<std::vector<core::KeyValue>> scan(storage_lmdb::Store& store, const std::string& prefix,
                                         const std::string& after, std::size_t limit) {
  std::vector<core::KeyValue> out;
  const auto status =
      store.scan(prefix, after, limit, [&](std::string_view key, std::string_view value) {
        out.emplace_back(key, value);
        return CHATD_OK;
      });
  if (!status) return failed(status.error());
  return out;
}

}  // namespace chatd::support
