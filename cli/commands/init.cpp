#include "cli/commands/init.hpp"

#include "cli/certificate.hpp"
#include "cli/safe_text.hpp"
#include "daemon/base/file.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/random.hpp"
#include "daemon/config/describe.hpp"
#include "daemon/config/load.hpp"
#include "federation/key_files.hpp"

#include <fmt/format.h>

#include <filesystem>

namespace chatd::cli {
namespace {

namespace fs = std::filesystem;

// `text` as a TOML string.
std::string toml_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// Gives `key` in `[section]` of the documented file its value, whether it is commented out or not.
void set(std::string& file, std::string_view section, std::string_view key,
         std::string_view value) {
  const std::size_t begin = file.find(fmt::format("\n[{}]\n", section));
  const std::size_t end = file.find("\n[", begin + 1);
  for (const std::string& start : {fmt::format("\n{} = ", key), fmt::format("\n# {} = ", key)}) {
    const std::size_t at = file.find(start, begin);
    if (at >= end) continue;
    const std::size_t line = at + 1;
    file.replace(line, file.find('\n', line) - line, fmt::format("{} = {}", key, value));
    return;
  }
}

Status check(const Init& wish, const fs::path& file) {
  if (!is_server_name(wish.name))
    return fail(
        Code::invalid_params,
        fmt::format("\"{}\" is no domain name in lower case, such as chat.example", wish.name));
  if (wish.certificate.has_value() != wish.key.has_value())
    return fail(Code::invalid_params, "--certificate and --key go together");
  if (wish.certificate && wish.is_self_signed)
    return fail(Code::invalid_params, "--self-signed makes a certificate: leave --certificate out");
  std::error_code error;
  if (fs::exists(file, error))
    return fail(Code::conflict, fmt::format("{} is there already; nothing was changed. Choose "
                                            "another folder, or edit that file",
                                            file.string()));
  return {};
}

// The documented file with this server's values filled in, found right.
Result<std::string> config_text(const Init& wish, const InitAnswer& places) {
  std::string text = config::default_config();
  set(text, "server", "name", toml_string(wish.name));
  set(text, "server", "data_dir", toml_string(places.data_dir));
  set(text, "tls", "certificate", toml_string(places.certificate));
  set(text, "tls", "key", toml_string(places.key));
  if (wish.contact) set(text, "server", "contact", toml_string(*wish.contact));
  if (wish.listen) set(text, "listen", "tls", "[" + toml_string(*wish.listen) + "]");
  const auto checked = config::parse(text, places.config);
  if (!checked) return fail(Code::invalid_params, checked.error().front().message);
  return text;
}

Status make_folder(const fs::path& path, fs::perms permissions) {
  std::error_code error;
  const bool is_new = fs::create_directories(path, error);
  if (!error && is_new) fs::permissions(path, permissions, error);
  if (error)
    return fail(Code::internal,
                fmt::format("{} can't be made: {}", path.string(), error.message()));
  return {};
}

// As the daemon would at its first start: so root.key can be taken away before. Those of a server
// that was here stay.
Status make_keys(const std::string& server, const fs::path& folder) {
  using namespace federation;
  std::error_code error;
  if (fs::exists(folder / kRootKeyFile, error) || fs::exists(folder / kSigningKeysFile, error))
    return {};
  CHATD_CHECK(make_folder(folder, fs::perms(0700)));
  SystemRandom random;
  CHATD_TRY(const KeyFiles keys, KeyFiles::make(server, random));
  CHATD_CHECK(create_file(folder / kRootKeyFile, to_text(keys.root).reveal(), kKeyFileMode));
  return create_file(folder / kSigningKeysFile, to_text(keys.signing).reveal(), kKeyFileMode);
}

std::string port_of(const Init& wish) {
  if (!wish.listen) return "8443";
  return wish.listen->substr(wish.listen->rfind(':') + 1);
}

std::vector<std::string> next_steps(const Init& wish, const InitAnswer& made) {
  std::vector<std::string> out;
  const std::string port = port_of(wish);
  if (wish.is_self_signed) {
    out.push_back(fmt::format("Trials only: clients must be told to trust {}.", made.certificate));
  } else if (!wish.certificate) {
    out.push_back(
        fmt::format("Put the certificate for {} with its chain at {} and its key at {}, "
                    "or change these paths in the configuration.",
                    wish.name, made.certificate, made.key));
  }
  out.push_back(
      fmt::format("Keep a copy of {} in a safe place: who has it is this server, and without it "
                  "other servers take a new one for somebody else.",
                  (fs::path(made.data_dir) / "federation" / federation::kRootKeyFile).string()));
  out.push_back(fmt::format("Let the folder belong to the user the daemon runs as: {}",
                            fs::path(made.config).parent_path().string()));
  out.push_back(
      fmt::format("DNS: an A and/or AAAA record for {} that points to this machine; "
                  "clients connect to port {}.",
                  wish.name, port));
  out.push_back(fmt::format(
      "Other servers look at https://{0}/.well-known/chatd on port 443: let a web server there "
      "pass "
      "that path on to port {1}, or add to the DNS: _chatd._tcp.{0}. IN SRV 0 0 {1} {0}.",
      wish.name, port));
  out.push_back(fmt::format("Start it: chatd --config {}", made.config));
  out.push_back(fmt::format("Then make the first account: chatctl --config {} user create NAME",
                            made.config));
  return out;
}

}  // namespace

Result<InitAnswer> init_server(const Init& wish, Context&) {
  std::error_code error;
  const fs::path folder = fs::absolute(wish.folder.text(), error).lexically_normal();
  if (error) return fail(Code::invalid_params, error.message());
  const auto absolute = [](const FileName& file) { return fs::absolute(file.text()).string(); };
  InitAnswer made{.config = (folder / "chatd.toml").string(),
                  .data_dir = (folder / "data").string(),
                  .certificate = wish.certificate ? absolute(*wish.certificate)
                                                  : (folder / "tls" / "fullchain.pem").string(),
                  .key = wish.key ? absolute(*wish.key) : (folder / "tls" / "privkey.pem").string(),
                  .next_steps = {}};
  CHATD_CHECK(check(wish, made.config));
  CHATD_TRY(const std::string text, config_text(wish, made));
  made.next_steps = next_steps(wish, made);

  CHATD_CHECK(make_folder(folder, fs::perms(0755)));
  CHATD_CHECK(make_folder(made.data_dir, fs::perms(0700)));
  CHATD_CHECK(make_keys(wish.name, fs::path(made.data_dir) / "federation"));
  if (!wish.certificate) CHATD_CHECK(make_folder(folder / "tls", fs::perms(0700)));
  if (wish.is_self_signed) {
    CHATD_TRY(const SelfSigned pair, make_self_signed(wish.name));
    CHATD_CHECK(create_file(made.key, pair.key.reveal(), 0600));
    CHATD_CHECK(create_file(made.certificate, pair.certificate, 0644));
  }
  // Last: once it is there, everything is.
  CHATD_CHECK(create_file(made.config, text, 0644));
  return made;
}

std::string print_init(const Json& answer) {
  std::string out =
      fmt::format("Made {}\n     {}\n\nWhat is left to do:\n", safe_line(text_at(answer, "config")),
                  safe_line(text_at(answer, "data_dir")));
  simdjson::dom::array steps;
  if (answer.at_key("next_steps").get(steps) != simdjson::SUCCESS) return out;
  int number = 0;
  for (const Json step : steps) {
    std::string_view text;
    if (step.get(text) == simdjson::SUCCESS)
      out += fmt::format("{}. {}\n", ++number, safe_line(text));
  }
  return out;
}

}  // namespace chatd::cli
