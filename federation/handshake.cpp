#include "federation/handshake.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/ids.hpp"
#include "federation/limits.hpp"

#include <utility>

namespace chatd::federation {
namespace {

enum class Kind : std::uint8_t { open = 1, answer = 2, proof = 3, refusal = 4 };

struct Row {
  std::string_view name;
  std::string_view sentence;
};

// In the order of the enum.
constexpr std::array<Row, 16> kRows{{
    {"other", "The peer has a reason that this version does not know."},
    {"malformed", "What came is not a message of the handshake."},
    {"out_of_turn", "A message of the handshake came out of turn."},
    {"denied", "The server does not federate with this one."},
    {"own_name", "The peer calls itself by this server's own name."},
    {"wrong_name", "The peer wanted to reach another server."},
    {"no_common_version", "The two servers have no version of the protocol in common."},
    {"downgraded", "The peer chose a lower version of the protocol than both speak."},
    {"reflected", "This server's own message came back to it."},
    {"replayed", "The proof was made for another handshake."},
    {"other_channel", "The proof was made on another TLS connection: somebody stands between."},
    {"altered", "The two sides saw different messages: somebody changed one on its way."},
    {"stale_document", "The peer's server document has expired."},
    {"unknown_key", "The peer signed with a key that its server document does not name."},
    {"key_not_valid", "The peer signed with a key before or after its time."},
    {"bad_signature", "The peer's signature does not match."},
}};

// What both the answer and the proof end with. All but the signature could be computed by the
// reader; it is sent so that the reader can tell what differs.
struct Proof {
  Nonce nonce{};         // the reader's
  Hash256 transcript{};  // of the open message and the answer before its proof
  Hash256 channel{};     // of the exporter value
  Signature signature;   // of transcript and channel
};

struct Open {
  Protocols protocols;
  std::string from;
  std::string to;
  Nonce nonce{};
};

struct Answer {
  Protocols protocols;
  std::uint64_t chosen = 0;
  Nonce nonce{};
};

tl::unexpected<HandshakeEnd> end(HandshakeFault fault, bool is_peers = false) {
  return tl::unexpected<HandshakeEnd>(HandshakeEnd{fault, is_peers});
}

// The message's fields, if it is of the kind that is due.
OrEnd<ByteReader> begin(std::string_view message, Kind due) {
  if (message.size() > kMaxHandshakeBytes) return end(HandshakeFault::malformed);
  ByteReader in(message);
  const auto kind = in.u8();
  if (!kind) return end(HandshakeFault::malformed);
  if (*kind == static_cast<std::uint8_t>(due)) return in;
  if (const auto refused = read_refusal(message)) return end(*refused, true);
  const bool is_ours = *kind >= static_cast<std::uint8_t>(Kind::open) &&
                       *kind <= static_cast<std::uint8_t>(Kind::proof);
  return end(is_ours ? HandshakeFault::out_of_turn : HandshakeFault::malformed);
}

std::string encode(const Open& open) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::open));
  write(out, open.protocols);
  out.blob(open.from);
  out.blob(open.to);
  out.raw(open.nonce);
  return out.take();
}

Result<Open> read_open(ByteReader in) {
  Open open;
  CHATD_TRY(open.protocols, read_protocols(in));
  CHATD_TRY(open.from, in.blob(kMaxServerNameBytes));
  CHATD_TRY(open.to, in.blob(kMaxServerNameBytes));
  CHATD_TRY(open.nonce, in.array<32>());
  if (!in.empty() || !is_server_name(open.from))
    return fail(Code::invalid_request, "not an open message");
  return open;
}

// Without its proof.
std::string encode(const Answer& answer) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::answer));
  write(out, answer.protocols);
  out.varint(answer.chosen);
  out.raw(answer.nonce);
  return out.take();
}

Result<Answer> read_answer(ByteReader& in) {
  Answer answer;
  CHATD_TRY(answer.protocols, read_protocols(in));
  CHATD_TRY(answer.chosen, in.varint());
  CHATD_TRY(answer.nonce, in.array<32>());
  return answer;
}

void write(ByteWriter& out, const Proof& proof) {
  out.raw(proof.nonce);
  out.raw(proof.transcript);
  out.raw(proof.channel);
  write(out, proof.signature);
}

Result<Proof> read_proof(ByteReader& in) {
  Proof proof;
  CHATD_TRY(proof.nonce, in.array<32>());
  CHATD_TRY(proof.transcript, in.array<32>());
  CHATD_TRY(proof.channel, in.array<32>());
  CHATD_TRY(proof.signature, read_signature(in));
  if (!in.empty()) return fail(Code::invalid_request, "something follows the proof");
  return proof;
}

Hash256 transcript_of(std::string_view open, std::string_view answer) {
  ByteWriter out;
  out.blob(open);
  out.blob(answer);
  return blake2b_256(out.view());
}

std::string form(const Hash256& transcript, const Hash256& channel) {
  ByteWriter out;
  out.raw(transcript);
  out.raw(channel);
  return out.take();
}

Proof prove(const LinkEnd& self, const Nonce& peers_nonce, const Hash256& transcript,
            const KeyPair& key, Purpose purpose) {
  const Hash256 channel = blake2b_256(view(self.exporter));
  return {peers_nonce, transcript, channel,
          key.sign(purpose, self.server, form(transcript, channel))};
}

// None: the peer has proven to be the server of this document.
std::optional<HandshakeFault> fault_of(const Proof& proof, const LinkEnd& self,
                                       const Hash256& transcript, Purpose purpose,
                                       const ServerDocument& peer, TimeMs now) {
  const Hash256 channel = blake2b_256(view(self.exporter));
  if (proof.nonce != self.nonce) return HandshakeFault::replayed;
  if (proof.channel != channel) return HandshakeFault::other_channel;
  if (proof.transcript != transcript) return HandshakeFault::altered;
  if (peer.expires <= now) return HandshakeFault::stale_document;
  const SigningKey* key = peer.find(proof.signature.key);
  if (key == nullptr) return HandshakeFault::unknown_key;
  if (!key->is_valid_at(now)) return HandshakeFault::key_not_valid;
  if (!is_signed(proof.signature, key->key, purpose, peer.server, form(transcript, channel)))
    return HandshakeFault::bad_signature;
  return std::nullopt;
}

}  // namespace

std::string_view name(HandshakeFault fault) { return kRows[static_cast<std::size_t>(fault)].name; }
std::string_view sentence(HandshakeFault fault) {
  return kRows[static_cast<std::size_t>(fault)].sentence;
}

std::string encode_refusal(HandshakeFault fault) {
  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::refusal));
  out.u8(static_cast<std::uint8_t>(fault));
  return out.take();
}

std::optional<HandshakeFault> read_refusal(std::string_view message) {
  ByteReader in(message);
  const auto kind = in.u8();
  const auto fault = in.u8();
  if (!kind || *kind != static_cast<std::uint8_t>(Kind::refusal) || !fault || !in.empty())
    return std::nullopt;
  return *fault < kRows.size() ? HandshakeFault{*fault} : HandshakeFault::other;
}

Dialler::Dialler(LinkEnd self, std::string peer)
    : self_(std::move(self)),
      peer_(std::move(peer)),
      open_(encode(Open{self_.protocols, self_.server, peer_, self_.nonce})) {}

OrEnd<Dialler::Proven> Dialler::take_answer(std::string_view answer, const ServerDocument& peer,
                                            const KeyPair& key, TimeMs now) {
  CHATD_ASSERT(peer.server == peer_);
  if (std::exchange(is_over_, true)) return end(HandshakeFault::out_of_turn);
  auto in = begin(answer, Kind::answer);
  if (!in) return tl::unexpected<HandshakeEnd>(in.error());
  const auto said = read_answer(*in);
  if (!said) return end(HandshakeFault::malformed);
  const std::size_t before_proof = answer.size() - in->rest().size();
  const auto proof = read_proof(*in);
  if (!proof) return end(HandshakeFault::malformed);

  if (said->nonce == self_.nonce) return end(HandshakeFault::reflected);
  const auto common = highest_common(self_.protocols, said->protocols);
  if (!common) return end(HandshakeFault::no_common_version);
  if (said->chosen != *common) return end(HandshakeFault::downgraded);
  const Hash256 transcript = transcript_of(open_, answer.substr(0, before_proof));
  if (const auto fault = fault_of(*proof, self_, transcript, Purpose::accept, peer, now))
    return end(*fault);

  ByteWriter out;
  out.u8(static_cast<std::uint8_t>(Kind::proof));
  write(out, prove(self_, said->nonce, transcript, key, Purpose::dial));
  return Proven{{peer_, *common}, out.take()};
}

OrEnd<Acceptor> Acceptor::take_open(LinkEnd self, std::string_view open, const KeyPair& key) {
  auto in = begin(open, Kind::open);
  if (!in) return tl::unexpected<HandshakeEnd>(in.error());
  auto said = read_open(*in);
  if (!said) return end(HandshakeFault::malformed);
  if (said->from == self.server) return end(HandshakeFault::own_name);
  if (said->to != self.server) return end(HandshakeFault::wrong_name);
  const auto common = highest_common(self.protocols, said->protocols);
  if (!common) return end(HandshakeFault::no_common_version);

  Acceptor acceptor;
  acceptor.self_ = std::move(self);
  acceptor.link_ = {std::move(said->from), *common};
  ByteWriter out;
  out.raw(encode(Answer{acceptor.self_.protocols, *common, acceptor.self_.nonce}));
  acceptor.transcript_ = transcript_of(open, out.view());
  write(out, prove(acceptor.self_, said->nonce, acceptor.transcript_, key, Purpose::accept));
  acceptor.answer_ = out.take();
  return acceptor;
}

OrEnd<Link> Acceptor::take_proof(std::string_view proof, const ServerDocument& peer, TimeMs now) {
  CHATD_ASSERT(peer.server == link_.peer);
  if (std::exchange(is_over_, true)) return end(HandshakeFault::out_of_turn);
  auto in = begin(proof, Kind::proof);
  if (!in) return tl::unexpected<HandshakeEnd>(in.error());
  const auto said = read_proof(*in);
  if (!said) return end(HandshakeFault::malformed);
  if (const auto fault = fault_of(*said, self_, transcript_, Purpose::dial, peer, now))
    return end(*fault);
  return link_;
}

}  // namespace chatd::federation
