#pragma once

#include <catch2/catch.hpp>

#include "chat.hpp"
#include "fake_chatd.hpp"
#include "temp_dir.hpp"
#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <poll.h>
#include <signal.h>
#include <string>
#include <vector>

// Time that stands still until a test moves it.
struct ManualTime {
  std::int64_t ms = 1'000'000;
  double chance = 0.5;
  [[nodiscard]] client::Env env() {
    return {[this] { return ms; }, [this] { return 1'700'000'000'000 + ms; },
            [this] { return chance; }};
  }
};

// What a person would have seen.
class Witness final : public client::ChatListener {
 public:
  void on_online() override { ++onlines; }
  void on_offline(const std::string& reason) override { offline = reason; }
  void on_refused(const std::string& reason) override { refused = reason; }
  void on_record(const client::Room&, const client::Record& record, bool) override {
    seen.push_back(record.seq);
    if (record.kind == "message") texts.push_back(client::text_of(record.content, "text"));
  }
  void on_sent(const client::Outgoing& out, std::uint64_t seq) override {
    sent.emplace_back(out.id, seq);
  }
  void on_not_sent(const client::Outgoing& out) override { not_sent.push_back(out.error); }
  void on_room_gone(const std::string& room) override { gone.push_back(room); }

  int onlines = 0;
  std::string offline;
  std::string refused;
  std::vector<std::uint64_t> seen;
  std::vector<std::string> texts;
  std::vector<std::pair<std::string, std::uint64_t>> sent;
  std::vector<std::string> not_sent;
  std::vector<std::string> gone;
};

// A server, one device of romeo's, and the loop that runs both.
class Stage {
 public:
  Stage() {
    signal(SIGPIPE, SIG_IGN);  // writing into a cut cable
    open();
  }

  // The program ends and begins again, on the same disk.
  void restart() {
    chat.reset();
    cache.reset();
    open();
  }

  void start() {
    chat->start();
    until([this] { return chat->is_online(); });
  }

  void until(const std::function<bool()>& is_so) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_so()) {
      if (std::chrono::steady_clock::now() >= deadline) FAIL("it did not happen in time");
      std::vector<pollfd> ready;
      for (const int fd : server.web.fds()) ready.push_back({fd, POLLIN, 0});
      if (chat) ready.push_back({chat->fd(), chat->wanted_events(), 0});
      poll(ready.data(), ready.size(), 5);
      server.web.advance();
      if (chat) chat->advance();
    }
  }

  // Everything that is under way arrives: a ping there and back.
  void settle() {
    bool is_back = false;
    chat->call("session.ping", json::object(), [&](const client::Answer&) { is_back = true; });
    until([&] { return is_back; });
  }

  void open() {
    auto opened = client::Cache::open(folder.path() + "/romeo");
    REQUIRE(opened.error == "");
    cache = std::make_unique<client::Cache>(*std::move(opened.value));
    auto tls = client::TlsContext::create(server.web.ca_file());
    REQUIRE(tls.error == "");
    client::Account account;
    account.host = "127.0.0.1";
    account.port = server.web.port();
    account.user = "romeo";
    account.password = password;
    account.device_name = "test";
    witness = std::make_unique<Witness>();
    chat = std::make_unique<client::Chat>(*tls.value, account, time.env(), *cache, *witness);
  }

  TempDir folder;
  ManualTime time;
  FakeChatd server{folder.path()};
  std::string password = "balcony";
  std::unique_ptr<client::Cache> cache;
  std::unique_ptr<Witness> witness;
  std::unique_ptr<client::Chat> chat;
};
