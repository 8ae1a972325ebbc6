#include "daemon/core/accounts.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/encoding.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/utf8.hpp"
#include "daemon/core/fanout.hpp"
#include "daemon/core/keys.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace chatd::core {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr std::size_t kMaxIdBytes = 256;

tl::unexpected<Error> bad_token() {
  return fail(Code::unauthenticated, "the token is not valid (any more); please log in");
}

std::string encode_owner(const TokenOwner& owner) {
  ByteWriter out;
  out.blob(owner.user.text());
  out.u64(owner.device.value());
  return out.take();
}

Result<TokenOwner> decode_owner(std::string_view row) {
  ByteReader in(row);
  TokenOwner owner;
  CHATD_TRY(const std::string_view user, in.blob(kMaxIdBytes));
  CHATD_TRY(owner.user, UserId::parse(user));
  CHATD_TRY(const std::uint64_t device, in.u64());
  owner.device = DeviceId(device);
  return owner;
}

// A name being created is taken, also before it is on disk.
class NameReservation {
 public:
  NameReservation(Context& core, UserId id) : core_(core), id_(std::move(id)) {
    is_held_ = core_.names_in_creation.insert(id_).second;
  }
  NameReservation(const NameReservation&) = delete;
  NameReservation& operator=(const NameReservation&) = delete;
  ~NameReservation() {
    if (is_held_) core_.names_in_creation.erase(id_);
  }
  [[nodiscard]] bool is_held() const { return is_held_; }

 private:
  Context& core_;
  const UserId id_;
  bool is_held_ = false;
};

bool is_connected(Context& core, const UserId& user, DeviceId device) {
  const auto& sessions = core.sessions.of(user);
  return std::any_of(sessions.begin(), sessions.end(), [&](SessionId id) {
    const Session* const session = core.sessions.find(id);
    return session != nullptr && session->device == device;
  });
}

bool is_idle(Context& core, const UserId& user, const Device& device) {
  const Millis limit = core.settings.device_idle;
  return limit.count() > 0 && core.clock.wall_ms() - device.last_seen > limit.count() &&
         !is_connected(core, user, device.id);
}

void drop_sessions(Context& core, const UserId& user, DeviceId device, SessionId asking) {
  const std::vector<SessionId> sessions = core.sessions.of(user);
  for (const SessionId id : sessions) {
    Session* const session = core.sessions.find(id);
    if (session == nullptr || session->device != device) continue;
    core.presence.watch(*session, std::nullopt);
    core.sessions.unbind(*session);
    session->is_live = false;
    session->is_ending = id == asking;
    if (!session->is_ending) end_session(core, id);
  }
}

Task<Status> ask_plugins(Context& core, UserId user, std::string address) {
  if (!core.hooks.wants_account_pre_register()) co_return Status();
  auto verdict = co_await call<Verdict>(
      [&](auto done) { core.hooks.account_pre_register(user, address, std::move(done)); });
  if (verdict.kind == Verdict::Kind::deny) co_return fail(std::move(verdict.error));
  if (verdict.kind == Verdict::Kind::drop) co_return fail(Code::denied, "sign-up was refused");
  co_return Status();
}

// At least this long after it was last kept: when the device was here.
Task<void> keep_seen(Context& core, UserId id, DeviceId device, Millis at_least) {
  auto user = co_await core.users.load(id);
  if (!user) co_return;
  const auto row = (*user)->devices.find(device);
  if (row == (*user)->devices.end()) co_return;
  const TimeMs now = core.clock.wall_ms();
  if (now - row->second.last_seen < at_least.count()) co_return;
  row->second.last_seen = now;
  std::vector<Write> writes;
  (*user)->write_device(row->second, writes);
  for (Write& write : writes) (*user)->last_ticket = core.committer.add(std::move(write));
}

}  // namespace

Secret new_token(Context& core) {
  std::array<std::uint8_t, kTokenBytes> bytes;
  core.random.fill(bytes);
  return Secret(base64url({reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
}

Result<UserId> account_named(const Context& core, std::string_view name) {
  if (name.find('@') == std::string_view::npos) return UserId::of(name, core.settings.server_name);
  CHATD_TRY(UserId id, UserId::parse(name));
  if (id.server() != core.settings.server_name)
    return fail(Code::not_found, "this account is not on this server");
  return id;
}

Status check_name(std::string_view name) {
  if (name.empty() || is_name(name)) return {};
  return fail(Code::invalid_params,
              "a name is one line with something to see, without control characters");
}

Task<Status> create_account(Context& core, NewAccount wanted, std::vector<Write> beside) {
  const UserId id = wanted.id;
  CHATD_CO_CHECK(check_name(wanted.display_name));
  const NameReservation reservation(core, id);
  const auto taken = [] { return fail(Code::conflict, "this name is taken"); };
  if (!reservation.is_held()) co_return taken();
  auto existing = co_await core.users.load(id);
  if (existing) co_return taken();
  if (existing.error().code != Code::not_found) co_return fail(std::move(existing).error());
  auto status = co_await ask_plugins(core, id, std::move(wanted.address));
  if (!status) co_return fail(std::move(status).error());
  status = co_await call<Status>(
      [&](auto done) { core.auth.set_secret(id, std::move(wanted.secret), std::move(done)); });
  if (!status) co_return fail(std::move(status).error());

  auto user = std::make_unique<User>();
  user->account.id = id;
  user->account.display_name =
      wanted.display_name.empty() ? std::string(id.localpart()) : std::move(wanted.display_name);
  user->account.created = user->account.last_seen = core.clock.wall_ms();
  user->write_profile(beside);
  beside.push_back(Put{keys::user_name(id.localpart()), id.text()});
  User& kept = core.users.put(id, std::move(user));
  status = co_await commit(core, kept, std::move(beside));
  if (!status) co_return fail(std::move(status).error());
  ++core.accounts;
  log::info("account created", {{"user", id.text()}});
  co_return Status();
}

Task<Result<NewDevice>> add_device(Context& core, UserId id, std::string name) {
  auto status = co_await remove_idle_devices(core, id);
  if (!status) co_return fail(std::move(status).error());
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  if ((*user)->devices.size() >= core.settings.max_devices)
    co_return fail(Code::limit_reached,
                   "this account has as many devices as it can: log one of them out first");
  NewDevice made{DeviceId(core.random.u64() | 1), new_token(core)};
  Device device;
  device.id = made.id;
  device.name = std::move(name);
  device.created = device.last_seen = core.clock.wall_ms();
  device.token_hash = blake2b_256(made.token.reveal());
  std::vector<Write> writes;
  (*user)->write_device(device, writes);
  writes.push_back(Put{keys::token(device.token_hash), encode_owner({id, made.id})});
  (*user)->devices.emplace(made.id, std::move(device));
  status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  co_return made;
}

Task<Status> remove_device(Context& core, UserId id, DeviceId device, SessionId asking) {
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  const auto found = (*user)->devices.find(device);
  if (found == (*user)->devices.end())
    co_return fail(Code::not_found, "this account has no such device");
  std::vector<Write> writes;
  writes.push_back(Delete{keys::token(found->second.token_hash)});
  writes.push_back(Delete{keys::device(id, device)});
  (*user)->devices.erase(found);
  auto status = co_await commit(core, **user, std::move(writes));
  if (!status) co_return fail(std::move(status).error());
  drop_sessions(core, id, device, asking);
  core.sessions.wake(id);  // a poll of this device has nothing to wait for any more
  core.presence.left(id);
  co_return Status();
}

Task<Status> remove_devices(Context& core, UserId id, DeviceId all_but) {
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  std::vector<DeviceId> devices;
  for (const auto& [device, row] : (*user)->devices)
    if (device != all_but) devices.push_back(device);
  for (const DeviceId device : devices) {
    auto status = co_await remove_device(core, id, device);
    if (!status && status.error().code != Code::not_found) co_return fail(status.error());
  }
  co_return Status();
}

Task<Status> remove_idle_devices(Context& core, UserId id) {
  auto user = co_await core.users.load(id);
  if (!user) co_return fail(std::move(user).error());
  std::vector<DeviceId> idle;
  for (const auto& [device, row] : (*user)->devices)
    if (is_idle(core, id, row)) idle.push_back(device);
  for (const DeviceId device : idle) {
    auto status = co_await remove_device(core, id, device);
    if (!status && status.error().code != Code::not_found) co_return fail(status.error());
  }
  co_return Status();
}

void end_session(Context& core, SessionId session) {
  static const auto revoked = event_packet(wire::RevokedEvent{});
  core.clients.send(session, revoked, wire::Delivery::reply);
  core.clients.close(session, CloseReason::logged_out);
}

Task<Result<TokenOwner>> owner_of_token(Context& core, Secret token) {
  const Hash256 hash = blake2b_256(token.reveal());
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(keys::token(hash), std::move(done)); });
  if (!row) co_return fail(std::move(row).error());
  if (!*row) co_return bad_token();
  CHATD_CO_TRY(TokenOwner owner, decode_owner(**row));
  auto status = co_await remove_idle_devices(core, owner.user);
  if (!status && status.error().code != Code::not_found) co_return fail(std::move(status).error());
  auto user = co_await core.users.load(owner.user);
  if (!user && user.error().code == Code::not_found) co_return bad_token();
  if (!user) co_return fail(std::move(user).error());
  if (!(*user)->account.is_enabled)
    co_return fail(Code::unauthenticated, "this account is disabled");
  // The account is asked too: a device that is being logged out may still have its token's row.
  const auto device = (*user)->devices.find(owner.device);
  if (device == (*user)->devices.end() || device->second.token_hash != hash) co_return bad_token();
  co_return owner;
}

void enter(Context& core, SessionId id, const UserId& user, DeviceId device) {
  Session* const session = core.sessions.find(id);
  if (session == nullptr) return;  // gone meanwhile
  if (session->login_deadline) core.timers.cancel(*session->login_deadline);
  session->login_deadline.reset();
  if (!session->user.empty() && session->device != device) {
    const UserId owner = session->user;
    const DeviceId other = session->device;
    core.presence.watch(*session, std::nullopt);
    core.sessions.unbind(*session);
    session->is_live = false;
    session->declared = wire::PresenceState::online;
    depart(core, owner, other);
  }
  session->active_at = session->seen_at = core.clock.now();
  core.sessions.bind(*session, user, device);
  note_seen(core, user, device);
  if (session->door == Door::websocket) core.presence.changed(user);
}

void depart(Context& core, const UserId& user, DeviceId device) {
  core.presence.changed(user);
  core.tasks.spawn(keep_seen(core, user, device, Millis(0)));
}

void note_seen(Context& core, const UserId& user, DeviceId device) {
  core.tasks.spawn(keep_seen(core, user, device, kSeenEvery));
}

}  // namespace chatd::core
