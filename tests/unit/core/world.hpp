#pragma once

#include "daemon/core/core.hpp"
#include "tests/unit/core/json.hpp"
#include "tests/unit/core/test_ports.hpp"

#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chatd::core {

class World;

// What a request was answered.
struct Reply {
  Json result;       // empty where it was refused
  std::string code;  // empty where it was not: "not_found" ...
  std::string message;
  std::uint64_t retry_after_ms = 0;
  [[nodiscard]] bool is_ok() const { return code.empty(); }
};

// One device of one person, by name: `alice.send(room, "hi")`. A handle: copies are the same one.
// Each request runs until nothing is left to do; one that is refused although its method does not
// list the error fails the test.
class Actor {
 public:
  Actor(World& world, std::string address = "192.0.2.1");

  // Any request of the table, answered.
  template <class P>
  Reply ask(P params);
  // As ask(); one that is refused fails the test.
  template <class P>
  Json get(P params);
  // Asks and goes on: the request's id for answer().
  template <class P>
  std::string begin(P params);
  // Not yet there: nullopt.
  template <class P>
  std::optional<Reply> answer(const std::string& id);

  Reply sign_up(const std::string& name, std::optional<std::string> invite = {});
  Reply log_in(const std::string& name, const std::string& password = "correct horse");
  Reply resume();
  // Ends the connection and comes back on a new one.
  void hang_up();
  void reconnect();

  Seq send(const RoomId& room, const std::string& text);
  Reply try_send(const RoomId& room, const std::string& text);
  RoomId open_direct(const Actor& other);
  // Founds a group; the guests accept.
  RoomId found_group(const std::string& name, std::initializer_list<Actor*> guests);
  Json sync(std::uint64_t account_version = 0, std::vector<wire::RoomCursor> cursors = {});
  // The records of a room, all of them.
  Json history(const RoomId& room);
  [[nodiscard]] ClientMsgId new_id();

  // The events of one kind since this was last asked, which are forgotten.
  std::vector<Json> events(const std::string& method);
  void forget_events();

  [[nodiscard]] TestClients::Link& link() const;
  [[nodiscard]] bool is_closed() const { return link().closed.has_value(); }
  [[nodiscard]] const UserId& user() const { return state_->user; }
  [[nodiscard]] DeviceId device() const { return state_->device; }
  [[nodiscard]] const std::string& token() const { return state_->token; }
  [[nodiscard]] SessionId session() const { return state_->session; }
  void use_token(std::string token) { state_->token = std::move(token); }

 private:
  struct State {
    SessionId session;
    std::string address;
    UserId user;
    DeviceId device;
    std::string token;
  };
  void connect();
  Reply take_login(Reply reply);

  World* world_;
  std::shared_ptr<State> state_;
};

// One server with its people: the real core in a world that the test moves.
class World {
 public:
  // Without peers it talks to no other server.
  explicit World(Settings settings = default_settings(), PeerPort* peers = nullptr);
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // Open sign-up, and no rate that a test would meet by chance.
  [[nodiscard]] static Settings default_settings();

  // A new account's first device, synced: events flow.
  Actor sign_up(const std::string& name);
  // One more device of an account, synced.
  Actor log_in(const std::string& name);

  // One request over http, with this token.
  template <class P>
  Reply post(P params, const std::string& token = "");
  template <class P>
  Reply admin(P params);

  // Runs until nothing is left to do but to wait.
  void settle();
  // Lets time pass; what is due on the way happens.
  void pass(Millis duration);
  // Ends the server and starts it on what its store holds; all connections are gone.
  void restart();
  // The same on a backup of the store; it is told that this is one.
  void put_back(sim::ModelMedium::Backup backup);

  [[nodiscard]] SessionId open(Door door, const std::string& address, const std::string& bearer);
  void request(SessionId session, wire::Decoded decoded);
  [[nodiscard]] std::string next_request_id() { return std::to_string(++requests_); }
  [[nodiscard]] std::uint64_t next_message() { return ++messages_; }
  [[nodiscard]] Reply reply_to(SessionId session, const std::string& id,
                               const wire::MethodInfo& method);

  // Declared in the order in which they live.
  TestClock clock;
  TestRandom random;
  Later later;
  sim::ModelMedium medium;
  TestStore store{medium, later};
  TestClients clients;
  TestAuth auth{later};
  TestHooks hooks{later};
  TestMethods methods{later};
  TestAdmin admin_port{later};
  Settings settings;
  PeerPort* const peers;
  std::uint64_t restore_epoch = 0;
  FeedListener* feed = nullptr;  // counts from the next restart on
  std::unique_ptr<Core> core;

 private:
  std::uint64_t sessions_ = 0;
  std::uint64_t requests_ = 0;
  std::uint64_t messages_ = 0;
};

[[nodiscard]] wire::Content text_content(const std::string& text);

template <class P>
std::string Actor::begin(P params) {
  std::string id = world_->next_request_id();
  world_->request(session(), wire::Request{id, std::move(params)});
  return id;
}

template <class P>
std::optional<Reply> Actor::answer(const std::string& id) {
  if (!link().answers.contains(id)) return std::nullopt;
  return world_->reply_to(session(), id, P::kMethod);
}

template <class P>
Reply Actor::ask(P params) {
  const std::string id = begin(std::move(params));
  world_->settle();
  return world_->reply_to(session(), id, P::kMethod);
}

template <class P>
Reply World::post(P params, const std::string& token) {
  const SessionId session = open(Door::http, "192.0.2.80", token);
  const std::string id = next_request_id();
  request(session, wire::Request{id, std::move(params)});
  settle();
  Reply reply = reply_to(session, id, P::kMethod);
  core->close(session);
  settle();
  return reply;
}

template <class P>
Reply World::admin(P params) {
  const SessionId session = open(Door::control, "control", "");
  const std::string id = next_request_id();
  request(session, wire::Request{id, std::move(params)});
  settle();
  Reply reply = reply_to(session, id, P::kMethod);
  core->close(session);
  return reply;
}

[[nodiscard]] Json require_ok(Reply reply, std::string_view method);

template <class P>
Json Actor::get(P params) {
  return require_ok(ask(std::move(params)), P::kMethod.name);
}

}  // namespace chatd::core
