#pragma once

#include "daemon/base/hash.hpp"
#include "federation/server_document.hpp"

#include <tl/expected.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// How two servers prove to each other who they are, as the first frames on a connection: the one
// who dialled opens, the other answers, the first proves (PROTOCOL.md). State machines of one
// connection each, owned by it; loop only. They hold no key and no document: those are lent for one
// call.
namespace chatd::federation {

// Why a handshake ends. The numbers are on the wire and keep their meaning.
enum class HandshakeFault : std::uint8_t {
  other = 0,        // only from a peer: a reason that this version does not know
  malformed = 1,    // not a message of the handshake
  out_of_turn = 2,  // a message of the handshake, but not the one that is due
  denied = 3,       // the admin's policy: for the caller to find
  own_name = 4,     // the peer calls itself by our name
  wrong_name = 5,   // the peer wanted somebody else
  no_common_version = 6,
  downgraded = 7,       // not the highest version that both speak
  reflected = 8,        // our own message came back
  replayed = 9,         // made for another handshake
  other_channel = 10,   // made on another TLS connection: somebody stands between
  altered = 11,         // the two sides saw different messages
  stale_document = 12,  // the peer's document has expired
  unknown_key = 13,     // no key of the peer's document
  key_not_valid = 14,   // before or after its time
  bad_signature = 15
};
// "replayed" and so on, for metrics; and what to tell the operator.
[[nodiscard]] std::string_view name(HandshakeFault fault);
[[nodiscard]] std::string_view sentence(HandshakeFault fault);

struct HandshakeEnd {
  HandshakeFault fault = HandshakeFault::other;
  bool is_peers = false;  // the peer refused us, not we it: it needs no refusal in return
};
template <class T>
using OrEnd = tl::expected<T, HandshakeEnd>;

// The message that tells the peer why, before the connection is closed.
[[nodiscard]] std::string encode_refusal(HandshakeFault fault);
// Why the peer refused; nothing when the message is another one.
[[nodiscard]] std::optional<HandshakeFault> read_refusal(std::string_view message);

using Nonce = std::array<std::uint8_t, 32>;

// What this side brings into the handshake of one connection.
struct LinkEnd {
  std::string server;  // our name
  Protocols protocols;
  Nonce nonce{};       // random, for this connection alone
  Hash256 exporter{};  // of this TLS connection
};

// Both sides are proven.
struct Link {
  std::string peer;
  std::uint64_t version = 0;
};

// The side that opened the connection. The document is the peer's, as discovery verified it.
class Dialler {
 public:
  Dialler(LinkEnd self, std::string peer);

  [[nodiscard]] const std::string& open() const { return open_; }

  struct Proven {
    Link link;
    std::string proof;  // to be sent
  };
  [[nodiscard]] OrEnd<Proven> take_answer(std::string_view answer, const ServerDocument& peer,
                                          const KeyPair& key, TimeMs now);

 private:
  // Constant after construction
  LinkEnd self_;
  std::string peer_;
  std::string open_;
  // Loop only
  bool is_over_ = false;
};

// The side that accepted the connection.
class Acceptor {
 public:
  [[nodiscard]] static OrEnd<Acceptor> take_open(LinkEnd self, std::string_view open,
                                                 const KeyPair& key);

  // Who it claims to be: for the caller to look at its policy, and to get that server's document.
  [[nodiscard]] const std::string& peer() const { return link_.peer; }
  [[nodiscard]] const std::string& answer() const { return answer_; }

  [[nodiscard]] OrEnd<Link> take_proof(std::string_view proof, const ServerDocument& peer,
                                       TimeMs now);

 private:
  Acceptor() = default;

  // Constant after take_open
  LinkEnd self_;
  Link link_;
  Hash256 transcript_{};
  std::string answer_;
  // Loop only
  bool is_over_ = false;
};

}  // namespace chatd::federation
