#pragma once

#include "plugins/storage_lmdb/entry.hpp"
#include "plugins/storage_lmdb/env.hpp"
#include "plugins/storage_lmdb/identity.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace chatd::storage_lmdb {

// journal.mdb: every commit as one entry under the next position, synced; the store's promise. What
// is older than the journal's first entry stands in the history. Rows are described in README.md.
class Journal {
 public:
  [[nodiscard]] static Status create(const std::filesystem::path& file, std::size_t map_bytes,
                                     const StoreId& id);
  [[nodiscard]] static Result<Journal> open(const std::filesystem::path& file,
                                            std::size_t map_bytes, unsigned flags = 0);

  // Commits `writes` at `position`, one more than the last one. `offsets` as encode_entry(). In the
  // same breath it trims some of what lies at or before `folded`: more than comes in, so that the
  // journal shrinks, and little, so that no commit is late.
  [[nodiscard]] Status append(std::uint64_t position, std::span<const Write> writes,
                              std::uint64_t folded, std::vector<std::uint32_t>& offsets);

  // Removes up to `max_entries` entries at or before `folded`; false when none was left.
  [[nodiscard]] Result<bool> trim(std::uint64_t folded, std::size_t max_entries);

  // Calls `each(position, entry)` for what lies behind `after`, in order.
  using EachEntry = std::function<Status(std::uint64_t position, std::string_view entry)>;
  [[nodiscard]] Status for_each(const ReadTxn& txn, std::uint64_t after,
                                const EachEntry& each) const;

  // The position of the last entry; nullopt: there is none.
  [[nodiscard]] Result<std::optional<std::uint64_t>> newest(const ReadTxn& txn) const;

  // The value of a write that append() put there and nobody trimmed in the reader's view.
  [[nodiscard]] Result<std::string_view> value(const ReadTxn& txn, std::uint64_t position,
                                               std::uint32_t offset) const;

  [[nodiscard]] const Env& env() const { return *env_; }
  [[nodiscard]] const StoreId& id() const { return id_; }
  // Copies what lies behind `after` into an empty journal.
  [[nodiscard]] Status copy(const ReadTxn& txn, std::uint64_t after, const Journal& into) const;

 private:
  Journal(std::unique_ptr<Env> env, MDB_dbi entries, const StoreId& id)
      : env_(std::move(env)), entries_(entries), id_(id) {}
  [[nodiscard]] Result<std::size_t> trim(const WriteTxn& txn, std::uint64_t folded,
                                         std::size_t max_entries) const;

  std::unique_ptr<Env> env_;
  MDB_dbi entries_;
  StoreId id_;
};

}  // namespace chatd::storage_lmdb
