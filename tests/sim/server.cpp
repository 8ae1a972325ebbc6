#include "tests/sim/server.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/wire/events.hpp"
#include "tests/sim/plugin.hpp"
#include "tests/support/quiet_ports.hpp"

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

core::Settings settings(World& world, const std::string& name) {
  core::Settings settings;
  // Often next to nothing fits, so that what is dropped and read again is what people chat with.
  if (world.between(0, 2) == 0) {
    settings.rooms_in_memory = 2;
    settings.users_in_memory = 2;
  }
  settings.server_name = name;
  settings.sign_up = core::SignUp::open;
  // Rates have their own tests; here they would only slow the story down.
  settings.messages_per_user.count = 0;
  settings.requests_per_device.count = 0;
  settings.logins_per_address.count = 0;
  settings.sign_ups_per_address.count = 0;
  settings.resumes_per_address.count = 0;
  return settings;
}

// A resend under a new name: as if the server had forgotten the old one.
std::string forget_id(World& world, std::string frame) {
  const std::size_t at = frame.find("\"client_msg_id\":\"");
  if (at == std::string::npos) return frame;
  const std::string digits = fmt::format("{:012x}", world.u64() & 0xffff'ffff'ffffu);
  return frame.replace(at + 17 + 24, 12, digits);
}

}  // namespace

void Passwords::answer(Done done, Status status) {
  process_.after(Millis(world_.between(20, 60)),
                 [done = std::move(done), status = std::move(status)] { done(status); });
}

void Passwords::set_secret(UserId user, Secret secret, Done done) {
  secrets_[user] = std::string(secret.reveal());
  answer(std::move(done), Status());
}

void Passwords::verify(UserId user, std::string /*network*/, Secret secret, Done done) {
  const auto known = secrets_.find(user);
  const bool is_right = known != secrets_.end() && secret.equals(known->second);
  answer(std::move(done), is_right ? Status() : fail(Code::unauthenticated, "wrong"));
}

void Passwords::erase(UserId user, Done done) {
  secrets_.erase(user);
  answer(std::move(done), Status());
}

Server::Server(World& world, Medium& medium, ServerOptions options)
    : world_(world),
      medium_(medium),
      options_(std::move(options)),
      process_(world),
      passwords_(world, process_),
      methods_(std::make_unique<support::NoMethods>()),
      admin_(std::make_unique<support::NoAdmin>()),
      policy_{kMaxLiveBytes, kMaxLivePackets, kMaxQueuedBytes,
              wire::Packet::text(wire::encode_event(wire::BehindEvent{}))} {
  if (options_.has_plugin)
    hooks_ = std::make_unique<Plugin>(world_, process_);
  else
    hooks_ = std::make_unique<support::NoHooks>();
  start();
}

Server::~Server() {
  if (is_up() && options_.tenant != nullptr) options_.tenant->end();
  core_.reset();
}

void Server::start() {
  disk_ = std::make_unique<Disk>(world_, process_, medium_, options_.fault);
  Clock& clock = options_.clock != nullptr ? *options_.clock : world_;
  const core::Ports ports{clock, world_, *disk_, *this, passwords_, *hooks_, *methods_, *admin_};
  core_ = std::make_unique<core::Core>(ports, settings(world_, options_.name));
  process_.begin([this] { return turn(); });
  if (options_.tenant != nullptr) options_.tenant->begin(*core_, process_);
  core_->start(nullptr, [this](const Status&) {
    if (options_.tenant != nullptr) options_.tenant->core_started();
  });
}

Status Server::crash() {
  world_.tell("{}: crash", options_.name);
  disk_->crash();
  process_.end();
  if (options_.tenant != nullptr) options_.tenant->end();
  core_.reset();
  disk_.reset();
  auto links = std::exchange(links_, {});
  for (auto& [id, link] : links)
    if (link.peer != nullptr) link.peer->on_closed();
  return medium_.restart();
}

std::optional<Monotonic> Server::turn() {
  auto next = core_->end_turn();
  most_pending_ = std::max(most_pending_, core_->context().committer.pending());
  if (options_.tenant == nullptr) return next;
  const auto other = options_.tenant->end_turn();
  return !next || (other && *other < *next) ? other : next;
}

SessionId Server::connect(Peer& peer, core::Door door) {
  if (!is_up()) return {};
  const SessionId id(0, ++sessions_);
  links_.emplace(id, Link{&peer, wire::SendQueue(policy_)});
  process_.after(Millis(0), [this, id, door] { core_->open(id, door, "10.0.0.1", {}); });
  return id;
}

void Server::receive(SessionId session, std::string frame) {
  const Millis delay(world_.between(1, 30));
  process_.after(delay, [this, session, frame = std::move(frame)]() mutable {
    if (!links_.contains(session)) return;
    if (options_.fault == Fault::forgotten_dedup) frame = forget_id(world_, std::move(frame));
    core_->request(session, decoder_.decode(frame));
  });
}

void Server::mute(SessionId session) {
  const auto link = links_.find(session);
  if (link != links_.end()) link->second.peer = nullptr;
}

void Server::disconnect(SessionId session) {
  if (!links_.contains(session)) return;
  mute(session);
  process_.after(Millis(world_.between(0, 2000)), [this, session] { end_link(session); });
}

void Server::end_link(SessionId session) {
  const auto link = links_.find(session);
  if (link == links_.end()) return;
  Peer* const peer = link->second.peer;
  links_.erase(link);
  core_->close(session);
  if (peer != nullptr) peer->on_closed();
}

void Server::throttle(SessionId session, std::size_t bytes_per_ms) {
  const auto link = links_.find(session);
  if (link != links_.end()) link->second.bytes_per_ms = bytes_per_ms;
}

void Server::send(SessionId session, wire::Packet packet, wire::Delivery delivery) {
  const auto link = links_.find(session);
  if (link == links_.end()) return;
  const auto outcome = link->second.queue.push(std::move(packet), delivery);
  most_queued_ = std::max(most_queued_, link->second.queue.bytes());
  if (outcome == wire::SendQueue::Outcome::fell_behind) ++times_behind_;
  if (outcome == wire::SendQueue::Outcome::overflow) {
    process_.after(Millis(0), [this, session] { end_link(session); });
    return;
  }
  drain(session);
}

void Server::drain(SessionId session) {
  const auto link = links_.find(session);
  if (link == links_.end() || link->second.is_draining) return;
  if (link->second.queue.empty()) {
    if (link->second.closes) end_link(session);
    return;
  }
  link->second.is_draining = true;
  const std::size_t bytes = link->second.queue.front().payload().size();
  const Millis delay(5 + bytes / std::max<std::size_t>(1, link->second.bytes_per_ms));
  process_.after(delay, [this, session] {
    const auto here = links_.find(session);
    if (here == links_.end()) return;
    here->second.is_draining = false;
    const wire::Packet packet = here->second.queue.front();
    here->second.queue.pop();
    if (here->second.peer != nullptr) here->second.peer->on_frame(packet.payload());
    drain(session);
  });
}

void Server::close(SessionId session, core::CloseReason) {
  const auto link = links_.find(session);
  if (link == links_.end()) return;
  link->second.closes = true;
  process_.after(Millis(0), [this, session] { drain(session); });
}

void Server::resume_live(SessionId session) {
  const auto link = links_.find(session);
  if (link != links_.end()) link->second.queue.resume_live();
}

}  // namespace chatd::sim
