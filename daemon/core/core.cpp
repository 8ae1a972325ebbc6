#include "daemon/core/core.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/network.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/commands/commands.hpp"
#include "daemon/core/fanout.hpp"
#include "daemon/core/hand_in.hpp"
#include "daemon/core/hub_move.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/recover.hpp"

#include <utility>
#include <variant>

namespace chatd::core {
namespace {

// Requests of one session that may be under way at once; a client that needs more has lost track.
constexpr std::size_t kMaxRequestsUnderWay = 64;
// Tasks of all sessions together: about 1 KiB each.
constexpr std::size_t kMaxTasks = 100'000;
constexpr std::uint32_t kBusyRetryMs = 1000;
constexpr std::size_t kNamesPerScan = 1000;

template <class P>
constexpr bool kIsPluginCall = std::is_same_v<P, wire::PluginCall>;

template <class P>
[[nodiscard]] wire::MethodInfo info_of() {
  if constexpr (kIsPluginCall<P>) {
    return {"plugin", "", wire::Access::user, true, 0};
  } else {
    return P::kMethod;
  }
}

// What clients do by themselves says nothing about the person.
template <class P>
constexpr bool kIsAutomatic =
    std::is_same_v<P, wire::SessionPing> || std::is_same_v<P, wire::SessionResume> ||
    std::is_same_v<P, wire::Sync> || std::is_same_v<P, wire::SyncPoll> ||
    std::is_same_v<P, wire::PresenceSet>;  // says more precisely what is to be shown

// What changes something: the log tells who did it.
template <class P>
constexpr bool kIsAdminsChange =
    std::is_same_v<P, wire::AdminShutdown> || std::is_same_v<P, wire::AdminReload> ||
    std::is_same_v<P, wire::AdminCertReload> || std::is_same_v<P, wire::AdminUserCreate> ||
    std::is_same_v<P, wire::AdminUserPasswd> || std::is_same_v<P, wire::AdminUserEnable> ||
    std::is_same_v<P, wire::AdminInviteCreate> || std::is_same_v<P, wire::AdminRoomHubMove> ||
    std::is_same_v<P, wire::AdminFederationPause> ||
    std::is_same_v<P, wire::AdminFederationResume> ||
    std::is_same_v<P, wire::AdminFederationAllow> || std::is_same_v<P, wire::AdminFederationDeny> ||
    std::is_same_v<P, wire::AdminFederationRuleRemove> ||
    std::is_same_v<P, wire::AdminFederationKeysRotate> ||
    std::is_same_v<P, wire::AdminFederationKeysEnd> ||
    std::is_same_v<P, wire::AdminFederationKeysAdd> ||
    std::is_same_v<P, wire::AdminFederationPeerAccept> ||
    std::is_same_v<P, wire::AdminFederationCacheFlush> ||
    std::is_same_v<P, wire::AdminFederationRestored>;

// Whom it is about, where it is about someone.
template <class P>
std::string subject_of(const P& params) {
  if constexpr (std::is_same_v<P, wire::AdminUserEnable>)
    return params.user.text() + (params.enabled ? " (enabled)" : " (disabled)");
  else if constexpr (std::is_same_v<P, wire::AdminUserPasswd>)
    return params.user.text();
  else if constexpr (std::is_same_v<P, wire::AdminUserCreate>)
    return params.name;
  else if constexpr (std::is_same_v<P, wire::AdminRoomHubMove>)
    return params.room.text() + " to " + params.server;
  else if constexpr (requires { std::string(params.servers); })
    return params.servers;
  else if constexpr (requires { std::string(params.server); })
    return params.server;
  else
    return {};
}

// A request came in for a session that is logged in.
void note_request(Context& core, Session& session, bool is_automatic) {
  if (session.user.empty() || session.door != Door::websocket) return;
  const Monotonic now = core.clock.now();
  if (!is_automatic) core.presence.noticed(session);
  if (now - session.seen_at < kSeenEvery) return;
  session.seen_at = now;
  note_seen(core, session.user, session.device);
}

Task<Result<wire::RawJson>> handle_plugin(Context& core, Caller caller, wire::PluginCall params) {
  auto answer = co_await call<Result<std::string>>([&](auto done) {
    core.methods.call(params.method, caller.user, caller.device, std::move(params.params),
                      std::move(done));
  });
  if (!answer) co_return fail(std::move(answer).error());
  co_return wire::RawJson{*std::move(answer)};
}

// May this session call this method at all?
Status check_access(const Session& session, const wire::MethodInfo& info) {
  const bool is_control = session.door == Door::control;
  if (info.access == wire::Access::admin && !is_control)
    return fail(Code::unknown_method, "there is no such method");
  if (info.access != wire::Access::admin && is_control)
    return fail(Code::unknown_method, "the control socket has only the admin's methods");
  if (session.door == Door::http && !info.is_over_http)
    return fail(Code::invalid_request, "this method needs a WebSocket connection");
  return {};
}

Status check_rate(Context& core, const Session& session) {
  if (session.requests >= kMaxRequestsUnderWay)
    return fail(Code::rate_limited, "too many requests are under way", kBusyRetryMs);
  if (core.tasks.size() >= kMaxTasks)
    return fail(Code::unavailable, "the server is too busy", kBusyRetryMs);
  if (session.door == Door::control) return {};
  const std::string who =
      session.user.empty() ? network_of(session.address) : session.device.text();
  return core.rates.take("request", who, core.settings.requests_per_device);
}

// A request over http brings its token along.
Task<Status> log_in_by_bearer(Context& core, SessionId id) {
  Session* const session = core.sessions.find(id);
  if (session == nullptr) co_return fail(Code::unavailable, "the client is gone");
  if (session->bearer.empty()) co_return fail(Code::unauthenticated, "please log in");
  const std::string network = network_of(session->address);
  auto owner = co_await owner_of_token(core, std::move(session->bearer));
  if (!owner) co_return fail(std::move(owner).error());
  // Counted for the network until now, so that tokens can't be guessed without end.
  core.rates.give_back("request", network);
  CHATD_CO_CHECK(
      core.rates.take("request", owner->device.text(), core.settings.requests_per_device));
  enter(core, id, owner->user, owner->device);
  co_return Status();
}

template <class P>
Task<void> answer(Context& core, SessionId id, std::string request_id, P params) {
  Session* session = core.sessions.find(id);
  ++session->requests;
  constexpr bool kNeedsUser = kIsPluginCall<P>;
  bool needs_user = kNeedsUser;
  if constexpr (!kIsPluginCall<P>) needs_user = P::kMethod.access == wire::Access::user;
  Status status;
  if (needs_user && session->user.empty()) {
    if (session->door == Door::http) {
      status = co_await log_in_by_bearer(core, id);
    } else {
      status = fail(Code::unauthenticated, "please log in");
    }
  }
  session = core.sessions.find(id);
  if (session == nullptr) co_return;
  std::string reply;
  if (!status) {
    reply = wire::encode_error(request_id, status.error());
  } else {
    Caller caller{id, session->door, session->user, session->device, session->address};
    if constexpr (kIsPluginCall<P>) {
      auto result = co_await handle_plugin(core, std::move(caller), std::move(params));
      reply = result ? wire::encode_answer(request_id, *result)
                     : wire::encode_error(request_id, result.error());
    } else {
      std::string subject;
      std::string admin;
      if constexpr (kIsAdminsChange<P>) {
        subject = subject_of(params);
        admin = caller.address;
      }
      auto result = co_await commands::handle(core, std::move(caller), std::move(params));
      if (kIsAdminsChange<P> && result)
        log::info("the admin changed something",
                  {{"method", P::kMethod.name}, {"subject", subject}, {"by", admin}});
      reply = result ? wire::encode_answer(request_id, *result)
                     : wire::encode_error(request_id, result.error());
    }
  }
  session = core.sessions.find(id);
  if (session == nullptr) co_return;
  --session->requests;
  if (!request_id.empty() || session->door == Door::http)
    core.clients.send(id, wire::Packet::text(reply), wire::Delivery::reply);
  if (session->is_ending) end_session(core, id);
}

Task<Result<std::uint64_t>> count_accounts(Context& core) {
  std::uint64_t count = 0;
  const std::string prefix(keys::kUserNames);
  std::string after = prefix;
  while (true) {
    auto rows = co_await call<Result<std::vector<KeyValue>>>(
        [&](auto done) { core.store.scan(prefix, after, kNamesPerScan, std::move(done)); });
    if (!rows) co_return fail(std::move(rows).error());
    count += rows->size();
    if (rows->size() < kNamesPerScan) co_return count;
    after = rows->back().first;
  }
}

Task<void> start_up(Context& core, FeedListener* reader, std::function<void(Status)> done) {
  auto accounts = co_await count_accounts(core);
  if (!accounts) {
    done(fail(std::move(accounts).error()));
    co_return;
  }
  core.accounts = *accounts;
  auto status = co_await load_outbox(core);
  if (status) status = co_await core.waiting_notices.load();
  if (status) status = co_await begin_recovery(core);
  if (!status) {
    done(std::move(status));
    co_return;
  }
  hand_in_here(core);
  if (reader != nullptr) {
    auto row = co_await call<Result<std::optional<std::string>>>(
        [&](auto answer) { core.store.get(std::string(keys::kFeedPosition), std::move(answer)); });
    if (!row) {
      done(fail(std::move(row).error()));
      co_return;
    }
    const std::string bytes = row->value_or(std::string(8, '\0'));
    const auto position = ByteReader(bytes).u64();
    core.committer.keep_feed(position.value_or(0), reader);
  }
  done(Status());
}

}  // namespace

void Core::start(FeedListener* feed_reader, std::function<void(Status)> done) {
  context_.tasks.spawn(start_up(context_, feed_reader, std::move(done)));
}

void Core::open(SessionId id, Door door, std::string address, Secret bearer) {
  Session& session = context_.sessions.open(id, door, std::move(address), std::move(bearer));
  if (door != Door::websocket) return;
  session.login_deadline = context_.timers.after(context_.settings.login_deadline, [this, id] {
    context_.clients.close(id, CloseReason::login_timeout);
  });
}

void Core::refuse(const Session& session, const std::string& id, const Error& error) {
  if (id.empty() && session.door != Door::http) return;  // a notification gets no answer
  context_.clients.send(session.id, wire::Packet::text(wire::encode_error(id, error)),
                        wire::Delivery::reply);
}

void Core::request(SessionId id, wire::Decoded decoded) {
  Session* const session = context_.sessions.find(id);
  if (session == nullptr) return;
  if (auto* const bad = std::get_if<wire::BadRequest>(&decoded)) {
    // Garbage costs as much as a request: it counts as one.
    const Status rate = check_rate(context_, *session);
    refuse(*session, bad->id, rate ? bad->error : rate.error());
    return;
  }
  auto& request = std::get<wire::Request>(decoded);
  if (request.id.empty() && session->door == Door::http) request.id = "null";
  std::visit(
      [&]<class P>(P& params) {
        Status status = check_access(*session, info_of<P>());
        if (status) status = check_rate(context_, *session);
        if (status && context_.is_draining && session->door != Door::control)
          status = fail(Code::unavailable, "the server is going down", kBusyRetryMs);
        if (!status) return refuse(*session, request.id, status.error());
        note_request(context_, *session, kIsAutomatic<P>);
        context_.tasks.spawn(answer(context_, id, std::move(request.id), std::move(params)));
      },
      request.params);
}

void Core::close(SessionId id) {
  auto session = context_.sessions.close(id);
  if (!session) return;
  if (session->login_deadline) context_.timers.cancel(*session->login_deadline);
  context_.presence.watch(*session, std::nullopt);
  if (session->user.empty()) return;
  if (session->door == Door::websocket) {
    depart(context_, session->user, session->device);
  } else {
    context_.sessions.wake(session->user);  // a poll whose client is gone need not wait
  }
}

std::optional<Monotonic> Core::end_turn() {
  context_.timers.run_due();
  context_.committer.flush();
  context_.rooms.trim(context_.committer.completed());
  context_.logs.trim(context_.committer.completed());
  context_.users.trim(context_.committer.completed());
  return context_.timers.next();
}

void Core::drain(Millis reconnect_after, Millis reconnect_before) {
  context_.is_draining = true;
  const auto packet =
      event_packet(wire::DrainingEvent{static_cast<std::uint32_t>(reconnect_after.count()),
                                       static_cast<std::uint32_t>(reconnect_before.count())});
  for (const SessionId id : context_.sessions.all(Door::websocket))
    context_.clients.send(id, packet, wire::Delivery::reply);
  for (const SessionId id : context_.sessions.all(Door::http)) {
    const Session* const session = context_.sessions.find(id);
    if (session != nullptr) context_.sessions.wake(session->user);
  }
}

bool Core::is_idle() const { return context_.committer.pending() == 0; }

}  // namespace chatd::core
