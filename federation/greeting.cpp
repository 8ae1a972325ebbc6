#include "federation/greeting.hpp"

#include "federation/limits.hpp"

#include <utility>

namespace chatd::federation {

LinkEnd Greeting::own_end(const Hash256& exporter) const {
  LinkEnd self{env_.identity.server(), kProtocols, {}, exporter};
  env_.random.fill(self.nonce);
  return self;
}

Greeting::Greeting(Env& env, Channel& channel, const Hash256& exporter, Admits admits, Done done)
    : env_(env),
      channel_(channel),
      exporter_(exporter),
      admits_(std::move(admits)),
      done_(std::move(done)),
      deadline_(env.clock.now() + kHandshakeDeadline) {}

Greeting::Greeting(Env& env, Channel& channel, const Hash256& exporter, std::string peer,
                   bool is_trial, Done done)
    : env_(env),
      channel_(channel),
      exporter_(exporter),
      done_(std::move(done)),
      is_trial_(is_trial),
      peer_(std::move(peer)),
      deadline_(env.clock.now() + kHandshakeDeadline) {
  dialler_.emplace(own_end(exporter), peer_);
  channel_.send(dialler_->open());
}

void Greeting::received(std::string_view message) {
  if (is_over_) return;
  if (!dialler_ && !acceptor_) return take_open(message);
  if (!proof_.empty() || message.empty()) return end(HandshakeFault::out_of_turn);
  if (message.size() > kMaxHandshakeBytes) return end(HandshakeFault::malformed);
  proof_ = message;
  take_proof();
}

void Greeting::take_open(std::string_view open) {
  const KeyPair* const key = env_.identity.signer(env_.clock.wall_ms());
  if (key == nullptr) return end(HandshakeFault::key_not_valid);
  auto acceptor = Acceptor::take_open(own_end(exporter_), open, *key);
  if (!acceptor) return finish(tl::unexpected<HandshakeEnd>(acceptor.error()));
  peer_ = acceptor->peer();
  acceptor_ = *std::move(acceptor);
  is_looking_ = true;
  admits_(peer_, lifeline_.guard([this](const Status& status) {
    if (!status) return end(HandshakeFault::denied);
    answer_open();
  }));
}

void Greeting::answer_open() {
  channel_.send(acceptor_->answer());
  deadline_ = env_.clock.now() + kGuestDeadline;
  env_.documents.get(peer_, lifeline_.guard([this](const auto&) {
    is_looking_ = false;
    take_proof();
  }));
}

void Greeting::take_proof() {
  if (is_over_ || is_looking_ || proof_.empty()) return;
  const TimeMs now = env_.clock.wall_ms();
  const auto* const known = env_.documents.find(peer_);
  if (known == nullptr) return end(HandshakeFault::stale_document);
  OrEnd<Link> outcome;
  // Copies: with a newer document there is a second try.
  if (dialler_) {
    const KeyPair* const key = env_.identity.signer(now);
    if (key == nullptr) return end(HandshakeFault::key_not_valid);
    auto dialler = *dialler_;
    auto proven = dialler.take_answer(proof_, known->document, *key, now);
    if (proven) {
      if (!is_trial_) channel_.send(proven->proof);
      outcome = proven->link;
    } else {
      outcome = tl::unexpected<HandshakeEnd>(proven.error());
    }
  } else {
    auto acceptor = *acceptor_;
    outcome = acceptor.take_proof(proof_, known->document, now);
  }
  const bool is_unknown =
      !outcome && !outcome.error().is_peers && outcome.error().fault == HandshakeFault::unknown_key;
  if (is_unknown && !has_looked_) return look_for_document();
  finish(std::move(outcome));
}

void Greeting::look_for_document() {
  has_looked_ = is_looking_ = true;
  env_.documents.refresh(peer_, lifeline_.guard([this](const auto&) {
    is_looking_ = false;
    take_proof();
  }));
}

void Greeting::finish(OrEnd<Link> outcome) {
  if (std::exchange(is_over_, true)) return;
  if (!outcome && !outcome.error().is_peers) channel_.send(encode_refusal(outcome.error().fault));
  // It may be gone after that.
  const Done done = std::move(done_);
  done(std::move(outcome));
}

}  // namespace chatd::federation
