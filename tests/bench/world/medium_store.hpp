#pragma once

#include "daemon/base/assert.hpp"
#include "tests/bench/world/world.hpp"

#include <utility>

namespace chatd::bench {

// The store as a World has it: what `Medium` (the calls of sim::Medium that are about data) answers
// at once comes when Later is told to give it out.
template <class Medium>
class MediumStore final : public core::StorePort {
 public:
  MediumStore(Medium& medium, Later& later) : medium_(medium), later_(later) {}

  void commit(core::Batch batch, Done<Status> done) override {
    CHATD_ASSERT(medium_.commit(batch.writes).has_value());
    answer(std::move(done), Status());
  }
  void read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) override {
    answer(std::move(done), medium_.read(range));
  }
  void head(RoomId room, Done<Result<Seq>> done) override {
    answer(std::move(done), medium_.head(room));
  }
  void get(std::string key, Done<Result<std::optional<std::string>>> done) override {
    answer(std::move(done), medium_.get(key));
  }
  void get_many(std::vector<std::string> keys,
                Done<Result<std::vector<std::optional<std::string>>>> done) override {
    std::vector<std::optional<std::string>> values;
    for (const std::string& key : keys) values.push_back(medium_.get(key).value());
    answer<Result<std::vector<std::optional<std::string>>>>(std::move(done), std::move(values));
  }
  void scan(std::string prefix, std::string after, std::size_t limit,
            Done<Result<std::vector<core::KeyValue>>> done) override {
    answer(std::move(done), medium_.scan(prefix, after, limit));
  }

 private:
  template <class T>
  void answer(Done<T> done, T value) {
    later_.add([done = std::move(done), value = std::move(value)] { done(value); });
  }

  Medium& medium_;
  Later& later_;
};

}  // namespace chatd::bench
