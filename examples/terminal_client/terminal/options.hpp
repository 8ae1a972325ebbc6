#pragma once

#include "env.hpp"
#include <string>

namespace terminal {

// What the process ends with.
enum class Exit : int {
  ok = 0,
  failed = 1,   // a script's command failed, or it waited in vain
  usage = 2,    // the command line makes no sense
  refused = 3,  // the server does not let this account or device in
  broken = 4,   // this machine: the cache, the CA file, the script can't be used
};

struct Options {
  std::string host = "localhost";
  std::string port = "8443";
  std::string ca_file;
  std::string user;
  std::string password_file;
  std::string data_dir;
  std::string device_name = "terminal";
  std::string script;  // empty: a person types
  std::string invite;
  std::string display_name;
  bool is_sign_up = false;
  bool wants_help = false;
};

extern const char* const kUsage;

[[nodiscard]] client::Outcome<Options> read_options(int argc, char** argv);

// The folder of this account: <data_dir>/<user>, with the server's address if the user is not a
// full id.
[[nodiscard]] std::string account_folder(const Options& options);

}  // namespace terminal
