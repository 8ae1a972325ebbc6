#include "tests/unit/core/world.hpp"

#include "daemon/base/log.hpp"
#include "daemon/wire/encode.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <utility>

namespace chatd::core {
namespace {

const std::string kServer = "test.example";

bool is_listed(std::string_view code, const wire::MethodInfo& method) {
  wire::ErrorSet listed = method.errors | wire::kErrorsOfAny;
  if (method.access == wire::Access::user) listed |= wire::errors(Code::unauthenticated);
  for (unsigned i = 0; i < static_cast<unsigned>(kCodeCount); ++i)
    if ((listed >> i & 1u) != 0 && name(static_cast<Code>(i)) == code) return true;
  return false;
}

}  // namespace

Json require_ok(Reply reply, std::string_view method) {
  if (!reply.is_ok()) FAIL(method << " was refused: " << reply.code << ", " << reply.message);
  return std::move(reply.result);
}

wire::Content text_content(const std::string& text) {
  wire::Content content;
  content.bytes = "{\"text\":" + wire::to_json(text) + "}";
  content.characters = text.size();
  return content;
}

Actor::Actor(World& world, std::string address)
    : world_(&world), state_(std::make_shared<State>()) {
  state_->address = std::move(address);
  connect();
}

void Actor::connect() { state_->session = world_->open(Door::websocket, state_->address, ""); }

TestClients::Link& Actor::link() const { return world_->clients.link(session()); }

Reply Actor::take_login(Reply reply) {
  if (!reply.is_ok()) return reply;
  state_->user = *UserId::parse(reply.result.text("/user"));
  state_->device = *DeviceId::parse(reply.result.text("/device"));
  if (reply.result.has("/token")) state_->token = reply.result.text("/token");
  return reply;
}

Reply Actor::sign_up(const std::string& name, std::optional<std::string> invite) {
  wire::AccountSignUp params;
  params.name = name;
  params.password = Secret("correct horse");
  params.device_name = name + "'s phone";
  params.invite = std::move(invite);
  return take_login(ask(std::move(params)));
}

Reply Actor::log_in(const std::string& name, const std::string& password) {
  wire::AccountLogin params;
  params.user = name;
  params.password = Secret(password);
  params.device_name = "another device";
  return take_login(ask(std::move(params)));
}

Reply Actor::resume() {
  wire::SessionResume params;
  params.token = Secret(state_->token);
  return take_login(ask(std::move(params)));
}

void Actor::hang_up() {
  world_->core->close(session());
  world_->settle();
}

void Actor::reconnect() {
  hang_up();
  connect();
  static_cast<void>(require_ok(resume(), "session.resume"));
  sync();
}

Reply Actor::try_send(const RoomId& room, const std::string& text) {
  return ask(wire::MessageSend{room, new_id(), text_content(text)});
}

Seq Actor::send(const RoomId& room, const std::string& text) {
  return require_ok(try_send(room, text), "message.send").number("/seq");
}

RoomId Actor::open_direct(const Actor& other) {
  return *RoomId::parse(get(wire::RoomOpenDirect{other.user()}).text("/room"));
}

RoomId Actor::found_group(const std::string& name, std::initializer_list<Actor*> guests) {
  wire::RoomCreate params;
  params.name = name;
  params.invite.emplace();
  for (const Actor* const guest : guests) params.invite->push_back(guest->user());
  const RoomId room = *RoomId::parse(get(std::move(params)).text("/room"));
  for (Actor* const guest : guests) guest->get(wire::RoomJoin{room});
  return room;
}

Json Actor::sync(std::uint64_t account_version, std::vector<wire::RoomCursor> cursors) {
  wire::Sync params;
  params.account_version = account_version;
  params.rooms = std::move(cursors);
  return get(std::move(params));
}

Json Actor::history(const RoomId& room) {
  wire::HistoryGet params;
  params.room = room;
  params.limit = 500;
  return get(std::move(params));
}

// A UUIDv7 that grows from call to call.
ClientMsgId Actor::new_id() {
  Hash128 bytes{};
  const std::uint64_t number = world_->next_message();
  for (std::size_t i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(number >> (40 - 8 * i));
  bytes[6] = 0x70;
  bytes[8] = 0x80;
  return ClientMsgId(bytes);
}

std::vector<Json> Actor::events(const std::string& method) {
  world_->settle();
  std::vector<Json> found;
  std::vector<std::string> others;
  for (std::string& text : link().events) {
    const Json json(text);
    if (json.text("/method") == method) {
      found.push_back(json.at("/params"));
    } else {
      others.push_back(std::move(text));
    }
  }
  link().events = std::move(others);
  return found;
}

void Actor::forget_events() {
  world_->settle();
  link().events.clear();
}

Settings World::default_settings() {
  Settings settings;
  settings.server_name = kServer;
  settings.sign_up = SignUp::open;
  for (Rate* const rate :
       {&settings.messages_per_user, &settings.requests_per_device, &settings.logins_per_address,
        &settings.sign_ups_per_address, &settings.resumes_per_address,
        &settings.contact_requests_per_user, &settings.invites_per_user})
    rate->count = 0;
  return settings;
}

World::World(Settings initial, PeerPort* others) : settings(std::move(initial)), peers(others) {
  log::set_level(log::Level::error);
  restart();
}

void World::restart() {
  core.reset();
  later.clear();
  const Ports ports{clock, random, store, clients, auth, hooks, methods, admin_port};
  core = std::make_unique<Core>(ports, settings);
  if (peers != nullptr) core->federate(*peers, restore_epoch);
  core->start(feed, [](const Status& status) { REQUIRE(status.has_value()); });
  settle();
}

void World::put_back(sim::ModelMedium::Backup backup) {
  core.reset();
  medium.put_back(std::move(backup));
  ++restore_epoch;
  restart();
}

Actor World::sign_up(const std::string& name) {
  Actor device(*this);
  static_cast<void>(require_ok(device.sign_up(name), "account.sign_up"));
  device.sync();
  return device;
}

Actor World::log_in(const std::string& name) {
  Actor device(*this);
  static_cast<void>(require_ok(device.log_in(name), "account.login"));
  device.sync();
  return device;
}

SessionId World::open(Door door, const std::string& address, const std::string& bearer) {
  const SessionId session(0, ++sessions_);
  clients.open(session);
  core->open(session, door, address, Secret(bearer));
  return session;
}

void World::request(SessionId session, wire::Decoded decoded) {
  core->request(session, std::move(decoded));
}

void World::settle() {
  do {
    core->end_turn();
  } while (later.run());
}

void World::pass(Millis duration) {
  settle();
  const Monotonic end = clock.now() + duration;
  while (true) {
    const auto next = core->end_turn();
    if (!next || *next > end) break;
    clock.pass(std::max(Millis(0), std::chrono::ceil<Millis>(*next - clock.now())));
    settle();
  }
  clock.pass(std::max(Millis(0), std::chrono::ceil<Millis>(end - clock.now())));
  settle();
}

Reply World::reply_to(SessionId session, const std::string& id, const wire::MethodInfo& method) {
  auto& answers = clients.link(session).answers;
  const auto found = answers.find(id);
  if (found == answers.end()) FAIL(method.name << " was not answered");
  const Json json(found->second);
  answers.erase(found);
  Reply reply;
  if (json.has("/result")) {
    reply.result = json.at("/result");
    return reply;
  }
  reply.code = json.text("/error/data/code");
  reply.message = json.text("/error/message");
  if (json.has("/error/data/retry_after_ms"))
    reply.retry_after_ms = json.number("/error/data/retry_after_ms");
  if (!is_listed(reply.code, method))
    FAIL(method.name << " does not list " << reply.code << ": " << reply.message);
  return reply;
}

}  // namespace chatd::core
