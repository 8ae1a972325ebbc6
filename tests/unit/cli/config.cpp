#include "cli/certificate.hpp"
#include "daemon/config/load.hpp"
#include "federation/key_files.hpp"
#include "tests/unit/cli/fake_daemon.hpp"
#include "tests/unit/cli/test_console.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <sys/stat.h>

namespace chatd::cli {
namespace {

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

mode_t mode_of(const std::filesystem::path& file) {
  struct stat status {};
  REQUIRE(stat(file.c_str(), &status) == 0);
  return status.st_mode & 0777;
}

TEST_CASE("init makes a folder whose configuration is right", "[cli]") {
  const TempFolder folder;
  const auto server = folder.path() / "a" / "server";
  TestConsole console;

  CHECK(console.run({"init", "chat.example", server.string(), "--self-signed", "--listen",
                     "127.0.0.1:9443", "--contact", "a \"b\" \\c"}) == Exit::ok);

  const auto config = config::load(server / "chatd.toml");
  REQUIRE(config);
  CHECK(config->server.name == "chat.example");
  CHECK(config->server.data_dir == server / "data");
  CHECK(config->server.contact == "a \"b\" \\c");
  CHECK(config->listen.tls == std::vector<config::Endpoint>{{"127.0.0.1", 9443}});
  CHECK(config->tls.certificate == server / "tls" / "fullchain.pem");
  CHECK(mode_of(server / "data") == 0700);
  CHECK(mode_of(config->tls.key) == 0600);
  CHECK(holds(content(config->tls.key), "BEGIN PRIVATE KEY"));
  CHECK(holds(content(server / "chatd.toml"), "# messages_per_minute = 120"));
}

TEST_CASE("init makes the keys for other servers, and keeps those that are there", "[cli]") {
  const TempFolder folder;
  const auto keys = folder.path() / "data" / "federation";
  TestConsole console;

  REQUIRE(console.run({"init", "chat.example", folder.path().string()}) == Exit::ok);

  const std::string text = content(keys / "root.key");
  const auto root = federation::parse_root_key_file(text);
  const auto signing = federation::parse_signing_keys_file(content(keys / "signing.keys"));
  REQUIRE(root);
  REQUIRE(signing);
  CHECK(root->server == "chat.example");
  CHECK(signing->root == federation::KeyPair::from_seed(root->seed)->public_key());
  CHECK(mode_of(keys) == 0700);
  CHECK(mode_of(keys / "root.key") == 0600);
  CHECK(mode_of(keys / "signing.keys") == 0600);
  CHECK(holds(console.out.str(), "Keep a copy of " + (keys / "root.key").string()));

  std::filesystem::remove(folder.path() / "chatd.toml");
  CHECK(console.run({"init", "chat.example", folder.path().string()}) == Exit::ok);

  CHECK(content(keys / "root.key") == text);
}

TEST_CASE("init tells what is left to do", "[cli]") {
  const TempFolder folder;
  TestConsole console;

  CHECK(console.run({"init", "chat.example", folder.path().string()}) == Exit::ok);

  const std::string config = (folder.path() / "chatd.toml").string();
  const std::string out = console.out.str();
  CHECK(holds(out, "certificate for chat.example"));
  CHECK(holds(out, "DNS"));
  CHECK(holds(out, "https://chat.example/.well-known/chatd"));
  CHECK(holds(out, "chatd --config " + config));
  CHECK(holds(out, "chatctl --config " + config + " user create NAME"));
}

TEST_CASE("init takes a certificate that is there", "[cli]") {
  const TempFolder folder;
  TestConsole console;

  CHECK(console.run({"init", "chat.example", folder.path().string(), "--certificate", "/c.pem",
                     "--key", "/k.pem"}) == Exit::ok);

  const auto config = config::load(folder.path() / "chatd.toml");
  REQUIRE(config);
  CHECK(config->tls.certificate == "/c.pem");
  CHECK(config->tls.key == "/k.pem");
  CHECK(!std::filesystem::exists(folder.path() / "tls"));
}

TEST_CASE("init leaves a server that is there alone", "[cli]") {
  const TempFolder folder;
  std::ofstream(folder.path() / "chatd.toml") << "mine";
  TestConsole console;

  CHECK(console.run({"init", "chat.example", folder.path().string(), "--self-signed"}) ==
        Exit::failed);

  CHECK(content(folder.path() / "chatd.toml") == "mine");
  CHECK(!std::filesystem::exists(folder.path() / "tls"));
  CHECK(holds(console.err.str(), "is there already"));
}

TEST_CASE("init refuses what makes no sense and writes nothing", "[cli]") {
  const TempFolder folder;
  const std::string server = (folder.path() / "new").string();
  TestConsole console;

  CHECK(console.run({"init", "Chat Example", server}) == Exit::usage);
  CHECK(console.run({"init", "chat.example", server, "--key", "/k.pem"}) == Exit::usage);
  CHECK(console.run({"init", "chat.example", server, "--key", "/k.pem", "--certificate", "/c.pem",
                     "--self-signed"}) == Exit::usage);
  CHECK(console.run({"init", "chat.example", server, "--listen", "nowhere"}) == Exit::usage);
  CHECK(console.run({"init", "chat.example", server, "--contact", "two\nlines"}) == Exit::usage);

  CHECK(!std::filesystem::exists(server));
}

TEST_CASE("a certificate for trials is for the server's name and matches its key", "[cli]") {
  const auto pair = make_self_signed("chat.example");
  REQUIRE(pair);
  BIO* const pem = BIO_new_mem_buf(pair->certificate.data(), -1);
  X509* const certificate = PEM_read_bio_X509(pem, nullptr, nullptr, nullptr);
  BIO* const key_pem = BIO_new_mem_buf(pair->key.reveal().data(), -1);
  EVP_PKEY* const key = PEM_read_bio_PrivateKey(key_pem, nullptr, nullptr, nullptr);

  REQUIRE(certificate != nullptr);
  REQUIRE(key != nullptr);
  CHECK(X509_check_host(certificate, "chat.example", 0, 0, nullptr) == 1);
  CHECK(X509_check_host(certificate, "other.example", 0, 0, nullptr) == 0);
  CHECK(X509_check_private_key(certificate, key) == 1);
  CHECK(X509_verify(certificate, key) == 1);
  CHECK(X509_cmp_current_time(X509_get0_notBefore(certificate)) < 0);
  CHECK(X509_cmp_current_time(X509_get0_notAfter(certificate)) > 0);

  EVP_PKEY_free(key);
  BIO_free(key_pem);
  X509_free(certificate);
  BIO_free(pem);
}

TEST_CASE("every mistake in a configuration is named, and is exit code 3", "[cli]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "chatd.toml").string();
  std::ofstream(file) << "[server]\nname = \"chat.example\"\ndata_dir = \"data\"\n"
                         "[listen]\ntls = []\nplain = [\"127.0.0.1:0\"]\nmax_conections = 5\n";
  TestConsole console;

  CHECK(console.run({"config", "check", file}) == Exit::problems);
  CHECK(console.run({"config", "check", "--config", file, "--json"}) == Exit::problems);

  CHECK(console.out.str().starts_with(file + ":7:1: "));
  CHECK(holds(console.out.str(), "did you mean"));
  CHECK(holds(console.out.str(), R"("line":7,"column":1,"message":)"));
}

TEST_CASE("a configuration that is right passes its check and can be shown", "[cli]") {
  const TempFolder folder;
  const std::string file = (folder.path() / "chatd.toml").string();
  TestConsole console;
  REQUIRE(console.run({"init", "chat.example", folder.path().string()}) == Exit::ok);
  console.out.str("");

  CHECK(console.run({"config", "check", file}) == Exit::ok);
  CHECK(console.run({"config", "show", file}) == Exit::ok);

  CHECK(console.out.str().starts_with(file + ": no mistakes in chatd's own settings; "));
  CHECK(holds(console.out.str(), "messages_per_minute = 120"));
}

TEST_CASE("a setting is explained, and a wrong one answered with the nearest", "[cli]") {
  TestConsole console;

  CHECK(console.run({"config", "explain", "limits.messages_per_minute"}) == Exit::ok);
  CHECK(console.run({"config", "explain", "limits.mesages_per_minute"}) == Exit::failed);

  CHECK(holds(console.out.str(), "120"));
  CHECK(holds(console.err.str(), "did you mean \"limits.messages_per_minute\"?"));
}

TEST_CASE("the configuration says where the socket is", "[cli]") {
  const TempFolder folder;
  FakeDaemon daemon(&default_answer);
  const std::string file = (folder.path() / "chatd.toml").string();
  std::ofstream(file) << "[server]\nname = \"chat.example\"\ndata_dir = \"data\"\n"
                         "[listen]\ntls = []\nplain = [\"127.0.0.1:0\"]\n[control]\nsocket = \""
                      << daemon.socket() << "\"\n";
  TestConsole console;

  CHECK(console.run({"status", "--config", file}) == Exit::ok);
}

TEST_CASE("a configuration with mistakes does not say where the socket is", "[cli]") {
  const TempFolder folder;
  TestConsole console;

  CHECK(console.run({"status", "--config", (folder.path() / "none.toml").string()}) ==
        Exit::failed);

  CHECK(holds(console.err.str(), "--socket"));
}

}  // namespace
}  // namespace chatd::cli
