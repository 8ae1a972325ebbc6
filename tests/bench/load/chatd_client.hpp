#pragma once

#include "tests/bench/load/client.hpp"

#include <array>
#include <random>

namespace chatd::bench {

// Speaks chatd.v1 (JSON-RPC). It reads answers by looking for the words it needs: the messages are
// the generator's own and hold no quotes, so nothing in them can look like a member.
class ChatdClient final : public Client {
 public:
  ChatdClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number);

  void open_direct(const Client& peer) override;
  void found_group(const std::string& name, const std::vector<Client*>& members) override;
  void join_group(const std::string& room) override;
  void count(const std::string& room) override;
  void befriend(const Client& peer) override;
  void send(const std::string& room, std::string_view text) override;
  void newest(const std::string& room, std::size_t count) override;
  void set_presence(bool is_away) override;
  [[nodiscard]] bool has_archive() const override { return true; }
  [[nodiscard]] bool has_tokens() const override { return true; }
  void know(std::string token, std::vector<std::string> rooms) override {
    token_ = std::move(token);
    Client::know({}, std::move(rooms));
  }

 private:
  // What an answer is to; it is the request's id.
  enum class Asked {
    login,
    sync,
    presence,
    room,
    join,
    count,
    befriend,
    accept,
    send,
    page,
    set_presence,
  };

  void begin_login(Login how) override;
  void received(std::string_view message) override;
  void take_event(std::string_view message);
  void take_contact(std::string_view message);
  void answered(Asked asked, std::string_view message);
  void ask(Asked asked, std::string_view method, std::string_view params);
  [[nodiscard]] std::string next_message_id();

  std::string token_;
  std::string asked_room_;
  std::uint64_t last_message_id_ = 0;
};

}  // namespace chatd::bench
