#include "federation/key_files.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/base/ids.hpp"
#include "federation/text_lines.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <charconv>
#include <utility>

namespace chatd::federation {
namespace {

constexpr std::string_view kRootForm = "chatd-root-key";
constexpr std::string_view kSigningForm = "chatd-signing-keys";
constexpr std::string_view kVersion = "1";
constexpr std::size_t kLineBytes = 400;  // more than any line of these files has

constexpr std::string_view kRootComment =
    "# Who has this file is this server: keep a copy in a safe place, and show it to nobody.\n";
constexpr std::string_view kSigningComment =
    "# What this server signs with. Made and renewed by chatd; show it to nobody.\n";

// Builds a text that holds secrets, in memory that does not move.
class SecretText {
 public:
  explicit SecretText(std::size_t lines) { text_.reserve(lines * kLineBytes); }
  ~SecretText() { sodium_memzero(text_.data(), text_.size()); }
  SecretText(const SecretText&) = delete;
  SecretText& operator=(const SecretText&) = delete;

  void add(std::string_view text) { text_ += text; }
  void add_seed(const Secret& seed) { text_ += Secret(base64url(seed.reveal())).reveal(); }
  [[nodiscard]] Secret take() { return Secret(std::move(text_)); }

 private:
  std::string text_;
};

Result<std::string> read_bytes(const TextLines& lines, std::string_view word, std::size_t size) {
  auto bytes = from_base64url(word);
  if (!bytes || bytes->size() != size)
    return lines.refuse(fmt::format("{} bytes of base64url are expected here", size));
  return bytes;
}

Result<Secret> read_seed(const TextLines& lines, std::string_view word) {
  CHATD_TRY(std::string bytes, read_bytes(lines, word, KeyPair::kSeedBytes));
  return Secret(std::move(bytes));
}

Result<PublicKey> read_public_key(const TextLines& lines, std::string_view word) {
  PublicKey key;
  CHATD_TRY(const std::string bytes, read_bytes(lines, word, key.bytes.size()));
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

Result<TimeMs> read_time(const TextLines& lines, std::string_view word) {
  TimeMs time = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), time);
  if (word.empty() || error != std::errc() || end != word.data() + word.size() || time < 0)
    return lines.refuse("a time in milliseconds is expected here");
  return time;
}

// The line that says which form the file has, and the line with the server's name.
Result<std::string> read_head(TextLines& lines, std::string_view form) {
  CHATD_TRY(const std::string_view version, lines.value(form));
  if (version != kVersion) return lines.refuse("a form that this version of chatd does not know");
  CHATD_TRY(const std::string_view server, lines.value("server"));
  if (!is_server_name(server)) return lines.refuse("no server's name");
  return std::string(server);
}

// The rest of a line "key FROM UNTIL SIGNATURE SEED".
Result<SigningKeysFile::Key> read_key(TextLines& lines, const SigningKeysFile& file) {
  SigningKeysFile::Key key;
  CHATD_TRY(key.certified.validity.from, read_time(lines, lines.word()));
  CHATD_TRY(key.certified.validity.until, read_time(lines, lines.word()));
  CHATD_TRY(const std::string signature, read_bytes(lines, lines.word(), 96));
  ByteReader in(signature);
  CHATD_TRY(key.certified.by_root, read_signature(in));
  CHATD_TRY(key.seed, read_seed(lines, lines.rest()));
  CHATD_TRY(const KeyPair pair, KeyPair::from_seed(key.seed));
  key.certified.key = pair.public_key();
  if (const auto status = check(key.certified, file.root, file.server); !status)
    return lines.refuse(status.error().message);
  const auto is_same = [&](const SigningKeysFile::Key& other) {
    return other.certified.key == key.certified.key;
  };
  if (std::any_of(file.keys.begin(), file.keys.end(), is_same))
    return lines.refuse("a key is there twice");
  return key;
}

}  // namespace

std::string text(const PublicKey& key) { return base64url(view(key.bytes)); }

Secret to_text(const RootKeyFile& file) {
  SecretText out(5);
  out.add(kRootComment);
  out.add(fmt::format("{} {}\nserver {}\n", kRootForm, kVersion, file.server));
  const auto pair = KeyPair::from_seed(file.seed);
  out.add(fmt::format("public {}\nsecret ", pair ? text(pair->public_key()) : ""));
  out.add_seed(file.seed);
  out.add("\n");
  return out.take();
}

Result<RootKeyFile> parse_root_key_file(std::string_view text) {
  TextLines lines(text);
  RootKeyFile file;
  CHATD_TRY(file.server, read_head(lines, kRootForm));
  CHATD_TRY(const std::string_view named, lines.value("public"));
  CHATD_TRY(const PublicKey key, read_public_key(lines, named));
  CHATD_TRY(const std::string_view secret, lines.value("secret"));
  CHATD_TRY(file.seed, read_seed(lines, secret));
  CHATD_TRY(const KeyPair pair, KeyPair::from_seed(file.seed));
  if (pair.public_key() != key) return lines.refuse("the secret is not that of the public key");
  if (lines.next()) return lines.refuse("nothing more is expected here");
  return file;
}

Secret to_text(const SigningKeysFile& file) {
  SecretText out(file.keys.size() + 5);
  out.add(kSigningComment);
  out.add(fmt::format("{} {}\nserver {}\nroot {}\n", kSigningForm, kVersion, file.server,
                      text(file.root)));
  for (const SigningKeysFile::Key& key : file.keys) {
    out.add(fmt::format("key {} {} {} ", key.certified.validity.from, key.certified.validity.until,
                        base64url(bytes_of(key.certified.by_root))));
    out.add_seed(key.seed);
    out.add("\n");
  }
  if (!file.requested.empty()) {
    out.add("requested ");
    out.add_seed(file.requested);
    out.add("\n");
  }
  return out.take();
}

Result<SigningKeysFile> parse_signing_keys_file(std::string_view text) {
  TextLines lines(text);
  SigningKeysFile file;
  CHATD_TRY(file.server, read_head(lines, kSigningForm));
  CHATD_TRY(const std::string_view root, lines.value("root"));
  CHATD_TRY(file.root, read_public_key(lines, root));
  while (lines.next()) {
    const std::string_view word = lines.word();
    if (word == "key" && file.requested.empty()) {
      CHATD_TRY(SigningKeysFile::Key key, read_key(lines, file));
      file.keys.push_back(std::move(key));
    } else if (word == "requested" && file.requested.empty()) {
      CHATD_TRY(file.requested, read_seed(lines, lines.rest()));
    } else {
      return lines.refuse("a key is expected here");
    }
  }
  return file;
}

Result<KeyFiles> KeyFiles::make(const std::string& server, Random& random) {
  KeyFiles made{{server, KeyPair::make_seed(random)}, {}};
  CHATD_TRY(const KeyPair pair, KeyPair::from_seed(made.root.seed));
  made.signing.server = server;
  made.signing.root = pair.public_key();
  return made;
}

}  // namespace chatd::federation
