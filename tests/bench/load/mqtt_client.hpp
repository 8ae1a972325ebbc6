#pragma once

#include "tests/bench/load/client.hpp"

namespace chatd::bench {

// Speaks MQTT 3.1.1 at QoS 1 over WebSocket. A person is a topic of their own, a group is a topic;
// the acknowledgement is PUBACK. Nothing is kept, so this is a bound and no equal.
class MqttClient final : public Client {
 public:
  MqttClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number);

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
  [[nodiscard]] std::size_t take_packet(std::string_view bytes);
  void take(unsigned char type, std::string_view body);
  void packet(unsigned char type, std::string_view body);
  void subscribe(const std::string& topic);

  std::string in_;  // of a packet that spans messages
  std::string asked_room_;
  std::uint16_t packet_id_ = 0;
};

}  // namespace chatd::bench
