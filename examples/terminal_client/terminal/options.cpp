#include "options.hpp"

#include <cstdlib>
#include <string_view>

namespace terminal {

const char* const kUsage =
    R"(usage: chatd_terminal_client --user NAME [option...]

  --user NAME            the account: local part or full id (needed)
  --server HOST[:PORT]   where the server is; localhost:8443 unless told
  --ca FILE              trust these certificates (PEM) instead of the system's
  --password-file FILE   the password is FILE's first line; else it is asked for when needed
  --data DIR             where to keep the cache; ~/.local/share/chatd_terminal_client unless told
  --device NAME          what to call this device; "terminal" unless told
  --sign-up              make the account first
  --invite TOKEN         with --sign-up: the invite
  --display-name NAME    with --sign-up: the name that others see
  --script FILE          take commands from FILE (- for standard input) and print a transcript
  --help                 this text

Once inside, /help lists the commands. A script has the same commands and /wait (see README.md).
Exit: 0 well, 1 a script failed, 2 usage, 3 the server does not let us in, 4 this machine's trouble.
)";

namespace {

// HOST, HOST:PORT, [IPv6] or [IPv6]:PORT.
bool read_server(std::string_view text, Options& options) {
  const auto close = text.find(']');
  const bool is_bracketed = text.starts_with("[") && close != std::string_view::npos;
  const auto colon = text.find(':', is_bracketed ? close : 0);
  options.host = is_bracketed ? text.substr(1, close - 1) : text.substr(0, colon);
  if (colon != std::string_view::npos) options.port = text.substr(colon + 1);
  return !options.host.empty() && !options.port.empty();
}

std::string default_data_dir() {
  const char* data = std::getenv("XDG_DATA_HOME");
  if (data != nullptr && *data != '\0') return std::string(data) + "/chatd_terminal_client";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "." : home) + "/.local/share/chatd_terminal_client";
}

}  // namespace

client::Outcome<Options> read_options(int argc, char** argv) {
  Options options;
  std::string server;
  const struct {
    std::string_view name;
    std::string& value;
  } values[] = {
      {"--user", options.user},     {"--server", server},
      {"--ca", options.ca_file},    {"--password-file", options.password_file},
      {"--data", options.data_dir}, {"--device", options.device_name},
      {"--invite", options.invite}, {"--display-name", options.display_name},
      {"--script", options.script},
  };
  for (int i = 1; i < argc; ++i) {
    const std::string_view name = argv[i];
    bool is_known = true;
    if (name == "--help") {
      options.wants_help = true;
    } else if (name == "--sign-up") {
      options.is_sign_up = true;
    } else {
      is_known = false;
      for (const auto& value : values) {
        if (name != value.name) continue;
        if (i + 1 == argc) return {{}, std::string(name) + " needs a value"};
        value.value = argv[++i];
        is_known = true;
      }
    }
    if (!is_known) return {{}, "there is no option " + std::string(name)};
  }
  if (!server.empty() && !read_server(server, options))
    return {{}, "--server is not HOST or HOST:PORT"};
  if (options.data_dir.empty()) options.data_dir = default_data_dir();
  const bool is_user_fit = !options.user.empty() && options.user.front() != '.' &&
                           options.user.find('/') == std::string::npos;
  if (!options.wants_help && !is_user_fit) return {{}, "--user is missing or is no name"};
  return {options, {}};
}

std::string account_folder(const Options& options) {
  const bool is_full_id = options.user.find('@') != std::string::npos;
  return options.data_dir + "/" + options.user +
         (is_full_id ? std::string() : "@" + options.host + ":" + options.port);
}

}  // namespace terminal
