#include "daemon/host/store_adapter.hpp"

namespace chatd::host {

void StoreAdapter::commit(core::Batch batch, Done<Status> done) {
  committer_.commit_owed(std::move(batch), [this, done = std::move(done)](Status status) {
    loop_.put([done, status = std::move(status)] { done(status); });
  });
}

template <class T>
void StoreAdapter::ask(std::function<Result<T>()> question, Done<Result<T>> done) {
  // Moved out of a lambda that runs once: an answer may be a page of history.
  const auto answer = [this](const Done<Result<T>>& to, Result<T> result) {
    loop_.put([to, result = std::move(result)]() mutable { to(std::move(result)); });
  };
  const bool is_taken =
      readers_.run([question = std::move(question), answer, done] { answer(done, question()); });
  if (!is_taken) answer(done, fail(Code::unavailable, "too many reads wait"));
}

void StoreAdapter::read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) {
  ask<std::vector<core::StoredRecord>>([this, range] { return storage_.read(range); },
                                       std::move(done));
}

void StoreAdapter::head(RoomId room, Done<Result<Seq>> done) {
  ask<Seq>([this, room] { return storage_.head(room); }, std::move(done));
}

void StoreAdapter::get(std::string key, Done<Result<std::optional<std::string>>> done) {
  ask<std::optional<std::string>>([this, key = std::move(key)] { return storage_.get(key); },
                                  std::move(done));
}

void StoreAdapter::get_many(std::vector<std::string> keys,
                            Done<Result<std::vector<std::optional<std::string>>>> done) {
  using Values = std::vector<std::optional<std::string>>;
  ask<Values>(
      [this, keys = std::move(keys)]() -> Result<Values> {
        Values values;
        for (const std::string& key : keys) {
          CHATD_TRY(values.emplace_back(), storage_.get(key));
        }
        return values;
      },
      std::move(done));
}

void StoreAdapter::scan(std::string prefix, std::string after, std::size_t limit,
                        Done<Result<std::vector<core::KeyValue>>> done) {
  ask<std::vector<core::KeyValue>>([this, prefix = std::move(prefix), after = std::move(after),
                                    limit] { return storage_.scan(prefix, after, limit); },
                                   std::move(done));
}

}  // namespace chatd::host
