#include "daemon/host/library.hpp"
#include "daemon/host/ops.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/storage_role.hpp"
#include "daemon/host/store_thread.hpp"
#include "daemon/host/timers.hpp"
#include "daemon/host/workers.hpp"
#include "tests/unit/host/fixture.hpp"

#include <catch2/catch.hpp>

#include <semaphore>
#include <string>
#include <vector>

using chatd::Code;
using chatd::RoomId;
using chatd::Status;
using chatd::core::Put;
using chatd::tests::TestHost;

namespace {

// The store plugin alone, with a store thread on it.
struct Committing {
  Committing() {
    auto library = chatd::host::Library::open(std::string(CHATD_TEST_PLUGINS) + "/test_store.so",
                                              "test_store");
    REQUIRE(library);
    auto created = chatd::host::Plugin::create(*std::move(library), {},
                                               {loop, jobs, ops, timers, nullptr, nullptr});
    REQUIRE(created);
    plugin = *std::move(created);
    thread.emplace(chatd::host::StorageRole::of(*plugin).value());
  }
  // Holds the store thread inside the answer to a first batch until release().
  void hold() {
    thread->commit_owed({1, {Put{"first", ""}}}, [this](Status) {
      is_held.release();
      may_go.acquire();
    });
    is_held.acquire();
  }
  void put(std::uint64_t epoch, const std::string& key) {
    thread->commit_owed({epoch, {Put{key, "x"}}}, [this](Status status) {
      answers.push_back(status ? "ok" : std::string(name(status.error().code)));
    });
  }
  // All answers, once the thread has stopped.
  std::vector<std::string> release() {
    may_go.release();
    thread->stop();
    return answers;
  }

  chatd::tests::HostClock clock;
  chatd::host::LoopInbox loop{[](auto) {}};
  chatd::host::Workers jobs{1, 10};
  chatd::host::Ops ops{clock};
  chatd::host::Timers timers{clock, jobs};
  std::unique_ptr<chatd::host::Plugin> plugin;
  std::counting_semaphore<> is_held{0};
  std::counting_semaphore<> may_go{0};
  std::vector<std::string> answers;
  std::optional<chatd::host::StoreThread> thread;
};

}  // namespace

TEST_CASE("all batches that wait become one commit, answered in order", "[host]") {
  Committing c;
  c.hold();
  for (int i = 0; i < 100; ++i) c.put(1, "key " + std::to_string(i));

  const auto answers = c.release();

  CHECK(answers == std::vector<std::string>(100, "ok"));
  CHECK(c.thread->numbers().commits.read() == 2);
  CHECK(c.thread->numbers().batches.read() == 101);
}

TEST_CASE("what waits when a commit fails is of a failed epoch, a later epoch goes on", "[host]") {
  Committing c;
  c.hold();
  c.put(1, "!no_space");
  c.put(1, "beside it");
  for (int i = 0; i < 20'000; ++i) c.put(1, "later");  // more than one commit takes
  c.put(2, "fresh");

  const auto answers = c.release();

  REQUIRE(answers.size() == 20'003);
  CHECK(answers[0] == "read_only");
  CHECK(answers[1] == "read_only");
  CHECK(answers[20'001] == "unavailable");
  CHECK(answers[20'002] == "ok");
}

TEST_CASE("a batch of no epoch is untouched by a failure before it", "[host]") {
  Committing c;
  c.hold();
  c.put(1, "!corrupt");
  c.release();
  Committing d;
  d.put(5, "!throw");
  d.put(chatd::host::StoreThread::kNoEpoch, "state");
  d.thread->stop();

  CHECK(c.answers == std::vector<std::string>{"internal"});
  CHECK(d.answers.front() == "internal");
}

TEST_CASE("the core's store answers on the loop and later, with what was committed", "[host]") {
  TestHost t;
  const RoomId room(chatd::blake2b_256("room"));

  CHECK(t.commit({1, {Put{"a", "1"}, Put{"b", "2"}, chatd::core::Append{room, 1, "record"}}}));

  CHECK(t.get("a") == "1");
  CHECK(t.get("none") == std::nullopt);
  std::optional<chatd::Result<chatd::Seq>> head;
  t.host->store().head(room, [&](auto result) { head = result; });
  CHECK_FALSE(head);
  REQUIRE(t.loop.run_until([&] { return head.has_value(); }));
  CHECK(head->value() == 1);
  std::optional<std::vector<chatd::core::StoredRecord>> records;
  t.host->store().read({room, 1, 9, 10, 1000, false}, [&](auto r) { records = r.value(); });
  REQUIRE(t.loop.run_until([&] { return records.has_value(); }));
  REQUIRE(records->size() == 1);
  CHECK(records->front().bytes == "record");
  std::optional<std::vector<std::optional<std::string>>> values;
  t.host->store().get_many({"b", "none", "a"}, [&](auto r) { values = r.value(); });
  REQUIRE(t.loop.run_until([&] { return values.has_value(); }));
  CHECK(*values == std::vector<std::optional<std::string>>{"2", std::nullopt, "1"});
}

TEST_CASE("a full disk is read_only, and the next epoch may succeed", "[host]") {
  TestHost t;

  const Status full = t.commit({1, {Put{"!no_space", ""}}});
  const Status same_epoch = t.commit({1, {Put{"a", "1"}}});
  const Status next_epoch = t.commit({2, {Put{"a", "2"}}});

  REQUIRE_FALSE(full);
  CHECK(full.error().code == Code::read_only);
  REQUIRE_FALSE(same_epoch);
  CHECK(same_epoch.error().code == Code::unavailable);
  CHECK(next_epoch);
  CHECK(t.get("a") == "2");
}

TEST_CASE("commits that wait at the stop are still committed and answered", "[host]") {
  TestHost t;
  int answered = 0;
  for (int i = 0; i < 50; ++i)
    t.host->store().commit({1, {Put{"k", std::to_string(i)}}}, [&](Status s) { answered += !!s; });

  t.host->stop();

  CHECK(answered == 50);
}
