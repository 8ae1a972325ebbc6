#pragma once

#include "federation/ports/links.hpp"
#include "federation/server_document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// How the server document of a domain is found, and how long a found one serves.
namespace chatd::federation {

// The port where a server listens that says nothing else: the default of `listen.tls`.
inline constexpr std::uint16_t kDefaultPort = 8443;

// What the config says of a server in a private network or a test: where it is, without DNS; and
// who, without a certificate.
struct Pin {
  std::vector<Endpoint> endpoints;  // none: found as others are
  std::optional<PublicKey> root;
};
[[nodiscard]] Target target(const std::string& server, const Endpoint& at, const Pin& pin);

// A search for one server, owned by what wants to reach it; loop only. It says what to do next, the
// caller does it and tells how it went, until the search has ended.
//
// The document is looked for at the domain itself, then where its SRV records point to, then at the
// domain's default port; a pinned server only where it is pinned. The first document that verifies
// ends the search.
class Discovery {
 public:
  // GET /.well-known/chatd over TLS.
  struct Fetch {
    Endpoint at;
  };
  // The targets of the SRV records (RFC 2782) with this name, in the order in which to try them.
  struct LookUp {
    std::string name;
  };
  struct Found {
    ServerDocument document;
    std::vector<Endpoint> endpoints;  // where to connect to, the best first; never empty
  };
  // An Error: not found, and why, place by place. `conflict`: its identity changed.
  using Step = std::variant<Fetch, LookUp, Found, Error>;

  // `root`: by which it is known, and `known`: the document that it showed last, if any.
  Discovery(std::string server, Pin pin, std::optional<PublicKey> root,
            std::optional<ServerDocument> known);

  [[nodiscard]] Step start();
  // The document's binary form, or why there is none.
  [[nodiscard]] Step take_document(const Result<std::string>& bytes, TimeMs now);
  [[nodiscard]] Step take_targets(const Result<std::vector<Endpoint>>& targets);
  // Where its identity changed: the root key that it shows now.
  [[nodiscard]] const std::optional<PublicKey>& other_root() const { return other_root_; }

 private:
  [[nodiscard]] Result<ServerDocument> check(const Result<std::string>& bytes, TimeMs now);
  [[nodiscard]] Step next();
  void note(const std::string& place, const std::string& why);

  // Constant after construction
  std::string server_;
  Pin pin_;
  std::optional<PublicKey> root_;
  std::optional<ServerDocument> known_;
  // Loop only
  std::vector<Endpoint> places_;
  std::size_t tried_ = 0;  // of places_
  bool has_looked_up_ = false;
  std::optional<PublicKey> other_root_;
  std::string why_not_;
};

// A document is fetched anew a day after it was; where that fails, it serves for a second day,
// never beyond its own time.
[[nodiscard]] bool is_fresh(TimeMs fetched, TimeMs now);
[[nodiscard]] bool is_usable(const ServerDocument& document, TimeMs fetched, TimeMs now);

}  // namespace chatd::federation
