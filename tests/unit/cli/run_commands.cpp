#include "cli/command.hpp"
#include "cli/run.hpp"
#include "daemon/wire/methods/table.hpp"
#include "federation/key_certificate.hpp"
#include "tests/unit/cli/exchange.hpp"
#include "tests/unit/cli/test_console.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

namespace chatd::cli {
namespace {

std::string key_request() { return federation::KeyRequest{"chat.example", {}, 1}.text(); }

TEST_CASE("what destroys asks first, and no is no", "[cli]") {
  FakeDaemon daemon(&default_answer);
  TestConsole console;
  console.in.str("n\n");

  CHECK(console.run({"user", "disable", "a@b.example", "--socket", daemon.socket()}) ==
        Exit::failed);

  CHECK(holds(console.err.str(), "logged out at once"));
  CHECK(holds(console.err.str(), "nothing was done"));
  CHECK(daemon.frames().empty());
}

TEST_CASE("what destroys goes on after yes", "[cli]") {
  FakeDaemon daemon(&default_answer);
  TestConsole console;
  console.in.str("y\n");

  CHECK(console.run({"user", "disable", "a@b.example", "--socket", daemon.socket()}) == Exit::ok);

  CHECK(params_of(daemon.frames().at(0)) == R"({"user":"a@b.example","enabled":false})");
}

TEST_CASE("where nobody can be asked, what destroys wants --yes", "[cli]") {
  FakeDaemon daemon(&default_answer);
  TestConsole console;
  console.is_interactive = false;

  CHECK(console.run({"user", "disable", "a@b.example", "--socket", daemon.socket()}) ==
        Exit::usage);
  CHECK(daemon.frames().empty());
  CHECK(console.run({"user", "disable", "a@b.example", "--yes", "--socket", daemon.socket()}) ==
        Exit::ok);
  CHECK(daemon.frames().size() == 1);
}

TEST_CASE("a dry run shows what it is about and does nothing", "[cli]") {
  FakeDaemon daemon(always(R"({"user":"a@b.example","devices":3})"));
  TestConsole console;

  CHECK(console.run({"user", "disable", "a@b.example", "--dry-run", "--socket", daemon.socket()}) ==
        Exit::ok);

  CHECK(holds(console.out.str(), "devices  3"));
  CHECK(holds(console.err.str(), "nothing was done"));
  REQUIRE(daemon.frames().size() == 1);
  CHECK(method_of(daemon.frames()[0]) == "admin.user.show");
}

TEST_CASE("shutdown returns when the daemon is gone", "[cli]") {
  bool is_asked = false;
  FakeDaemon daemon([&](const std::string& frame) {
    is_asked = method_of(frame) == "admin.shutdown";
    return result_frame(frame, "{}");
  });
  TestConsole console;

  // The fake stays, so the wait ends at the deadline.
  CHECK(console.run({"shutdown", "--yes", "--timeout", "1", "--socket", daemon.socket()}) ==
        Exit::failed);

  CHECK(is_asked);
}

TEST_CASE("the log is followed line by line until the daemon goes", "[cli]") {
  FakeDaemon daemon([](const std::string& frame) {
    const auto line = [](const std::string& text) {
      return R"({"jsonrpc":"2.0","method":"admin.log","params":{"time":1767225600000,)"
             R"("level":"info","line":")" +
             text + "\"}}\n";
    };
    return line("early") + result_frame(frame, "{}") + line("one") +
           R"({"jsonrpc":"2.0","method":"server.draining","params":{}})"
           "\n" +
           line("two \\u001b[2J") + "garbage\n";
  });
  TestConsole console;

  CHECK(console.run({"log", "follow", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(console.out.str() ==
        "2026-01-01 00:00:00 UTC info one\n2026-01-01 00:00:00 UTC info two ?[2J\n");
}

// Pages of two until c.
std::string page(const std::string& frame) {
  const bool is_first = !holds(frame, "after");
  return result_frame(frame, is_first
                                 ? R"({"users":[{"user":"a@s.example"},{"user":"b@s.example"}],)"
                                   R"("next":"b@s.example"})"
                                 : R"({"users":[{"user":"c@s.example"}]})");
}

TEST_CASE("a page says how to get the next", "[cli]") {
  FakeDaemon daemon(&page);
  TestConsole console;

  CHECK(console.run({"user", "list", "--socket", daemon.socket()}) == Exit::ok);

  CHECK(daemon.frames().size() == 1);
  CHECK(console.err.str() == "There are more: add --all, or --after b@s.example\n");
}

TEST_CASE("a script reads also of a line that makes no sense", "[cli]") {
  TestConsole console;

  CHECK(console.run({"user", "lst", "--json"}) == Exit::usage);
  CHECK(console.run({"user", "show", "--json"}) == Exit::usage);

  CHECK(console.out.str().starts_with(
      R"({"schema":1,"command":"user","error":{"code":"invalid_params","message":"there is no)"));
  CHECK(holds(console.out.str(), R"("command":"user show","error")"));
  CHECK(console.err.str().empty());
}

TEST_CASE("all pages are one answer to a script", "[cli]") {
  FakeDaemon daemon(&page);
  TestConsole console;

  CHECK(console.run({"user", "list", "--all", "--limit", "2", "--json", "--socket",
                     daemon.socket()}) == Exit::ok);

  CHECK(console.out.str() ==
        R"({"schema":1,"command":"user list","result":{"users":[{"user":"a@s.example"},)"
        R"({"user":"b@s.example"},{"user":"c@s.example"}]}})"
        "\n");
  CHECK(params_of(daemon.frames().at(1)) == R"({"after":"b@s.example","limit":2})");
  CHECK(console.err.str().empty());
}

TEST_CASE("one plugin is found among all, or the one that was probably meant", "[cli]") {
  FakeDaemon daemon(always(R"({"plugins":[{"name":"webpush","config_schema":"a\nb"}]})"));
  TestConsole console;

  CHECK(console.run({"plugin", "info", "webpush", "--socket", daemon.socket()}) == Exit::ok);
  CHECK(console.run({"plugin", "info", "webpusj", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(console.out.str() == "name           webpush\nconfig schema  a\n               b\n");
  CHECK(holds(console.err.str(), "did you mean \"webpush\"?"));
}

TEST_CASE("a reload tells what is in force and what waits", "[cli]") {
  FakeDaemon daemon(always(R"({"changed":["log.level: a -> b"],"needs_restart":["listen.tls"]})"));
  TestConsole console;

  CHECK(console.run({"reload", "--socket", daemon.socket()}) == Exit::ok);

  CHECK(console.out.str() == "in force now: log.level: a -> b\nwaits for a restart: listen.tls\n");
}

TEST_CASE("output that nobody can take is a failure", "[cli]") {
  FakeDaemon daemon(&default_answer);
  TestConsole console;
  console.out.setstate(std::ios::badbit);

  CHECK(console.run({"status", "--socket", daemon.socket()}) == Exit::failed);
}

TEST_CASE("every method of the admin has a command, and every command runs", "[cli]") {
  std::set<std::string> asked;
  {
    std::mutex mutex;
    FakeDaemon daemon([&](const std::string& frame) {
      const std::lock_guard lock(mutex);
      asked.insert(method_of(frame));
      if (method_of(frame) == "admin.log.follow") return default_answer(frame) + "the end\n";
      return default_answer(frame);
    });
    const TempFolder folder;
    for (const Command& command : commands()) {
      CAPTURE(command.words);
      std::vector<std::string> words = words_of(command.words);
      for (const Argument& argument : command.arguments) {
        if (!argument.is_positional || !argument.is_required) continue;
        words.push_back(argument.name == "room"         ? kRoom
                        : argument.name == "request"    ? key_request()
                        : argument.kind == Kind::user   ? "a@b.example"
                        : argument.kind == Kind::choice ? argument.choices[0]
                        : argument.kind == Kind::file   ? (folder.path() / "new").string()
                                                        : "chat.example");
      }
      for (const char* more : {"--timeout", "1", "--socket"}) words.emplace_back(more);
      words.push_back(daemon.socket());
      if (!command.extras.warning.empty()) words.emplace_back("--yes");
      TestConsole console;
      console.secrets = {"x", "x"};

      CHECK(console.run(words) != Exit::usage);
    }
  }
  wire::for_each_method([&]<class T>() {
    if (T::kMethod.access != wire::Access::admin) return;
    CAPTURE(T::kMethod.name);
    CHECK(asked.contains(std::string(T::kMethod.name)));
  });
}

}  // namespace
}  // namespace chatd::cli
