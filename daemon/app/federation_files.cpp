#include "daemon/app/federation_files.hpp"

#include "daemon/base/file.hpp"
#include "daemon/base/log.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace chatd::app {
namespace {

namespace fs = std::filesystem;
using federation::KeyFiles;
using federation::KeyPair;
using federation::kKeyFileMode;
using federation::kRootKeyFile;
using federation::kSigningKeysFile;
using federation::OwnKey;
using federation::RootKeyFile;
using federation::SigningKeysFile;

constexpr std::size_t kMaxEpochBytes = 32;

// The same error, of a file.
Error of_file(const fs::path& path, Error error) {
  error.message = fmt::format("{}: {}", path.string(), error.message);
  return error;
}

// Null: it is not there.
SigningKeysFile::Key* find(SigningKeysFile& file, const federation::PublicKey& key) {
  const auto found =
      std::find_if(file.keys.begin(), file.keys.end(),
                   [&](const SigningKeysFile::Key& other) { return other.certified.key == key; });
  return found == file.keys.end() ? nullptr : &*found;
}

template <class Parse>
auto read_secret(const fs::path& path, Parse parse) -> decltype(parse(std::string_view())) {
  CHATD_TRY(const Secret text, read_secret_file(path, federation::kMaxKeyFileBytes));
  auto parsed = parse(text.reveal());
  if (!parsed) return fail(of_file(path, parsed.error()));
  return parsed;
}

Status check_server(const fs::path& path, const std::string& found, const std::string& wanted) {
  if (found == wanted) return {};
  return fail(Code::conflict,
              fmt::format("{} is of {}, and server.name is {}: a server's name can't change",
                          path.string(), found, wanted));
}

}  // namespace

FederationFiles::FederationFiles(const config::Config& config)
    : folder_(config.server.data_dir / "federation"),
      server_(config.server.name),
      is_root_offline_(config.federation.root_key == config::RootKey::offline) {}

Result<RootKeyFile> FederationFiles::read_root() const {
  return read_secret(folder_ / kRootKeyFile, federation::parse_root_key_file);
}

Result<SigningKeysFile> FederationFiles::read_signing() const {
  return read_secret(folder_ / kSigningKeysFile, federation::parse_signing_keys_file);
}

Status FederationFiles::write(const SigningKeysFile& file) const {
  return replace_file(folder_ / kSigningKeysFile, to_text(file).reveal(), kKeyFileMode);
}

bool FederationFiles::is_empty() const {
  std::error_code ignored;
  return !fs::exists(folder_ / kRootKeyFile, ignored) &&
         !fs::exists(folder_ / kSigningKeysFile, ignored);
}

Result<KeyFiles> FederationFiles::read_keys() const {
  KeyFiles keys;
  auto signing = read_signing();
  if (!signing && (signing.error().code != Code::not_found || is_root_offline_))
    return fail(signing.error());
  if (signing) {
    keys.signing = *std::move(signing);
    CHATD_CHECK(check_server(folder_ / kSigningKeysFile, keys.signing.server, server_));
  }
  if (is_root_offline_) return keys;

  auto root = read_root();
  if (!root && root.error().code == Code::not_found)
    return fail(Code::not_found,
                fmt::format("{0}/root.key is not there, and {0}/signing.keys is: put it back, or "
                            "set federation.root_key = \"offline\" if it is kept elsewhere",
                            folder_.string()));
  if (!root) return fail(root.error());
  keys.root = *std::move(root);
  CHATD_CHECK(check_server(folder_ / kRootKeyFile, keys.root.server, server_));
  CHATD_TRY(const KeyPair pair, KeyPair::from_seed(keys.root.seed));
  if (keys.signing.server.empty()) keys.signing = {server_, pair.public_key(), {}, {}};
  if (keys.signing.root != pair.public_key())
    return fail(Code::conflict,
                fmt::format("{0}/root.key and {0}/signing.keys do not belong together: put back "
                            "both as they were",
                            folder_.string()));
  return keys;
}

Result<KeyFiles> FederationFiles::make_keys(Random& random) const {
  std::error_code error;
  fs::create_directories(folder_, error);
  if (!error) fs::permissions(folder_, fs::perms(0700), error);
  if (error)
    return fail(Code::internal,
                fmt::format("{} can't be made: {}", folder_.string(), error.message()));
  CHATD_TRY(KeyFiles keys, KeyFiles::make(server_, random));
  CHATD_CHECK(create_file(folder_ / kRootKeyFile, to_text(keys.root).reveal(), kKeyFileMode));
  CHATD_CHECK(write(keys.signing));
  log::info("made the keys of this server: keep a copy of root.key in a safe place",
            {{"folder", folder_.string()}});
  return keys;
}

Result<federation::Identity> FederationFiles::load_identity(Random& random) const {
  CHATD_TRY(KeyFiles keys, is_empty() && !is_root_offline_ ? make_keys(random) : read_keys());
  std::error_code ignored;
  if (is_root_offline_ && fs::exists(folder_ / kRootKeyFile, ignored))
    log::warning("the root key is to be kept elsewhere, and is still here",
                 {{"file", (folder_ / kRootKeyFile).string()}});
  std::optional<KeyPair> root;
  if (!keys.root.seed.empty()) {
    CHATD_TRY(root, KeyPair::from_seed(keys.root.seed));
  }
  std::vector<OwnKey> own;
  for (SigningKeysFile::Key& key : keys.signing.keys) {
    CHATD_TRY(KeyPair pair, KeyPair::from_seed(key.seed));
    own.push_back({key.certified, std::move(pair)});
  }
  return federation::Identity(
      server_, keys.signing.root, std::move(root), std::move(own),
      [files = *this](const federation::SigningKey& certified, const Secret& seed) {
        return files.save_key(certified, seed);
      });
}

Status FederationFiles::check() const {
  const bool will_be_made = is_empty() && !is_root_offline_;
  if (!will_be_made) CHATD_CHECK(read_keys());
  CHATD_CHECK(load_rules());
  CHATD_CHECK(restore_epoch());
  return {};
}

Status FederationFiles::save_key(const federation::SigningKey& certified,
                                 const Secret& seed) const {
  CHATD_TRY(KeyFiles keys, read_keys());
  if (SigningKeysFile::Key* const same = find(keys.signing, certified.key))
    same->certified = certified;
  else
    keys.signing.keys.push_back({certified, Secret(std::string(seed.reveal()))});
  return write(keys.signing);
}

Result<federation::PublicKey> FederationFiles::requested_key(Random& random) const {
  CHATD_TRY(SigningKeysFile file, read_signing());
  const bool is_new = file.requested.empty();
  if (is_new) file.requested = KeyPair::make_seed(random);
  CHATD_TRY(const KeyPair pair, KeyPair::from_seed(file.requested));
  if (is_new) CHATD_CHECK(write(file));
  return pair.public_key();
}

Result<OwnKey> FederationFiles::add_key(const federation::KeyCertificate& given) const {
  CHATD_TRY(SigningKeysFile file, read_signing());
  if (given.server != server_)
    return fail(Code::conflict, "this certificate is for another server's key");
  if (SigningKeysFile::Key* const same = find(file, given.key.key)) {
    CHATD_CHECK(federation::check(given.key, file.root, server_));
    if (given.key.validity.until >= same->certified.validity.until)
      return fail(Code::conflict, "this key is there already, and ends no later");
    same->certified = given.key;
    CHATD_TRY(KeyPair pair, KeyPair::from_seed(same->seed));
    CHATD_CHECK(write(file));
    return OwnKey{given.key, std::move(pair)};
  }
  if (file.requested.empty())
    return fail(Code::conflict, "no key waits for a certificate: make a request first");
  CHATD_TRY(KeyPair pair, KeyPair::from_seed(file.requested));
  if (given.key.key != pair.public_key())
    return fail(Code::conflict, "this certificate is for another key than the one that waits");
  CHATD_CHECK(federation::check(given.key, file.root, server_));
  file.keys.push_back({given.key, std::exchange(file.requested, Secret())});
  CHATD_CHECK(write(file));
  return OwnKey{given.key, std::move(pair)};
}

Result<federation::Rules> FederationFiles::load_rules() const {
  const auto text = read_file(folder_ / "rules", federation::kMaxRulesBytes);
  if (!text && text.error().code == Code::not_found) return federation::Rules();
  if (!text) return fail(text.error());
  auto rules = federation::Rules::parse(*text);
  if (!rules) return fail(of_file(folder_ / "rules", rules.error()));
  return rules;
}

Status FederationFiles::save(const federation::Rules& rules) const {
  return replace_file(folder_ / "rules", rules.text(), kKeyFileMode);
}

Result<std::uint64_t> FederationFiles::restore_epoch() const {
  const fs::path path = folder_ / "restore_epoch";
  const auto text = read_file(path, kMaxEpochBytes);
  if (!text && text.error().code == Code::not_found) return 0;
  if (!text) return fail(text.error());
  std::uint64_t epoch = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), epoch);
  if (error != std::errc() || std::string_view(end) != "\n")
    return fail(Code::internal, fmt::format("{} holds no number", path.string()));
  return epoch;
}

Result<std::uint64_t> FederationFiles::raise_restore_epoch(TimeMs now) const {
  CHATD_TRY(std::uint64_t epoch, restore_epoch());
  epoch = std::max(epoch + 1, static_cast<std::uint64_t>(std::max<TimeMs>(now, 0)));
  CHATD_CHECK(replace_file(folder_ / "restore_epoch", fmt::format("{}\n", epoch), kKeyFileMode));
  return epoch;
}

}  // namespace chatd::app
