#include "tests/bench/micro/talkers.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/log.hpp"

#include <utility>

namespace chatd::bench {
namespace {

core::Settings open_to_all() {
  core::Settings settings;
  settings.server_name = "one.example";
  settings.sign_up = core::SignUp::open;
  settings.messages_per_user.count = 0;
  settings.requests_per_device.count = 0;
  return settings;
}

}  // namespace

Talkers::Talkers()
    : core_({clock_, random_, store_, clients_, auth_, hooks_, methods_, admin_}, open_to_all()) {
  log::set_level(log::Level::error);
  core_.start(nullptr, [](const Status& status) { CHATD_ASSERT(status.has_value()); });
  answer_commits();
  enter(alice_, "alice");
  enter(bob_, "bob");
  const std::string answer = ask(alice_, "room.open_direct", R"("user":"bob@one.example")");
  constexpr std::string_view kBefore = R"("room":")";
  const auto at = answer.find(kBefore) + kBefore.size();
  room_ = answer.substr(at, answer.find('"', at) - at);
  store_.stop_keeping();
}

void Talkers::enter(SessionId session, const std::string& name) {
  core_.open(session, core::Door::websocket, "192.0.2.1", Secret(""));
  ask(session, "account.sign_up",
      R"("name":")" + name + R"(","password":"a rose by any name","device_name":"phone")");
  ask(session, "sync", R"("account_version":0,"rooms":[])");
}

std::string Talkers::ask(SessionId session, std::string_view method, const std::string& params) {
  core_.request(session, decoder_.decode(R"({"jsonrpc":"2.0","id":1,"method":")" +
                                         std::string(method) + R"(","params":{)" + params + "}}"));
  answer_commits();
  const std::string answer(clients_.last.payload());
  CHATD_ASSERT(answer.find(R"("result")") != std::string::npos);
  return answer;
}

void Talkers::answer_commits() {
  do {
    core_.end_turn();
  } while (later_.run());
}

// splitmix64.
void Talkers::SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    byte = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

bool Talkers::Later::run() {
  const auto now = std::exchange(waiting_, {});
  for (const auto& answer : now) answer();
  return !now.empty();
}

template <class T>
void Talkers::MemoryStore::answer(Done<T> done, T value) {
  later_.add([done = std::move(done), value = std::move(value)] { done(value); });
}

void Talkers::MemoryStore::commit(core::Batch batch, Done<Status> done) {
  if (is_keeping_) CHATD_ASSERT(medium_.commit(batch.writes).has_value());
  answer(std::move(done), Status());
}

void Talkers::MemoryStore::read(core::Range range,
                                Done<Result<std::vector<core::StoredRecord>>> done) {
  answer(std::move(done), medium_.read(range));
}

void Talkers::MemoryStore::head(RoomId room, Done<Result<Seq>> done) {
  answer(std::move(done), medium_.head(room));
}

void Talkers::MemoryStore::get(std::string key, Done<Result<std::optional<std::string>>> done) {
  answer(std::move(done), medium_.get(key));
}

void Talkers::MemoryStore::get_many(std::vector<std::string> keys,
                                    Done<Result<std::vector<std::optional<std::string>>>> done) {
  std::vector<std::optional<std::string>> values;
  for (const std::string& key : keys) values.push_back(medium_.get(key).value());
  answer<Result<std::vector<std::optional<std::string>>>>(std::move(done), std::move(values));
}

void Talkers::MemoryStore::scan(std::string prefix, std::string after, std::size_t limit,
                                Done<Result<std::vector<core::KeyValue>>> done) {
  answer(std::move(done), medium_.scan(prefix, after, limit));
}

void Talkers::AnyPassword::yes(Done done) {
  later_.add([done = std::move(done)] { done(Status()); });
}

}  // namespace chatd::bench
