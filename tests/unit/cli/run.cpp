#include "cli/run.hpp"

#include "cli/command.hpp"
#include "daemon/wire/methods/table.hpp"
#include "tests/unit/cli/exchange.hpp"
#include "tests/unit/cli/test_console.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <set>

namespace chatd::cli {
namespace {

TEST_CASE("an answer is printed for people", "[cli]") {
  FakeDaemon daemon(always(R"({"user":"juliet@chat.example","display_name":"","enabled":true})"));
  TestConsole console;

  CHECK(console.run({"user", "show", "juliet@chat.example", "--socket", daemon.socket()}) ==
        Exit::ok);

  CHECK(console.out.str() ==
        "user          juliet@chat.example\ndisplay name  -\nenabled       yes\n");
  CHECK(console.err.str().empty());
  REQUIRE(daemon.frames().size() == 1);
  CHECK(method_of(daemon.frames()[0]) == "admin.user.show");
  CHECK(params_of(daemon.frames()[0]) == R"({"user":"juliet@chat.example"})");
}

TEST_CASE("an answer is printed for programs as it came, with its schema", "[cli]") {
  FakeDaemon daemon(always(R"({"invite":"x","expires":5,"new_member":[1]})"));
  TestConsole console;

  CHECK(console.run({"invite", "create", "--uses", "2", "--json", "--socket", daemon.socket()}) ==
        Exit::ok);

  CHECK(console.out.str() == R"({"schema":1,"command":"invite create","result":)"
                             R"({"invite":"x","expires":5,"new_member":[1]}})"
                             "\n");
  CHECK(params_of(daemon.frames().at(0)) == R"({"uses":2})");
}

TEST_CASE("an answer that says nothing is told as done", "[cli]") {
  FakeDaemon daemon(always("{}"));
  TestConsole console;
  console.in.str("open sesame\n");

  CHECK(console.run({"user", "passwd", "a@b.example", "--password-stdin", "--socket",
                     daemon.socket()}) == Exit::ok);

  CHECK(console.out.str() == "Done.\n");
}

TEST_CASE("each error of the daemon has its exit code, its words and an advice", "[cli]") {
  const auto [code, exit, part] = GENERATE(table<std::string, Exit, std::string>({
      {"not_found", Exit::failed, "chatctl user list"},
      {"conflict", Exit::failed, "sentence"},
      {"internal", Exit::failed, "chatctl log follow"},
      {"read_only", Exit::failed, "Make room on the disk"},
      {"timeout", Exit::failed, "Look before you repeat it"},
      {"invalid_params", Exit::usage, "sentence"},
      {"too_large", Exit::usage, "sentence"},
      {"unavailable", Exit::no_daemon, "sentence"},
      {"forbidden", Exit::refused, "sentence"},
      {"denied", Exit::refused, "sentence"},
      {"from_the_future", Exit::failed, "sentence"},
  }));
  FakeDaemon daemon([&, word = code](const std::string& frame) {
    return error_frame(frame, word, "A sentence");
  });
  TestConsole console;
  CAPTURE(code);

  CHECK(console.run({"user", "show", "a@b.example", "--socket", daemon.socket()}) == exit);

  CHECK(console.out.str().empty());
  CHECK(console.err.str().starts_with("chatctl: A sentence."));
  CHECK(holds(console.err.str(), part));
}

TEST_CASE("an error is printed for programs on standard output", "[cli]") {
  FakeDaemon daemon(
      [](const std::string& frame) { return error_frame(frame, "not_found", "No \\u001b"); });
  TestConsole console;

  CHECK(console.run({"user", "show", "a@b.example", "--json", "--socket", daemon.socket()}) ==
        Exit::failed);

  CHECK(console.out.str() ==
        R"({"schema":1,"command":"user show","error":{"code":"not_found","message":"No ?"}})"
        "\n");
}

TEST_CASE("a daemon that does not run is exit code 4", "[cli]") {
  const TempFolder folder;
  TestConsole console;

  CHECK(console.run({"status", "--socket", (folder.path() / "none").string()}) == Exit::no_daemon);

  CHECK(holds(console.err.str(), "the daemon is not running"));
}

TEST_CASE("a daemon that goes before it answers leaves the outcome unknown", "[cli]") {
  FakeDaemon daemon([](const std::string&) { return std::string(); });
  TestConsole console;

  CHECK(console.run({"reload", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(holds(console.err.str(), "ended the connection; whether it was done is unknown"));
}

TEST_CASE("a daemon that does not answer is not waited for longer than was told", "[cli]") {
  FakeDaemon daemon([](const std::string&) { return std::string(" "); });
  TestConsole console;

  CHECK(console.run({"reload", "--timeout", "1", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(holds(console.err.str(), "did not answer in time; whether it was done is unknown"));
}

TEST_CASE("what is no chatd is told from one", "[cli]") {
  const std::string garbage =
      GENERATE(as<std::string>(), "HTTP/1.1 400 Bad Request\r\n", "\xff\xfe\n", "[]\n", "{}\n",
               R"({"jsonrpc":"2.0","id":77,"result":{}})"
               "\n",
               R"({"jsonrpc":"2.0","id":1})"
               "\n",
               "\n", "{\"jsonrpc\":\n");
  FakeDaemon daemon([&](const std::string&) { return garbage; });
  TestConsole console;
  CAPTURE(garbage);

  CHECK(console.run({"status", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(holds(console.err.str(), "does not talk like chatd"));
}

TEST_CASE("an error without data is an error all the same", "[cli]") {
  FakeDaemon daemon([](const std::string&) {
    return R"({"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Eh?"}})"
           "\n";
  });
  TestConsole console;

  CHECK(console.run({"status", "--socket", daemon.socket()}) == Exit::failed);

  CHECK(console.err.str().starts_with("chatctl: Eh? "));
}

TEST_CASE("what a user typed wrong is said without asking the daemon", "[cli]") {
  FakeDaemon daemon(always("{}"));
  TestConsole console;

  CHECK(console.run({"user", "show", "Not A Name", "--socket", daemon.socket()}) == Exit::usage);
  CHECK(console.run({"user", "list", "--limit", "2000", "--socket", daemon.socket()}) ==
        Exit::usage);
  CHECK(console.run({"room", "show", "x", "--socket", daemon.socket()}) == Exit::usage);
  CHECK(console.run({"user", "create", "\xff", "--socket", daemon.socket()}) == Exit::usage);

  CHECK(daemon.frames().empty());
}

TEST_CASE("a user may be written without the server's name", "[cli]") {
  FakeDaemon daemon(always(R"({"server":"chat.example","user":"romeo@chat.example"})"));
  TestConsole console;

  CHECK(console.run({"user", "enable", "romeo", "--socket", daemon.socket()}) == Exit::ok);

  const auto frames = daemon.frames();
  REQUIRE(frames.size() == 2);
  CHECK(method_of(frames[0]) == "admin.status");
  CHECK(params_of(frames[1]) == R"({"user":"romeo@chat.example","enabled":true})");
}

TEST_CASE("a check that finds problems is exit code 3", "[cli]") {
  FakeDaemon daemon(
      always(R"({"records":2,"erased":0,"head_hash":"","problems":["seq 2 is bad"]})"));
  TestConsole console;

  CHECK(console.run({"room", "verify", kRoom, "--socket", daemon.socket()}) == Exit::problems);

  CHECK(holds(console.out.str(), "seq 2 is bad"));
}

TEST_CASE("a new password is asked for twice and never shown", "[cli]") {
  FakeDaemon daemon(always(R"({"user":"romeo@chat.example"})"));
  TestConsole console;
  console.secrets = {"but soft", "but sofd", "but soft", "but soft"};

  CHECK(console.run({"user", "create", "romeo", "--socket", daemon.socket()}) == Exit::ok);

  CHECK(params_of(daemon.frames().at(0)) == R"({"name":"romeo","password":"but soft"})");
  CHECK(!holds(console.out.str() + console.err.str(), "but soft"));
  CHECK(holds(console.err.str(), "not the same"));
}

TEST_CASE("a password comes from standard input or a file", "[cli]") {
  FakeDaemon daemon(always(R"({"user":"romeo@chat.example"})"));
  const TempFolder folder;
  const std::string file = (folder.path() / "password").string();
  std::ofstream(file) << "from a file\r\n";
  TestConsole console;
  console.in.str("from \"stdin\"\n");

  CHECK(console.run({"user", "create", "romeo", "--password-stdin", "--socket", daemon.socket()}) ==
        Exit::ok);
  CHECK(console.run({"user", "create", "romeo", "--password-file", file, "--socket",
                     daemon.socket()}) == Exit::ok);

  const auto frames = daemon.frames();
  REQUIRE(frames.size() == 2);
  CHECK(params_of(frames[0]) == R"({"name":"romeo","password":"from \"stdin\""})");
  CHECK(params_of(frames[1]) == R"({"name":"romeo","password":"from a file"})");
}

TEST_CASE("what is no password is refused before the daemon hears of it", "[cli]") {
  FakeDaemon daemon(always("{}"));
  const TempFolder folder;
  TestConsole console;
  const std::string text = GENERATE(as<std::string>(), "", "\n", "two\nlines\n",
                                    std::string(1025, 'x'), std::string(5000, 'x'));
  console.in.str(text);

  CHECK(console.run({"user", "create", "romeo", "--password-stdin", "--socket", daemon.socket()}) ==
        Exit::usage);
  CHECK(console.run({"user", "create", "romeo", "--password-file",
                     (folder.path() / "gone").string(), "--socket", daemon.socket()}) ==
        Exit::usage);

  CHECK(daemon.frames().empty());
}

}  // namespace
}  // namespace chatd::cli
