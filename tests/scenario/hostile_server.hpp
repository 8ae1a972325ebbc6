#pragma once

#include "daemon/base/random.hpp"
#include "federation/frames.hpp"
#include "federation/handshake.hpp"
#include "federation/identity.hpp"
#include "tests/unit/net/test_caller.hpp"
#include "tests/unit/net/test_server.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

// What all attacks of a hostile server (hostile_peer.cpp) share: it has a name, keys and a document
// as all servers have, and links with its victim. For one thread.
namespace chatd::hostile {

using Call = tests::TestCaller::Call;
using Words = std::vector<std::string>;

// The key that its document names is 'k', its root is 'r'; of others nobody knows.
[[nodiscard]] federation::KeyPair key_of(char letter);

class HostileServer {
 public:
  HostileServer(std::string name, net::Listen listen, net::Place victim);
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const net::Place& victim() const { return victim_; }
  [[nodiscard]] std::string root() const;
  // Its user of that name; Eve, for one.
  [[nodiscard]] UserId user(const std::string& localpart = "eve") const;
  [[nodiscard]] TimeMs now() { return clock_.wall_ms(); }
  [[nodiscard]] federation::BatchSignature sign(federation::Purpose purpose,
                                                const std::string& form, char key = 'k') const;

  // Open, or refused.
  [[nodiscard]] std::unique_ptr<Call> connect();
  // Up to the proof, which it makes in that name with that key.
  [[nodiscard]] std::unique_ptr<Call> begin(const std::string& from, char key, std::string& proof);
  // The same on a connection made otherwise.
  [[nodiscard]] federation::Dialler dialler(const std::string& from, const Hash256& exporter);
  [[nodiscard]] std::optional<std::string> prove(federation::Dialler& dialler,
                                                 const std::string& answer, char key);
  // Proven, and after hello. Nothing where the victim refuses it.
  [[nodiscard]] std::unique_ptr<Call> link(const std::vector<std::string>& frames,
                                           federation::Hello hello = {});

 private:
  federation::Identity make_identity();
  net::Options options(net::Listen listen);
  federation::ServerDocument document();

  // Constant after construction
  SystemClock clock_;
  SystemRandom random_;
  const std::string name_;
  net::Place victim_;
  const federation::Identity identity_;
  tests::TestServer server_;
  tests::TestCaller caller_;
};

// How the victim ended it, and why if it said so.
[[nodiscard]] std::string end_of(Call& call);

}  // namespace chatd::hostile
