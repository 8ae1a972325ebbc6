#include "app.hpp"
#include "commands.hpp"
#include "driver.hpp"
#include "message_text.hpp"
#include "options.hpp"
#include "safe_text.hpp"
#include "script.hpp"

using namespace terminal;

namespace {

class Paper final : public Screen {
 public:
  void print(const std::string& line) override { lines.push_back(line); }
  [[nodiscard]] bool has(const std::string& text) const {
    return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) {
      return line.find(text) != std::string::npos;
    });
  }
  std::vector<std::string> lines;
};

// The program without its main loop, on a Stage's server.
struct Session {
  Session() {
    stage.chat.reset();
    stage.server.say("r", "hello", false);
    client::Account account;
    account.host = "127.0.0.1";
    account.port = stage.server.web.port();
    account.user = "romeo";
    account.password = "balcony";
    auto tls = client::TlsContext::create(stage.server.web.ca_file());
    app = std::make_unique<App>(*tls.value, account, stage.time.env(), *stage.cache, paper,
                                App::Style{.has_time = false, .context = 0});
    script = std::make_unique<Script>(*app, stage.time.env());
    app->chat().start();
  }
  void run(const std::string& lines) {
    script->feed(lines);
    script->end_input();
    stage.until([this] {
      app->chat().advance();
      script->advance();
      return script->is_done();
    });
  }

  Stage stage;
  Paper paper;
  std::unique_ptr<App> app;
  std::unique_ptr<Script> script;
};

}  // namespace

TEST_CASE("what could command the terminal is shown as a sign that it was there", "[terminal]") {
  CHECK(safe_line("plain ä 漢 👍") == "plain ä 漢 👍");
  CHECK(safe_line("a\033[2Jb") == "a\uFFFD[2Jb");
  CHECK(safe_line("a\rb\bc\x7f") == "a\uFFFDb\uFFFDc\uFFFD");
  CHECK(safe_line("\xC2\x9B"
                  "31m") == "\uFFFD31m");  // a control sequence in one character
  CHECK(safe_line("\xE2\x80\xAE"
                  "abc") == "\uFFFDabc");  // right to left from here on
  CHECK(safe_line("\xff\xfe") == "\uFFFD\uFFFD");
  CHECK(safe_line("\xC0\xAF") == "\uFFFD\uFFFD");  // an overlong slash
  CHECK(safe_line("\xE4\xB8") == "\uFFFD\uFFFD");  // cut off
}

TEST_CASE("no text of many lines can pass for a line of the program", "[terminal]") {
  client::Message message;
  message.seq = 5;
  message.text = "one\n#6 Juliet: two\r\nthree";

  const auto lines = message_lines(
      message, [](const std::string&) { return "Nurse"; }, 10);

  CHECK(lines == std::vector<std::string>{"#5 Nurse: one", "    | #6 Juliet: two", "    | three"});
}

TEST_CASE("why someone is in a room no more is told by what they were before", "[terminal]") {
  Session session;
  session.run("/wait 10 online\n/open r\n");
  const auto say = [&](const char* sender, const char* user, const char* membership) {
    const std::size_t lines = session.paper.lines.size();
    session.stage.server.add("r", {{"kind", "member"},
                                   {"sender", sender},
                                   {"content", {{"user", user}, {"membership", membership}}}});
    session.stage.until([&] {
      session.app->chat().advance();
      return session.paper.lines.size() > lines;
    });
    return session.paper.lines.back();
  };

  CHECK(say("juliet@test", "tybalt@test", "invited") == "* juliet invited tybalt");
  CHECK(say("juliet@test", "tybalt@test", "left") == "* juliet took the invitation of tybalt back");
  CHECK(say("juliet@test", "paris@test", "invited") == "* juliet invited paris");
  CHECK(say("tybalt@test", "tybalt@test", "joined") == "* tybalt joined");
  CHECK(say("paris@test", "paris@test", "left") == "* paris declined");
  CHECK(say("juliet@test", "tybalt@test", "left") == "* juliet took tybalt out");
  CHECK(say("juliet@test", "tybalt@test", "banned") == "* juliet banned tybalt");
  CHECK(say("juliet@test", "tybalt@test", "left") == "* juliet lifted the ban of tybalt");
  CHECK(say("nurse@test", "nurse@test", "left") == "* nurse left");
}

TEST_CASE("a long message is cut, with a way to see all of it", "[terminal]") {
  client::Message message;
  message.seq = 5;
  for (int i = 0; i < 100; ++i) message.text += "line\n";

  const auto lines = message_lines(
      message, [](const std::string&) { return "Nurse"; }, 3);

  CHECK(lines.size() == 4);
  CHECK(lines.back() == "    (cut: /show 5 for all)");
}

TEST_CASE("words are apart by blanks, quoted ones are one", "[terminal]") {
  CHECK(split_words("new \"two words\"  x") == std::vector<std::string>{"new", "two words", "x"});
  CHECK(split_words("   ").empty());
  CHECK(split_words("a \"\"") == std::vector<std::string>{"a", ""});
  CHECK(message_number("#12") == 12);
  CHECK(message_number("12x") == 0);
  CHECK(message_number("99999999999999999999") == 0);
}

TEST_CASE("options name their mistakes", "[terminal]") {
  const auto read = [](std::vector<const char*> words) {
    words.insert(words.begin(), "client");
    return read_options(static_cast<int>(words.size()), const_cast<char**>(words.data()));
  };

  CHECK(read({"--user", "r", "--server", "h:1"}).value->port == "1");
  CHECK(read({"--user", "r", "--server", "[::1]:1"}).value->host == "::1");
  CHECK(read({"--user", "r", "--server", "h"}).value->port == "8443");
  CHECK(read({"--user", "r", "--nope"}).error == "there is no option --nope");
  CHECK(read({"--user"}).error == "--user needs a value");
  CHECK(read({"--user", "../x"}).error == "--user is missing or is no name");
  CHECK(read({"--server", "h:1"}).error == "--user is missing or is no name");
}

TEST_CASE("a script talks, waits and leaves a transcript", "[terminal]") {
  Session session;

  session.run("# romeo\n/wait 10 online\n/open r\nbut soft\n/wait 10 ack\n/wait 1 message hel\n");

  CHECK_FALSE(session.script->has_failed());
  CHECK(session.paper.has("#1 juliet: hello"));
  CHECK(session.paper.has("#2 romeo: but soft ✓"));
}

TEST_CASE("a text that begins with a slash is written with two", "[terminal]") {
  Session session;

  session.run("/wait 10 online\n/open r\n//quit is a command\n///\n/wait 10 ack\n/help\n");

  CHECK_FALSE(session.script->has_failed());
  CHECK(session.paper.has("#2 romeo: /quit is a command ✓"));
  CHECK(session.paper.has("#3 romeo: // ✓"));
  CHECK(session.paper.has("//text sends /text"));
}

TEST_CASE("a wait in vain, an unknown command and a refusal fail the script", "[terminal]") {
  Session session;

  SECTION("a wait") {
    session.script->feed("/wait 10 online\n/wait 5 message never\n/rooms\n");
    session.stage.until([&] {
      session.app->chat().advance();
      session.script->advance();
      return session.app->chat().is_online();
    });
    session.script->advance();
    session.stage.time.ms += 5000;
    session.run("");
    CHECK(session.paper.has("! waited in vain: 5 message never"));
    CHECK_FALSE(session.paper.has("/rooms"));
  }
  SECTION("a command") {
    session.run("/wait 10 online\n/nope\n");
    CHECK(session.paper.has("! there is no /nope"));
  }
  SECTION("a refusal") {
    session.stage.server.errors["room.leave"] = {"forbidden"};
    session.run("/wait 10 online\n/open r\n/leave\n");
    CHECK(session.paper.has("! forbidden"));
  }

  CHECK(session.script->has_failed());
}

TEST_CASE("a refused message is told with the reason, listed, and gone when given up",
          "[terminal]") {
  Session session;
  session.stage.server.errors["message.send"] = {"denied"};
  session.stage.server.errors["message.react"] = {"forbidden"};
  session.run("/wait 10 online\n/open r\n");

  session.app->run_line("rude");
  session.app->run_line("/react #1 👍");
  session.stage.until([&] {
    session.app->chat().advance();
    return session.app->failures() == 2;
  });
  CHECK(session.paper.has("! message.send rude — refused: denied (/retry or /discard)"));

  session.app->run_line("/outbox");
  CHECK(session.paper.has("  message.send rude — refused: denied"));
  CHECK(session.paper.has("  message.react #1 👍 — refused: forbidden"));
  session.app->run_line("/discard");
  session.app->run_line("/outbox");
  CHECK(session.paper.lines.back() == "· all is sent");
}

TEST_CASE("a ban of a server is told, and its end", "[terminal]") {
  Session session;
  session.run("/wait 10 online\n/open r\n");
  for (const bool banned : {true, false}) {
    const std::size_t lines = session.paper.lines.size();
    session.stage.server.add("r", {{"kind", "server"},
                                   {"sender", "juliet@test"},
                                   {"content", {{"server", "loud.test"}, {"banned", banned}}}});
    session.stage.until([&] {
      session.app->chat().advance();
      return session.paper.lines.size() > lines;
    });
    CHECK(session.paper.lines.back() == (banned ? "* juliet banned everyone of loud.test"
                                                : "* juliet lifted the ban of loud.test"));
  }
}

TEST_CASE("hostile names and texts reach the screen tamed", "[terminal]") {
  Session session;
  session.stage.server.add(
      "r",
      {{"kind", "meta"}, {"sender", "juliet@test"}, {"content", {{"name", "x\033]0;owned\007"}}}},
      false);
  session.stage.server.add("r",
                           {{"kind", "message"},
                            {"sender", "ju\nliet\033[1m@test"},
                            {"content", {{"text", "\033[31mred\n\033[A"}}}},
                           false);

  session.run("/wait 10 online\n/rooms\n/open r\n/show 3\n/members\n");

  CHECK_FALSE(session.script->has_failed());
  for (const std::string& line : session.paper.lines) {
    CHECK(line.find('\033') == std::string::npos);
    CHECK(line.find('\n') == std::string::npos);
  }
}
