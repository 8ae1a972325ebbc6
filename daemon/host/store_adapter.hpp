#pragma once

#include "daemon/core/ports/store.hpp"
#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/storage_role.hpp"
#include "daemon/host/store_thread.hpp"
#include "daemon/host/workers.hpp"

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chatd::host {

// The core's store: commits go to the store thread, reads to threads of their own (a queue of
// password hashes must not hold up a page of history), answers come back through the inbox.
class StoreAdapter final : public core::StorePort {
 public:
  StoreAdapter(StorageRole storage, StoreThread& committer, Workers& readers, LoopInbox& loop)
      : storage_(storage), committer_(committer), readers_(readers), loop_(loop) {}

  void commit(core::Batch batch, Done<Status> done) override;
  void read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) override;
  void head(RoomId room, Done<Result<Seq>> done) override;
  void get(std::string key, Done<Result<std::optional<std::string>>> done) override;
  void get_many(std::vector<std::string> keys,
                Done<Result<std::vector<std::optional<std::string>>>> done) override;
  void scan(std::string prefix, std::string after, std::size_t limit,
            Done<Result<std::vector<core::KeyValue>>> done) override;

 private:
  // Runs `question` on a reader and brings its Result back to the loop.
  template <class T>
  void ask(std::function<Result<T>()> question, Done<Result<T>> done);

  // Constant after construction
  const StorageRole storage_;
  StoreThread& committer_;
  Workers& readers_;
  LoopInbox& loop_;
};

}  // namespace chatd::host
