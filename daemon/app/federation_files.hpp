#pragma once

#include "daemon/base/random.hpp"
#include "daemon/config/config.hpp"
#include "federation/identity.hpp"
#include "federation/key_certificate.hpp"
#include "federation/key_files.hpp"
#include "federation/rules.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace chatd::app {

// What federation keeps beside the store, in the folder `federation` of the data folder: root.key,
// signing.keys, rules and restore_epoch. A value; blocks on the disk. Each write is durable when it
// returned. One thread at a time.
class FederationFiles {
 public:
  explicit FederationFiles(const config::Config& config);

  // Who this server is. Makes the keys when there are none at all; refuses damaged files, those
  // that others may read, and those of another server.
  [[nodiscard]] Result<federation::Identity> load_identity(Random& random) const;
  // What load_identity would refuse. Writes nothing.
  [[nodiscard]] Status check() const;

  // The key that waits to be certified where the root key is; made when none waits.
  [[nodiscard]] Result<federation::PublicKey> requested_key(Random& random) const;
  // Takes that key, certified, or one that is there with an earlier end. An error when it is
  // another one, or not certified by the root key.
  [[nodiscard]] Result<federation::OwnKey> add_key(const federation::KeyCertificate& given) const;

  // None yet: no rules.
  [[nodiscard]] Result<federation::Rules> load_rules() const;
  [[nodiscard]] Status save(const federation::Rules& rules) const;

  // Which life of this server it is, counted by restores from backups: 0 is the first.
  [[nodiscard]] Result<std::uint64_t> restore_epoch() const;
  // Larger than all before, even where the file is as old as the backup: it is a time in
  // milliseconds, if the clock is right.
  [[nodiscard]] Result<std::uint64_t> raise_restore_epoch(TimeMs now) const;

 private:
  [[nodiscard]] Result<federation::RootKeyFile> read_root() const;
  // Without the file: no keys, of nobody.
  [[nodiscard]] Result<federation::SigningKeysFile> read_signing() const;
  [[nodiscard]] Status write(const federation::SigningKeysFile& file) const;
  [[nodiscard]] Status save_key(const federation::SigningKey& certified, const Secret& seed) const;
  // Both files, as they belong together; `root` without a seed where it is kept elsewhere.
  [[nodiscard]] Result<federation::KeyFiles> read_keys() const;
  [[nodiscard]] Result<federation::KeyFiles> make_keys(Random& random) const;
  [[nodiscard]] bool is_empty() const;

  // Constant after construction
  std::filesystem::path folder_;
  std::string server_;
  bool is_root_offline_;
};

}  // namespace chatd::app
