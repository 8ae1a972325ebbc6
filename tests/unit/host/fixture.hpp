#pragma once

#include "daemon/core/ports/feed.hpp"
#include "daemon/host/host.hpp"
#include "tests/support/test_loop.hpp"

#include <catch2/catch.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace chatd::tests {

// A clock that moves only when told to.
class HostClock final : public Clock {
 public:
  TimeMs wall_ms() override { return 1'700'000'000'000; }
  Monotonic now() override { return now_; }
  void advance(Millis by) { now_ += by; }

 private:
  Monotonic now_{std::chrono::hours(1)};
};

// A host with the test plugins: test_store, mischief (auth, hooks, methods, events) and, if asked
// for, the same once more as "second".
struct TestHost {
  using Settings = std::vector<host::Setting>;

  explicit TestHost(Settings mischief = {}, std::optional<Settings> second = std::nullopt) {
    options.dirs = {CHATD_TEST_PLUGINS};
    options.storage = {"test_store", {}};
    options.auth = {"mischief", std::move(mischief)};
    if (second) options.others.push_back({"second", *std::move(second)});
    auto started = host::Host::start(options, loop.poster(), clock);
    if (!started) FAIL(started.error().front().message);
    host = *std::move(started);
  }

  // Puts a message through message_pre_accept.
  core::Verdict post(const std::string& text) {
    std::optional<core::Verdict> got;
    host->hooks().message_pre_accept(draft(text), [&](core::Verdict verdict) { got = verdict; });
    CHECK_FALSE(got);  // later, never from inside the call
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    return *got;
  }
  static core::Draft draft(const std::string& text) {
    core::Draft draft;
    draft.sender = UserId::parse("romeo@one.example").value();
    draft.device = DeviceId(7);
    draft.content = "{\"text\":\"" + text + "\"}";
    return draft;
  }
  Result<std::string> call(const std::string& method, const std::string& params = "{}") {
    std::optional<Result<std::string>> got;
    host->methods().call(method, UserId::parse("romeo@one.example").value(), DeviceId(7), params,
                         [&](Result<std::string> result) { got = std::move(result); });
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    return *std::move(got);
  }
  Status verify(const std::string& secret) {
    std::optional<Status> got;
    host->auth().verify(UserId::parse("romeo@one.example").value(), "127.0.0.1", Secret(secret),
                        [&](Status status) { got = std::move(status); });
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    return *std::move(got);
  }
  Status commit(core::Batch batch) {
    std::optional<Status> got;
    host->store().commit(std::move(batch), [&](Status status) { got = std::move(status); });
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    return *std::move(got);
  }
  std::optional<std::string> get(const std::string& key) {
    std::optional<Result<std::optional<std::string>>> got;
    host->store().get(key, [&](auto result) { got = std::move(result); });
    REQUIRE(loop.run_until([&] { return got.has_value(); }));
    return got->value();
  }
  const host::PluginStatus status(const std::string& name) {
    for (host::PluginStatus& one : host->plugins())
      if (one.name == name) return std::move(one);
    FAIL("no plugin " << name);
    return {};
  }
  // Moves the clock in steps of the loop's tick.
  void advance(Millis by) {
    for (Millis done{0}; done < by; done += Millis(100)) {
      clock.advance(Millis(100));
      host->tick();
      loop.run();
    }
  }

  TestLoop loop;
  HostClock clock;
  host::HostOptions options;
  std::unique_ptr<host::Host> host;
};

}  // namespace chatd::tests
