#pragma once

#include "daemon/wire/server_info.hpp"
#include "federation/signing_key.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a server tells its peers about itself. PROTOCOL.md gives its binary form and test vectors.
namespace chatd::federation {

// The versions of the protocol between servers that one speaks, both included.
struct Protocols {
  std::uint64_t lowest = 1;
  std::uint64_t highest = 1;
  auto operator<=>(const Protocols&) const = default;
};
// The highest version that both speak; none when there is none.
[[nodiscard]] std::optional<std::uint64_t> highest_common(Protocols a, Protocols b);
void write(ByteWriter& out, Protocols protocols);
[[nodiscard]] Result<Protocols> read_protocols(ByteReader& in);

// Where to connect to. The certificate there is the server name's, whatever the host is.
struct Endpoint {
  std::string host;  // a domain name or an IPv4 address
  std::uint16_t port = 0;
  auto operator<=>(const Endpoint&) const = default;
};

// Signed by one of its own signing keys, which the root key certified. Who a server is, is the pair
// of its name and root. What changes with each start (the restore epoch) is no part of it: a
// document may be a week old.
struct ServerDocument {
  std::string server;
  PublicKey root;
  TimeMs issued = 0;
  TimeMs expires = 0;  // kMaxDocumentAge after `issued` at most
  Protocols protocols;
  std::vector<SigningKey> keys;       // in use, announced and ended ones; by `from`, then by key
  std::vector<Endpoint> endpoints;    // the best first
  std::vector<std::string> features;  // what it can beyond the protocol; ascending
  wire::ServerLimits limits;
  std::string contact;  // whom to tell of abuse (is_contact); may be empty
  Signature signature;

  [[nodiscard]] const SigningKey* find(const KeyId& id) const;
};

// Printable ASCII, of kMaxContactBytes at most.
[[nodiscard]] bool is_contact(std::string_view text);

void sign(ServerDocument& document, const KeyPair& key);

// Canonical: equal documents have equal bytes.
[[nodiscard]] std::string encode(const ServerDocument& document);
// Total. Judges the form alone: what it takes, encode gives back byte for byte.
[[nodiscard]] Result<ServerDocument> decode_document(std::string_view bytes);

// Whether it is `server`'s, is to be believed at `now`, and all of its signatures hold. Says
// nothing about whether this root key is the one that the server had before: check_successor does.
[[nodiscard]] Status verify(const ServerDocument& document, std::string_view server, TimeMs now);

// Whether `next` may take the place of `known`, both verified. Another root key is `conflict`: the
// identity changed, and an admin has to accept that. A document that is older, and not of the last
// day, or one that lengthens the life of a key, is a replay.
[[nodiscard]] Status check_successor(const ServerDocument& known, const ServerDocument& next,
                                     TimeMs now);

}  // namespace chatd::federation
