#include "daemon/base/assert.hpp"
#include "daemon/wire/record.hpp"
#include "plugins/storage_lmdb/store.hpp"
#include "tests/bench/micro/step.hpp"
#include "tests/bench/world/world.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstdint>

namespace chatd::bench {
namespace {

using storage_lmdb::Op;
using storage_lmdb::Store;

// valgrind gives a process less address space than the system does.
constexpr std::size_t kMapBytes = std::size_t{1} << 30;

class OnStore : public Step {
 public:
  OnStore() {
    storage_lmdb::Options options;
    options.path = folder_.path();
    options.map_bytes = kMapBytes;
    options.work = [](const std::function<void()>&) { return false; };  // folds when told to
    options.log = [](int, const std::string&) {};
    store_ = Store::open(options).value();
  }

 protected:
  // The next messages, one a room, rooms in turn.
  void write_messages(std::size_t count, std::size_t rooms) {
    records_.clear();
    writes_.clear();
    for (std::size_t i = 0; i < count; ++i, ++number_) {
      wire::Record record;
      record.seq = number_ / rooms + 1;
      record.ordinal = record.seq;
      record.sender = *UserId::parse("alice@one.example");
      record.client_msg_id = *ClientMsgId::parse(message_id(number_));
      record.time = static_cast<TimeMs>(1'800'000'000'000 + number_ * 1000);
      record.content = R"({"text":")" + text_of(number_) + R"("})";
      records_.push_back(wire::encode_stored(record));
      storage_lmdb::RoomId room{};
      room[0] = static_cast<char>(number_ % rooms * 37);
      writes_.push_back({Op::append, room, record.seq, {}, {}});
    }
    for (std::size_t i = 0; i < count; ++i) writes_[i].value = records_[i];
  }
  void commit() { CHATD_ASSERT(store_->commit(writes_).has_value()); }
  void fold() { CHATD_ASSERT(store_->settle().has_value()); }

 private:
  tests::TempFolder folder_;
  std::unique_ptr<Store> store_;
  std::size_t number_ = 0;
  std::vector<std::string> records_;
  std::vector<storage_lmdb::Write> writes_;  // of `records_`
};

class Commit final : public OnStore {
  static constexpr std::size_t kMessages = 64;
  [[nodiscard]] std::size_t messages() const override { return kMessages; }
  void prepare() override { write_messages(kMessages, kMessages); }
  void run() override { commit(); }
};

class Fold final : public OnStore {
  static constexpr std::size_t kMessages = 1024;
  static constexpr std::size_t kRooms = 16;
  [[nodiscard]] std::size_t messages() const override { return kMessages; }
  void prepare() override {
    write_messages(kMessages, kRooms);
    commit();
  }
  void run() override { fold(); }
};

}  // namespace

std::unique_ptr<Step> make_commit() { return std::make_unique<Commit>(); }
std::unique_ptr<Step> make_fold() { return std::make_unique<Fold>(); }

}  // namespace chatd::bench
