#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace chatd::core {

struct Append {  // the record `seq` of `room`, in its stored form; seq is the room's head + 1
  RoomId room;
  Seq seq = 0;
  std::string record;
};
struct Replace {  // an existing record's new stored form; the old bytes become unrecoverable
  RoomId room;
  Seq seq = 0;
  std::string record;
};
struct Put {
  std::string key;  // 1 to 200 bytes
  std::string value;
};
struct Delete {
  std::string key;
};
using Write = std::variant<Append, Replace, Put, Delete>;

// What becomes durable together or not at all. After a failed commit every later batch of the same
// epoch fails too, unseen by the disk: it was built on what did not happen. The core then drops its
// state and goes on in a new epoch.
struct Batch {
  std::uint64_t epoch = 0;
  std::vector<Write> writes;
};

struct Range {
  RoomId room;
  Seq first = 1;  // inclusive
  Seq last = 0;   // inclusive; beyond the head is fine
  std::size_t max_records = 0;
  std::size_t max_bytes = 0;  // at least one record comes, also when it alone is larger
  bool newest_first = false;
};
struct StoredRecord {
  Seq seq = 0;
  std::string bytes;  // stored form
};

using KeyValue = std::pair<std::string, std::string>;

// The durable log and its keys. Loop only. Each call answers exactly once, on the loop, later:
// never from inside the call, and also at shutdown (with `unavailable`). Reads see every commit
// whose answer was given before the call. When too much waits, the answer is `unavailable`.
class StorePort {
 public:
  template <class T>
  using Done = std::function<void(T)>;

  StorePort() = default;
  StorePort(const StorePort&) = delete;
  StorePort& operator=(const StorePort&) = delete;
  virtual ~StorePort() = default;

  // Durable once answered. Batches are committed, and answered, in the order of the calls.
  // `read_only` when the
  // disk is full, `internal` when it failed, `unavailable` when the batch was of a failed epoch or
  // the queue is full; nothing of the batch happened then.
  virtual void commit(Batch batch, Done<Status> done) = 0;

  virtual void read(Range range, Done<Result<std::vector<StoredRecord>>> done) = 0;
  // The last seq of a room, 0 for none.
  virtual void head(RoomId room, Done<Result<Seq>> done) = 0;
  virtual void get(std::string key, Done<Result<std::optional<std::string>>> done) = 0;
  // Values in the order of the keys; nullopt where there is none.
  virtual void get_many(std::vector<std::string> keys,
                        Done<Result<std::vector<std::optional<std::string>>>> done) = 0;
  // At most `limit` pairs whose key starts with `prefix` and is greater than `after`, in order.
  virtual void scan(std::string prefix, std::string after, std::size_t limit,
                    Done<Result<std::vector<KeyValue>>> done) = 0;
};

}  // namespace chatd::core
