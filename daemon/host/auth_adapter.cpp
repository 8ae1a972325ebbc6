#include "daemon/host/auth_adapter.hpp"

#include "daemon/host/loop_inbox.hpp"
#include "daemon/host/ops.hpp"
#include "daemon/host/plugin.hpp"
#include "daemon/host/status_words.hpp"

#include <utility>

namespace chatd::host {
namespace {

// A queue of password hashes may be seconds long; a client that waits longer has gone away.
constexpr Millis kDeadline{30'000};

Status status_of(const Answer& answer, bool is_proof) {
  if (answer.is_late) return fail(Code::unavailable, "the auth plugin did not answer");
  if (answer.status == CHATD_OK) return {};
  if (answer.status > 0)
    return fail(Code::internal, "the auth plugin answered " + status_name(answer.status));
  Error error = error_of(answer.status, answer.detail, answer.retry_after_ms);
  // One sentence for every wrong proof, whatever the plugin knows about it.
  if (is_proof && answer.status == CHATD_E_DENIED)
    return fail(Code::unauthenticated, "the user or the secret is wrong");
  return fail(std::move(error));
}

}  // namespace

Status AuthAdapter::check(const Plugin& plugin) {
  const auto* const table = plugin.role<chatd_auth_v1>(CHATD_AUTH_V1);
  if (table == nullptr)
    return fail(Code::invalid_params, plugin.name() + " does not serve " CHATD_AUTH_V1);
  if (table->size < CHATD_SIZE_THROUGH(chatd_auth_v1, erase) || table->set_secret == nullptr ||
      table->verify == nullptr || table->erase == nullptr)
    return fail(Code::invalid_params, plugin.name() + " lacks a function of " CHATD_AUTH_V1);
  return {};
}

AuthAdapter::AuthAdapter(Plugin& plugin, Ops& ops, LoopInbox& loop)
    : plugin_(plugin), table_(*plugin.role<chatd_auth_v1>(CHATD_AUTH_V1)), ops_(ops), loop_(loop) {}

template <class Call>
void AuthAdapter::ask(std::string_view what, Call call, Done done) {
  const bool is_proof = what == "verify";
  ops_.ask(
      plugin_, plugin_.config().deadline.value_or(kDeadline),
      [&](chatd_op op) { return plugin_.on_loop(what, [&] { return call(op); }); },
      [this, is_proof, done = std::move(done)](const Answer& answer) {
        loop_.put([done, status = status_of(answer, is_proof)] { done(status); });
      });
}

void AuthAdapter::set_secret(UserId user, Secret secret, Done done) {
  ask(
      "set_secret",
      [&](chatd_op op) {
        return table_.set_secret(plugin_.self(), op, str(user.text()), str(secret.reveal()));
      },
      std::move(done));
}

void AuthAdapter::verify(UserId user, std::string network, Secret secret, Done done) {
  ask(
      "verify",
      [&](chatd_op op) {
        return table_.verify(plugin_.self(), op, str(user.text()), str(network),
                             str(secret.reveal()));
      },
      std::move(done));
}

void AuthAdapter::erase(UserId user, Done done) {
  ask(
      "erase", [&](chatd_op op) { return table_.erase(plugin_.self(), op, str(user.text())); },
      std::move(done));
}

}  // namespace chatd::host
