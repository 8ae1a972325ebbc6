#pragma once

#include "tests/bench/load/client.hpp"

namespace chatd::bench {

// Speaks the text protocol of NATS over WebSocket, core NATS without streams. A person is a subject
// of their own, a group is a subject; the acknowledgement is the +OK of `verbose`. Nothing is kept,
// so this is a bound and no equal.
class NatsClient final : public Client {
 public:
  NatsClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number);

  void open_direct(const Client& peer) override;
  void found_group(const std::string& name, const std::vector<Client*>& members) override;
  void join_group(const std::string& room) override;
  void count(const std::string& room) override;
  void befriend(const Client& peer) override;
  void send(const std::string& room, std::string_view text) override;
  void newest(const std::string& room, std::size_t count) override;
  void set_presence(bool is_away) override;
  [[nodiscard]] bool has_archive() const override { return false; }

 private:
  void begin_login(Login how) override;
  void received(std::string_view bytes) override;
  [[nodiscard]] std::size_t take_line(std::string_view bytes);
  void confirmed();
  void subscribe(const std::string& subject);

  std::string in_;
  std::string asked_room_;
};

}  // namespace chatd::bench
