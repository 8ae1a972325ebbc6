#include "tests/scenario/hostile_server.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

namespace chatd::hostile {

using namespace federation;

KeyPair key_of(char letter) {
  return *KeyPair::from_seed(Secret(std::string(KeyPair::kSeedBytes, letter)));
}

HostileServer::HostileServer(std::string name, net::Listen listen, net::Place victim)
    : name_(std::move(name)),
      victim_(std::move(victim)),
      identity_(make_identity()),
      server_(options(std::move(listen))),
      caller_(server_.cert().certificate) {
  victim_.checks_certificate = false;
  victim_.may_be_private = true;
}

std::string HostileServer::root() const {
  const auto& bytes = identity_.root_key().bytes;
  return base64url(std::string(bytes.begin(), bytes.end()));
}

UserId HostileServer::user(const std::string& localpart) const {
  return *UserId::parse(fmt::format("{}@{}", localpart, name_));
}

BatchSignature HostileServer::sign(Purpose purpose, const std::string& form, char key) const {
  return sign_batch(key_of(key), purpose, name_, {&form, 1}).front();
}

Identity HostileServer::make_identity() {
  const KeyPair root = key_of('r');
  KeyPair pair = key_of('k');
  const Validity validity{clock_.wall_ms() - 1000,
                          clock_.wall_ms() + Millis(kMaxKeyLifetime).count() - 2000};
  std::vector<OwnKey> keys;
  const SigningKey certified = certify(root, name_, pair.public_key(), validity);
  keys.push_back({certified, std::move(pair)});
  return {name_, root.public_key(), key_of('r'), std::move(keys), {}};
}

net::Options HostileServer::options(net::Listen listen) {
  net::Options options;
  options.listen.push_back(std::move(listen));
  const std::string document = encode(*identity_.document({}, clock_.wall_ms()));
  options.routes[std::string(wire::ServerInfo::kPath)] = {[document] {
    return net::HttpReply{200, "application/json",
                          fmt::format(R"({{"document":"{}"}})", base64url(document))};
  }};
  return options;
}

ServerDocument HostileServer::document() {
  const auto page = caller_.get(victim_, wire::ServerInfo::kPath);
  if (!page) std::abort();
  return *decode_document(*wire::read_server_document(*page));
}

Dialler HostileServer::dialler(const std::string& from, const Hash256& exporter) {
  LinkEnd self{from, kProtocols, {}, exporter};
  random_.fill(self.nonce);
  return {std::move(self), victim_.server};
}

std::optional<std::string> HostileServer::prove(Dialler& dialler, const std::string& answer,
                                                char key) {
  auto proven = dialler.take_answer(answer, document(), key_of(key), clock_.wall_ms());
  if (!proven) return std::nullopt;
  return std::move(proven->proof);
}

std::unique_ptr<Call> HostileServer::connect() {
  auto call = std::make_unique<Call>(caller_, victim_);
  static_cast<void>(call->exporter());
  return call;
}

std::unique_ptr<Call> HostileServer::begin(const std::string& from, char key, std::string& proof) {
  auto call = connect();
  auto dialling = dialler(from, call->exporter().value_or(Hash256{}));
  call->send({dialling.open()});
  if (!call->receives(1)) return call;
  if (auto proven = prove(dialling, call->received()[0], key)) proof = *std::move(proven);
  return call;
}

std::unique_ptr<Call> HostileServer::link(const std::vector<std::string>& frames, Hello hello) {
  std::string proof;
  auto call = begin(name_, 'k', proof);
  call->send({proof});
  if (call->receives(2)) call->send({encode(hello)});
  call->send(frames);
  return call;
}

std::string end_of(Call& call) {
  std::string end = call.end();
  for (const std::string& message : call.received())
    if (const auto fault = read_refusal(message))
      end += fmt::format(", {}", federation::name(*fault));
  return end;
}

}  // namespace chatd::hostile
