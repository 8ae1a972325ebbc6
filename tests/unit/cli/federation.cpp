#include "cli/run.hpp"
#include "daemon/base/file.hpp"
#include "federation/key_certificate.hpp"
#include "federation/key_files.hpp"
#include "tests/unit/cli/exchange.hpp"
#include "tests/unit/cli/test_console.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <sys/stat.h>

namespace chatd::cli {
namespace {

using namespace federation;

constexpr TimeMs kNow = 1'700'000'000'000;
constexpr TimeMs kDay = 24 * 60 * 60 * 1000;

// A root key in a file, and a request of its server.
struct Vault {
  TempFolder folder;
  std::string root = (folder.path() / "root.key").string();
  KeyPair key = *KeyPair::from_seed(Secret(std::string(32, 'a')));
  KeyRequest request{"one.example", key.public_key(), kNow};
  TestConsole console;

  Vault() {
    const RootKeyFile file{"one.example", Secret(std::string(32, 'r'))};
    REQUIRE(create_file(root, to_text(file).reveal(), 0600));
  }
  [[nodiscard]] Exit certify(const std::string& text, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"federation", "keys", "certify", text, root});
    return console.run(more);
  }
};

TEST_CASE("a signing key is certified without a daemon", "[cli]") {
  Vault vault;

  CHECK(vault.certify(vault.request.text(), {"--days", "30", "--json"}) == Exit::ok);

  const auto document = Document::parse(vault.console.out.str());
  REQUIRE(document);
  const Json result = document->root().at_key("result");
  const auto certificate = KeyCertificate::parse(text_at(result, "certificate"));
  REQUIRE(certificate);
  const auto root = KeyPair::from_seed(Secret(std::string(32, 'r')));
  CHECK(check(certificate->key, root->public_key(), "one.example"));
  CHECK(certificate->key.key == vault.key.public_key());
  CHECK(certificate->key.validity == Validity{kNow, kNow + 30 * kDay});
  CHECK(text_at(result, "server") == "one.example");
}

TEST_CASE("what can't be certified is refused with its reason", "[cli]") {
  Vault vault;
  KeyRequest other = vault.request;
  other.server = "two.example";

  CHECK(vault.certify("nonsense!") == Exit::usage);
  CHECK(holds(vault.console.err.str(), "no base64url"));
  CHECK(vault.certify(other.text()) == Exit::failed);
  CHECK(holds(vault.console.err.str(), "is the root key of one.example"));
  CHECK(vault.certify(vault.request.text(), {"--days", "91"}) == Exit::usage);
  CHECK(vault.certify(vault.request.text(), {"--days", "0"}) == Exit::usage);
  CHECK(holds(vault.console.err.str(), "ends before it begins"));
  REQUIRE(replace_file(vault.root, "junk", 0600));
  CHECK(vault.certify(vault.request.text()) == Exit::usage);
  CHECK(holds(vault.console.err.str(), "is no root key: line 1"));
  REQUIRE(chmod(vault.root.c_str(), 0644) == 0);
  CHECK(vault.certify(vault.request.text()) == Exit::refused);
  CHECK(vault.console.out.str().empty());
}

TEST_CASE("a request says what to do with it", "[cli]") {
  FakeDaemon daemon(always(R"({"request":"AQtvbmU"})"));
  TestConsole console;

  CHECK(console.run({"federation", "keys", "request", "--socket", daemon.socket()}) == Exit::ok);

  CHECK(console.out.str().starts_with("AQtvbmU\n"));
  CHECK(holds(console.out.str(), "chatctl federation keys certify AQtvbmU root.key"));
}

TEST_CASE("a check shows each step, and finds problems", "[cli]") {
  FakeDaemon daemon(
      always(R"({"steps":[{"side":"here","step":"policy","good":true,"words":"fine"},)"
             R"({"side":"there","step":"connect","good":false,"words":"no \u001b way"}],)"
             R"("problems":["connect: no way"]})"));
  TestConsole console;

  CHECK(console.run({"federation", "check", "two.example", "--socket", daemon.socket()}) ==
        Exit::problems);

  CHECK(console.out.str() ==
        "here   policy     ok      fine\n"
        "there  connect    FAILED  no ? way\n");
  CHECK(params_of(daemon.frames().at(0)) == R"({"server":"two.example"})");
}

TEST_CASE("before servers are denied it can be seen with which of them there are links", "[cli]") {
  FakeDaemon daemon(always(R"({"peers":[{"server":"a.bad.example","link":"up"}]})"));
  TestConsole console;

  CHECK(console.run({"federation", "deny", "*.bad.example", "--reason", "spam", "--dry-run",
                     "--socket", daemon.socket()}) == Exit::ok);
  CHECK(holds(console.out.str(), "a.bad.example"));
  REQUIRE(daemon.frames().size() == 1);
  CHECK(method_of(daemon.frames()[0]) == "admin.federation.peers");
  CHECK(params_of(daemon.frames()[0]) == R"({"servers":"*.bad.example"})");

  CHECK(console.run({"federation", "deny", "*.bad.example", "--reason", "spam", "--days", "7",
                     "--yes", "--socket", daemon.socket()}) == Exit::ok);
  CHECK(params_of(daemon.frames().at(1)) ==
        R"({"servers":"*.bad.example","reason":"spam","days":7})");
}

}  // namespace
}  // namespace chatd::cli
