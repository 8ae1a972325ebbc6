#include "daemon/host/hook_adapter.hpp"

#include "daemon/base/log.hpp"
#include "daemon/host/draft_view.hpp"
#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/status_words.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

namespace chatd::host {
namespace {

// Long enough for a request to a service in the same data centre, short enough for a person.
constexpr Millis kDeadline{2'000};

using core::Verdict;

// The statuses by which a plugin refuses on purpose.
bool is_refusal(chatd_status status) {
  return status == CHATD_E_DENIED || status == CHATD_E_INVALID || status == CHATD_E_NOT_FOUND ||
         status == CHATD_E_CONFLICT || status == CHATD_E_LIMIT || status == CHATD_E_TOO_LARGE;
}

Verdict deny(Error error) { return {Verdict::Kind::deny, std::move(error), {}}; }

}  // namespace

HookAdapter::HookAdapter(const std::vector<Plugin*>& plugins, Ops& ops, LoopInbox& loop)
    : ops_(ops), loop_(loop) {
  for (Plugin* plugin : plugins) {
    const auto* const table = plugin->role<chatd_hooks_v1>(CHATD_HOOKS_V1);
    if (table == nullptr) continue;
    Hooked hooked{plugin, {}};
    std::memcpy(&hooked.table, table, std::min<std::size_t>(table->size, sizeof hooked.table));
    hooked_.push_back(hooked);
  }
}

bool HookAdapter::wants_message_pre_accept() const {
  return has(&chatd_hooks_v1::message_pre_accept);
}
bool HookAdapter::wants_account_pre_register() const {
  return has(&chatd_hooks_v1::account_pre_register);
}
bool HookAdapter::wants_room_pre_create() const { return has(&chatd_hooks_v1::room_pre_create); }
bool HookAdapter::wants_room_pre_join() const { return has(&chatd_hooks_v1::room_pre_join); }
bool HookAdapter::wants_federation_peer_policy() const {
  return has(&chatd_hooks_v1::federation_peer_policy);
}
bool HookAdapter::wants_federation_pre_receive() const {
  return has(&chatd_hooks_v1::federation_pre_receive);
}

void HookAdapter::message_pre_accept(core::Draft draft, Done done) {
  Chain chain = about("message_pre_accept", &chatd_hooks_v1::message_pre_accept, std::move(done));
  // The draft is the chain's: a plugin before may have replaced its content.
  chain.ask = [this, id = last_chain_ + 1](const Hooked& h, chatd_op op) {
    const DraftView view(chains_.at(id).draft);
    return h.table.message_pre_accept(h.plugin->self(), op, view.get());
  };
  chain.draft = std::move(draft);
  chain.is_message = true;
  begin(std::move(chain));
}

void HookAdapter::account_pre_register(UserId user, std::string address, Done done) {
  Chain chain =
      about("account_pre_register", &chatd_hooks_v1::account_pre_register, std::move(done));
  chain.ask = [user = std::move(user), address = std::move(address)](const Hooked& h, chatd_op op) {
    const chatd_registration who{sizeof who, 0, str(user.text()), str(address)};
    return h.table.account_pre_register(h.plugin->self(), op, &who);
  };
  begin(std::move(chain));
}

void HookAdapter::room_pre_create(UserId founder, std::string name, Done done) {
  Chain chain = about("room_pre_create", &chatd_hooks_v1::room_pre_create, std::move(done));
  chain.ask = [founder = std::move(founder), name = std::move(name)](const Hooked& h, chatd_op op) {
    const chatd_new_room room{sizeof room, 0, str(founder.text()), str(name)};
    return h.table.room_pre_create(h.plugin->self(), op, &room);
  };
  begin(std::move(chain));
}

void HookAdapter::room_pre_join(RoomId room, UserId user, Done done) {
  Chain chain = about("room_pre_join", &chatd_hooks_v1::room_pre_join, std::move(done));
  chain.ask = [room = room.text(), user = std::move(user)](const Hooked& h, chatd_op op) {
    const chatd_join join{sizeof join, 0, str(room), str(user.text())};
    return h.table.room_pre_join(h.plugin->self(), op, &join);
  };
  begin(std::move(chain));
}

void HookAdapter::federation_peer_policy(std::string server, std::string address, Done done) {
  Chain chain =
      about("federation_peer_policy", &chatd_hooks_v1::federation_peer_policy, std::move(done));
  chain.ask = [server = std::move(server), address = std::move(address)](const Hooked& h,
                                                                         chatd_op op) {
    const chatd_peer peer{sizeof peer, address.empty() ? 1u : 0u, str(server), str(address)};
    return h.table.federation_peer_policy(h.plugin->self(), op, &peer);
  };
  begin(std::move(chain));
}

void HookAdapter::federation_pre_receive(core::Draft draft, Done done) {
  Chain chain =
      about("federation_pre_receive", &chatd_hooks_v1::federation_pre_receive, std::move(done));
  chain.ask = [this, id = last_chain_ + 1](const Hooked& h, chatd_op op) {
    const DraftView view(chains_.at(id).draft);
    return h.table.federation_pre_receive(h.plugin->self(), op, view.get());
  };
  chain.draft = std::move(draft);
  begin(std::move(chain));
}

Verdict HookAdapter::room_pre_append(const core::Draft& draft) {
  std::optional<DraftView> view;  // made only if somebody looks
  for (const Hooked& h : hooked_) {
    if (h.table.room_pre_append == nullptr) continue;
    if (!view) view.emplace(draft);
    chatd_str reason{};
    const chatd_status status = h.plugin->on_loop("room_pre_append", [&] {
      return h.table.room_pre_append(h.plugin->self(), view->get(), &reason);
    });
    if (status == CHATD_PASS) continue;
    if (is_refusal(status)) return deny(error_of(status, host::view(reason), 0));
    h.plugin->numbers().failures.add();
    log::error("a plugin's last word was none",
               {{"plugin", h.plugin->name()}, {"status", status_name(status)}});
    return deny({Code::internal, "a plugin failed at room_pre_append", 0});
  }
  return {};
}

void HookAdapter::begin(Chain chain) {
  const std::uint64_t id = ++last_chain_;
  chains_.emplace(id, std::move(chain));
  ask_next(id);
}

void HookAdapter::ask_next(std::uint64_t id) {
  Chain& asking = chain(id);
  while (asking.next < hooked_.size() && !asking.has_hook(hooked_[asking.next])) ++asking.next;
  if (asking.next == hooked_.size()) return end_well(id);
  const Hooked& hooked = hooked_[asking.next++];
  ops_.ask(
      *hooked.plugin, hooked.plugin->config().deadline.value_or(kDeadline),
      [&](chatd_op op) {
        return hooked.plugin->on_loop(asking.stop, [&] { return asking.ask(hooked, op); });
      },
      [this, id, &hooked](const Answer& answer) { on_answer(id, hooked, answer); });
}

void HookAdapter::on_answer(std::uint64_t id, const Hooked& asked, const Answer& answer) {
  Chain& asking = chain(id);
  if (answer.is_late) return on_failure(id, asked, answer);
  if (answer.status == CHATD_PASS) return ask_next(id);
  if (answer.status == CHATD_ALLOW) return end_well(id);
  if (answer.status == CHATD_DROP && asking.is_message)
    return end(id, {Verdict::Kind::drop, {}, {}});
  if (answer.status == CHATD_REPLACE && asking.is_message &&
      is_content(asking.draft.kind, answer.detail)) {
    asking.draft.content = answer.detail;
    asking.is_replaced = true;
    return ask_next(id);
  }
  if (is_refusal(answer.status))
    return end(id, deny(error_of(answer.status, answer.detail, answer.retry_after_ms)));
  asked.plugin->numbers().failures.add();
  on_failure(id, asked, answer);
}

void HookAdapter::on_failure(std::uint64_t id, const Hooked& asked, const Answer& answer) {
  const bool is_allowed = asked.plugin->config().allows_on_timeout;
  log::warning("a plugin gave no sensible answer",
               {{"plugin", asked.plugin->name()},
                {"in", chain(id).stop},
                {"answer", answer.is_late ? "none in time" : status_name(answer.status)},
                {"then", is_allowed ? "allow" : "deny"}});
  if (is_allowed) return ask_next(id);
  end(id, deny({Code::unavailable, "a plugin did not answer", 0}));
}

void HookAdapter::end_well(std::uint64_t id) {
  Chain& asked = chain(id);
  if (asked.is_replaced)
    end(id, {Verdict::Kind::replace, {}, std::move(asked.draft.content)});
  else
    end(id, {});
}

void HookAdapter::end(std::uint64_t id, Verdict verdict) {
  const auto found = chains_.find(id);
  loop_.put(
      [done = std::move(found->second.done), verdict = std::move(verdict)] { done(verdict); });
  chains_.erase(found);
}

}  // namespace chatd::host
