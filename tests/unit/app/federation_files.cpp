#include "daemon/app/federation_files.hpp"

#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <string>

namespace chatd::app {
namespace {

namespace fs = std::filesystem;

constexpr TimeMs kNow = 1'700'000'000'000;
constexpr TimeMs kDay = 24 * 60 * 60 * 1000;

// A server's data folder.
struct Server {
  tests::TempFolder folder;
  config::Config config;
  SystemRandom random;

  Server() {
    config.server.name = "one.example";
    config.server.data_dir = folder.path();
  }
  [[nodiscard]] FederationFiles files() const { return FederationFiles(config); }
  [[nodiscard]] fs::path file(const char* name) const {
    return folder.path() / "federation" / name;
  }
  [[nodiscard]] federation::Identity identity() {
    auto loaded = files().load_identity(random);
    if (!loaded) FAIL(loaded.error().message);
    return *std::move(loaded);
  }
  [[nodiscard]] std::string refusal() {
    const auto loaded = files().load_identity(random);
    REQUIRE(!loaded);
    const Status checked = files().check();
    REQUIRE(!checked);
    CHECK(checked.error().message == loaded.error().message);
    return loaded.error().message;
  }
  // Takes the root key out of its reach.
  [[nodiscard]] federation::KeyPair take_root_key() {
    config.federation.root_key = config::RootKey::offline;
    std::ifstream stream(file("root.key"));
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    fs::remove(file("root.key"));
    return *federation::KeyPair::from_seed(federation::parse_root_key_file(text)->seed);
  }
};

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST_CASE("a new server makes its keys for itself alone, and keeps them", "[app]") {
  Server server;
  CHECK(server.files().check());

  const federation::PublicKey root = server.identity().root_key();

  CHECK(server.identity().root_key() == root);
  for (const char* name : {"root.key", "signing.keys"})
    CHECK(fs::status(server.file(name)).permissions() == fs::perms(0600));
  CHECK(fs::status(server.file(".")).permissions() == fs::perms(0700));
  CHECK(server.files().check());
}

TEST_CASE("a signing key is on disk before it is used", "[app]") {
  Server server;
  federation::Identity identity = server.identity();
  REQUIRE(identity.add_key(kNow, server.random));
  REQUIRE(identity.add_key(kNow, server.random));

  const federation::Identity later = server.identity();

  REQUIRE(later.keys().size() == 2);
  CHECK(later.signer(kNow)->public_key() == identity.signer(kNow)->public_key());
  CHECK(later.keys()[1].certified.by_root == identity.keys()[1].certified.by_root);
}

TEST_CASE("keys that can't be kept are not used", "[app]") {
  Server server;
  federation::Identity identity = server.identity();
  fs::remove_all(server.folder.path() / "federation");

  CHECK(!identity.add_key(kNow, server.random));

  CHECK(identity.keys().empty());
}

TEST_CASE("a root key that is gone is missed, unless it is kept elsewhere", "[app]") {
  Server server;
  const federation::PublicKey root = server.identity().root_key();
  (void)server.take_root_key();

  CHECK(server.identity().root_key() == root);
  server.config.federation.root_key = config::RootKey::file;

  CHECK(holds(server.refusal(), "put it back, or set federation.root_key = \"offline\""));
}

TEST_CASE("without the root key a signing key is certified elsewhere", "[app]") {
  Server server;
  (void)server.identity();
  const federation::KeyPair root = server.take_root_key();
  federation::Identity identity = server.identity();
  CHECK(!identity.add_key(kNow, server.random));

  const auto wanted = server.files().requested_key(server.random);
  REQUIRE(wanted);
  CHECK(server.files().requested_key(server.random) == *wanted);
  const federation::KeyCertificate certificate{
      "one.example", certify(root, "one.example", *wanted, {kNow, kNow + 90 * kDay})};
  auto added = server.files().add_key(certificate);
  REQUIRE(added);
  REQUIRE(identity.add_key(*std::move(added)));

  CHECK(identity.signer(kNow)->public_key() == *wanted);
  CHECK(server.identity().signer(kNow)->public_key() == *wanted);
  CHECK(server.files().add_key(certificate).error().code == Code::conflict);
}

TEST_CASE("the end of a key is on disk before it holds, wherever it is certified", "[app]") {
  Server server;
  federation::Identity identity = server.identity();
  REQUIRE(identity.add_key(kNow, server.random));
  const federation::KeyId first = identity.keys()[0].certified.key.id();

  REQUIRE(identity.end_key(first, kNow + kDay, server.random));

  federation::Identity later = server.identity();
  REQUIRE(later.keys().size() == 2);
  CHECK(later.keys()[0].certified.validity.until == kNow + kDay);
  const federation::KeyPair root = server.take_root_key();
  const auto wanted = later.ended(later.keys()[1].certified.key.id(), kNow + 2 * kDay);
  REQUIRE(wanted);
  const federation::KeyCertificate certificate{
      "one.example", certify(root, "one.example", wanted->key, wanted->validity)};
  REQUIRE(server.files().add_key(certificate));
  CHECK(server.files().add_key(certificate).error().code == Code::conflict);
  CHECK(server.identity().keys()[1].certified.validity.until == kNow + 2 * kDay);
}

TEST_CASE("a certificate by another root key, or for another key, is refused", "[app]") {
  Server server;
  (void)server.identity();
  const federation::KeyPair root = server.take_root_key();
  const auto other = federation::KeyPair::from_seed(Secret(std::string(32, 'x')));
  const auto wanted = server.files().requested_key(server.random);
  REQUIRE(wanted);
  const federation::Validity validity{kNow, kNow + kDay};

  CHECK(
      !server.files().add_key({"one.example", certify(*other, "one.example", *wanted, validity)}));
  CHECK(!server.files().add_key(
      {"one.example", certify(root, "one.example", other->public_key(), validity)}));
  CHECK(!server.files().add_key({"two.example", certify(root, "two.example", *wanted, validity)}));
  CHECK(server.files().requested_key(server.random) == *wanted);
}

TEST_CASE("keys that are damaged, readable or another server's are refused", "[app]") {
  Server server;
  (void)server.identity();

  SECTION("readable") {
    fs::permissions(server.file("root.key"), fs::perms(0644));
    CHECK(holds(server.refusal(), "root.key holds a secret"));
  }
  SECTION("damaged") {
    std::ofstream(server.file("signing.keys")) << "chatd-signing-keys 1\nserver one.example\n";
    CHECK(holds(server.refusal(), "signing.keys: line 2: \"root\" and one word"));
  }
  SECTION("another server's") {
    server.config.server.name = "two.example";
    CHECK(holds(server.refusal(), "is of one.example, and server.name is two.example"));
  }
  SECTION("of two servers") {
    Server other;
    (void)other.identity();
    fs::copy_file(other.file("root.key"), server.file("root.key"),
                  fs::copy_options::overwrite_existing);
    CHECK(holds(server.refusal(), "do not belong together"));
  }
  SECTION("never made") {
    fs::remove_all(server.folder.path() / "federation");
    server.config.federation.root_key = config::RootKey::offline;
    CHECK(holds(server.refusal(), "signing.keys can't be read"));
  }
}

TEST_CASE("rules are kept, and a damaged file of them is refused", "[app]") {
  Server server;
  (void)server.identity();
  CHECK(server.files().load_rules()->all().empty());
  federation::Rules rules;
  REQUIRE(rules.pause("two.example"));
  REQUIRE(server.files().save(rules));

  CHECK(server.files().load_rules()->paused().contains("two.example"));
  std::ofstream(server.file("rules")) << "pause two.example\n";

  CHECK(holds(server.files().load_rules().error().message, "rules: line 1: "));
  CHECK(!server.files().check());
}

TEST_CASE("the restore epoch grows with each restore, of the same backup too", "[app]") {
  Server server;
  (void)server.identity();
  CHECK(server.files().restore_epoch() == 0u);

  REQUIRE(server.files().raise_restore_epoch(kNow));
  fs::copy_file(server.file("restore_epoch"), server.folder.path() / "backup");
  const auto second = server.files().raise_restore_epoch(kNow + 5);
  fs::copy_file(server.folder.path() / "backup", server.file("restore_epoch"),
                fs::copy_options::overwrite_existing);
  const auto third = server.files().raise_restore_epoch(kNow + 10);

  CHECK(*second > static_cast<std::uint64_t>(kNow));
  CHECK(*third > *second);
  CHECK(*server.files().raise_restore_epoch(0) == *third + 1);
  CHECK(server.files().restore_epoch() == *third + 1);
}

}  // namespace
}  // namespace chatd::app
