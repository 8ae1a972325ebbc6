#pragma once

#include "tests/bench/load/client.hpp"
#include "tests/bench/load/report.hpp"

#include <functional>
#include <memory>
#include <optional>

namespace chatd::bench {

// Which server, where.
struct Server {
  std::string kind;  // chatd, prosody, ejabberd, mosquitto, nats
  std::uint16_t port = 0;
  std::uint16_t port_beside = 0;  // of a second one, whose users every other client is; 0: of none
  std::string ca_file;
};

// All clients of a run, and how they are led through the steps of preparation. Until a scenario
// takes the stage with listen(), whatever goes wrong ends the program.
class Crowd : private Listener {
 public:
  Crowd(const Server& server, std::size_t size);
  virtual ~Crowd() = default;

  [[nodiscard]] std::size_t size() const { return clients_.size(); }
  [[nodiscard]] Client& client(std::size_t number) { return *clients_[number]; }

  // Has `step` begin something for each client from `first` on, and waits for all; at most
  // `abreast` are at it at once.
  using Step = std::function<void(Client&)>;
  void each(std::size_t first, std::size_t count, const Step& step, std::size_t abreast = 16);
  void each(const Step& step) { each(0, size(), step); }
  void log_in(Client::Login how) {
    each([how](Client& client) { client.log_in(how); });
  }

  // Sends what clients hear to `listener` from now on; null: to nobody, and failure ends the
  // program.
  void listen(Listener* listener) { listener_ = listener; }
  void turn(std::chrono::milliseconds at_most = std::chrono::milliseconds(100)) {
    loop_.turn(at_most);
  }

 private:
  void delivered(Client& client, std::string_view text) override;
  void acked(Client& client) override;
  void page(Client& client, std::size_t messages) override;
  void presence(Client& client, bool is_away) override;
  void failed(Client& client, std::string_view why) override;

  Endpoint endpoint_;
  Endpoint beside_;
  Loop loop_;
  Listener* listener_ = nullptr;
  std::vector<std::unique_ptr<Client>> clients_;
};

}  // namespace chatd::bench
