#include "driver.hpp"

using namespace client;

TEST_CASE("a server with a certificate of someone else is not spoken to", "[connection]") {
  Stage stage;
  TempDir other;
  WebServer impostor(other.path());
  auto tls = TlsContext::create(impostor.ca_file());
  Account account;
  account.host = "127.0.0.1";
  account.port = stage.server.web.port();
  Witness witness;
  Chat chat(*tls.value, account, stage.time.env(), *stage.cache, witness);
  chat.start();

  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (witness.offline.empty() && std::chrono::steady_clock::now() < deadline) {
    stage.server.web.advance();
    chat.advance();
  }

  CHECK(witness.offline.find("certificate is not accepted") != std::string::npos);
  CHECK(stage.server.requests.empty());
}

TEST_CASE("a wrong password ends it with the server's words", "[connection]") {
  Stage stage;
  stage.password = "wrong";
  stage.restart();
  stage.chat->start();

  stage.until([&] { return !stage.witness->refused.empty(); });

  CHECK(stage.witness->refused == "unauthenticated");
}

TEST_CASE("the second login is by token, without the password", "[connection]") {
  Stage stage;
  stage.start();
  stage.password.clear();

  stage.restart();
  stage.start();

  CHECK(stage.server.count("account.login") == 1);
  CHECK(stage.server.count("session.resume") == 1);
}

TEST_CASE("a token that no longer works is forgotten and the password tried", "[connection]") {
  Stage stage;
  stage.start();
  stage.server.token = "another";

  stage.restart();
  stage.start();

  CHECK(stage.server.count("account.login") == 2);
  CHECK(stage.cache->value("token") == "another");
}

TEST_CASE("a revoked device forgets its token and stays away", "[connection]") {
  Stage stage;
  stage.start();

  stage.server.event("session.revoked", json::object());
  stage.until([&] { return !stage.witness->refused.empty(); });

  CHECK(stage.cache->value("token").empty());
  CHECK(stage.chat->fd() == -1);
}

TEST_CASE("after a cut it waits a random while that doubles up to a minute", "[connection]") {
  Stage stage;
  stage.start();
  stage.server.web.is_listening = false;
  std::int64_t full = 1000;

  for (int i = 0; i < 9; ++i) {
    stage.time.chance = i % 2 == 0 ? 0.0 : 0.999999;
    stage.witness->offline.clear();
    if (i == 0) {
      stage.server.web.drop();
    } else {
      stage.time.ms += Connection::kConnectTimeoutMs;
    }
    stage.until([&] { return !stage.witness->offline.empty(); });
    const std::int64_t wait = stage.chat->next_deadline() - stage.time.ms;
    CHECK(wait >= full / 2);
    CHECK(wait <= full);
    CHECK((i % 2 == 0 ? wait == full / 2 : wait >= full - 1));
    stage.time.ms += wait;
    stage.until([&] { return stage.chat->fd() >= 0; });
    full = std::min<std::int64_t>(full * 2, 60'000);
  }
}

TEST_CASE("it comes back within the window that a draining server names", "[connection]") {
  Stage stage;
  stage.start();
  stage.time.chance = 0.25;

  stage.server.event("server.draining",
                     {{"reconnect_after_ms", 4000}, {"reconnect_before_ms", 8000}});
  stage.settle();
  stage.server.web.drop();
  stage.until([&] { return !stage.witness->offline.empty(); });

  CHECK(stage.chat->next_deadline() - stage.time.ms == 5000);
}

TEST_CASE("it reconnects by itself and is in step again", "[connection]") {
  Stage stage;
  stage.start();

  stage.server.web.drop();
  stage.until([&] { return !stage.witness->offline.empty(); });
  stage.time.ms += 1000;
  stage.until([&] { return stage.chat->is_online(); });

  CHECK(stage.server.web.connects() == 2);
  CHECK(stage.witness->onlines == 2);
}

TEST_CASE("a silent line is pinged, and given up if nothing comes", "[connection]") {
  Stage stage;
  stage.start();
  stage.settle();
  const int pings = stage.server.count("session.ping");

  stage.time.ms += Connection::kHeartbeatMs;
  stage.until([&] { return stage.server.count("session.ping") == pings + 1; });
  stage.settle();
  CHECK(stage.witness->offline.empty());

  stage.server.is_mute = true;
  stage.time.ms += Connection::kHeartbeatMs;
  stage.until([&] { return stage.server.count("session.ping") == pings + 3; });
  stage.time.ms += Connection::kHeartbeatTimeoutMs;
  stage.until([&] { return !stage.witness->offline.empty(); });
  CHECK(stage.witness->offline == "the server does not answer");
}

TEST_CASE("a request that is not answered fails in time, and one without connection at once",
          "[connection]") {
  Stage stage;
  std::string code;
  const auto note = [&](const Answer& answer) { code = answer.error->code; };
  stage.chat->call("room.list", json::object(), note);
  CHECK(code == "disconnected");

  stage.start();
  stage.server.is_mute = true;
  stage.chat->call("room.list", json::object(), note);
  stage.until([&] { return stage.server.count("room.list") == 1; });
  code.clear();
  stage.time.ms += Connection::kRequestTimeoutMs;
  stage.until([&] { return !code.empty(); });
  CHECK(code == "timeout");
}

TEST_CASE("nonsense from the server is an error, never a crash", "[connection]") {
  Stage stage;
  stage.start();
  const auto bytes = GENERATE(text_frame("not json"), text_frame("[]"), text_frame("\"x\""),
                              text_frame("{\"a\":\xff}"), text_frame(std::string(100'000, '[')),
                              std::string("\xff\xff\xff\xff"),
                              text_frame("{\"method\":\"room.record\"").substr(0, 9));

  stage.server.web.send_raw(bytes);
  if (bytes.size() == 9) stage.server.web.send_raw(std::string(40, '\x81'));
  stage.until([&] { return !stage.witness->offline.empty(); });

  CHECK(stage.server.web.connects() == 1);
}

TEST_CASE("JSON of a wrong shape is passed over", "[connection]") {
  Stage stage;
  stage.server.say("r", "one", false);
  stage.start();
  const char* const frames[] = {
      "{}",
      R"({"id":99,"result":{}})",
      R"({"id":"x","error":7})",
      R"({"method":7})",
      R"({"method":"room.record"})",
      R"({"method":"room.record","params":[]})",
      R"({"method":"room.record","params":{"room":7,"record":{}}})",
      R"({"method":"room.record","params":{"room":"r","record":{"seq":-1,"kind":"message"}}})",
      R"({"method":"room.record","params":{"room":"r","record":{"seq":2.5,"kind":"message"}}})",
      R"({"method":"room.record","params":{"room":"r","record":{"seq":18446744073709551615}}})",
      R"({"method":"account.changed","params":{"account_version":"x","room":[],"contact":"y"}})",
      R"({"method":"presence","params":{"presence":[1]}})",
      R"({"method":"room.read","params":7})",
      R"({"method":"server.draining","params":{"reconnect_after_ms":"soon"}})",
      R"({"method":"room.typing","params":{"room":{},"user":[],"typing":3}})",
      R"({"jsonrpc":"2.0","method":"later.version","params":{}})"};

  for (const char* const frame : frames) stage.server.web.send_text(frame);
  stage.server.say("r", "two");
  stage.until([&] { return stage.witness->texts.size() == 2; });

  CHECK(stage.witness->texts == std::vector<std::string>{"one", "two"});
  CHECK(stage.witness->offline.empty());
}
