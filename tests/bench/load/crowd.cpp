#include "tests/bench/load/crowd.hpp"

#include "tests/bench/load/chatd_client.hpp"
#include "tests/bench/load/mqtt_client.hpp"
#include "tests/bench/load/nats_client.hpp"
#include "tests/bench/load/stop.hpp"
#include "tests/bench/load/xmpp_client.hpp"

namespace chatd::bench {
namespace {

// As long as the slowest peer may take for one step of one client.
constexpr auto kStepDeadline = std::chrono::seconds(60);

// What differs from server to server.
struct Dialect {
  std::string_view kind;
  std::string_view path;
  std::string_view subprotocol;
  Opcode opcode;
  std::unique_ptr<Client> (*make)(Loop&, const Endpoint&, Listener&, std::size_t number);
};

template <class Kind>
std::unique_ptr<Client> make(Loop& loop, const Endpoint& endpoint, Listener& listener,
                             std::size_t number) {
  return std::make_unique<Kind>(loop, endpoint, listener, number);
}

constexpr Dialect kDialects[] = {
    {"chatd", "/ws", "chatd.v1", Opcode::text, make<ChatdClient>},
    {"prosody", "/xmpp-websocket", "xmpp", Opcode::text, make<XmppClient>},
    {"ejabberd", "/ws", "xmpp", Opcode::text, make<XmppClient>},
    {"mosquitto", "/mqtt", "mqtt", Opcode::binary, make<MqttClient>},
    {"nats", "/", "", Opcode::binary, make<NatsClient>},
};

const Dialect& dialect_of(const Server& server) {
  for (const Dialect& dialect : kDialects)
    if (dialect.kind == server.kind) return dialect;
  stop("there is no server called " + server.kind);
}

Endpoint endpoint_of(const Server& server, std::uint16_t port, std::string domain) {
  const Dialect& dialect = dialect_of(server);
  return {port, std::move(domain), std::string(dialect.path), std::string(dialect.subprotocol),
          dialect.opcode};
}

}  // namespace

Crowd::Crowd(const Server& server, std::size_t size)
    : endpoint_(endpoint_of(server, server.port, "localhost")),
      beside_(endpoint_of(server, server.port_beside, "beside.localhost")),
      loop_(server.ca_file) {
  for (std::size_t i = 0; i < size; ++i) {
    const bool is_beside = server.port_beside != 0 && i % 2 == 1;
    clients_.push_back(dialect_of(server).make(loop_, is_beside ? beside_ : endpoint_, *this, i));
  }
}

void Crowd::each(std::size_t first, std::size_t count, const Step& step, std::size_t abreast) {
  std::vector<Client*> busy;
  auto deadline = Clock::now() + kStepDeadline;
  std::size_t next = first;
  while (next < first + count || !busy.empty()) {
    while (next < first + count && busy.size() < abreast) {
      busy.push_back(clients_[next++].get());
      step(*busy.back());
    }
    const std::size_t before = busy.size();
    std::erase_if(busy, [](const Client* client) { return !client->is_busy(); });
    if (busy.size() < before) {
      deadline = Clock::now() + kStepDeadline;
      continue;
    }
    require(Clock::now() < deadline, "the server did not answer a step of the preparation");
    turn();
  }
}

void Crowd::delivered(Client& client, std::string_view text) {
  if (listener_ != nullptr) listener_->delivered(client, text);
}

void Crowd::acked(Client& client) {
  if (listener_ != nullptr) listener_->acked(client);
}

void Crowd::page(Client& client, std::size_t messages) {
  if (listener_ != nullptr) listener_->page(client, messages);
}

void Crowd::presence(Client& client, bool is_away) {
  if (listener_ != nullptr) listener_->presence(client, is_away);
}

void Crowd::failed(Client& client, std::string_view why) {
  if (listener_ == nullptr) stop(client.user() + ": " + std::string(why));
  listener_->failed(client, why);
}

}  // namespace chatd::bench
