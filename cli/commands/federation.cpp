#include "daemon/wire/methods/federation.hpp"

#include "cli/command.hpp"
#include "cli/safe_text.hpp"
#include "daemon/base/file.hpp"
#include "federation/key_certificate.hpp"
#include "federation/key_files.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <chrono>

namespace chatd::cli {
namespace {

struct KeysCertifyAnswer {
  std::string server;
  std::string key;
  TimeMs from = 0;
  TimeMs until = 0;
  std::string certificate;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "Whose key it is.");
    field("key", self.key, "Its id.");
    field("from", self.from, "Valid from.");
    field("until", self.until, "Valid until.");
    field("certificate", self.certificate, "The text for `federation keys add`.");
  }
};

struct KeysCertify {
  using Answer = KeysCertifyAnswer;
  std::string request;
  FileName root;
  std::optional<std::uint32_t> days;
  static void fields(auto& self, auto&& field) {
    field("request", self.request, "What `federation keys request` printed on the server.",
          wire::Bounds{.max_code_points = 1024});
    field("root", self.root, "The file root.key.", kFileName);
    field("days", self.days, "For how many days; 90 unless told, which is the most.",
          wire::Bounds{.max_value = 90});
  }
};

// Signs with the root key, where it is kept: no daemon is asked.
Result<KeysCertifyAnswer> certify_key(const KeysCertify& wish, Context&) {
  using namespace federation;
  const auto lifetime = wish.days ? std::chrono::days(*wish.days) : kMaxKeyLifetime;
  CHATD_TRY(const KeyRequest request, KeyRequest::parse(wish.request));
  CHATD_TRY(const Secret text, read_secret_file(wish.root.text(), kMaxKeyFileBytes));
  auto file = parse_root_key_file(text.reveal());
  if (!file)
    return fail(Code::invalid_params,
                fmt::format("{} is no root key: {}", wish.root.text(), file.error().message));
  if (file->server != request.server)
    return fail(Code::conflict, fmt::format("the request is of {}, and {} is the root key of {}",
                                            request.server, wish.root.text(), file->server));
  CHATD_TRY(const KeyPair root, KeyPair::from_seed(file->seed));
  if (request.until != 0 && wish.days)
    return fail(Code::invalid_params, "the request says itself when the key is to end");
  const TimeMs until = request.until != 0 ? request.until : request.from + Millis(lifetime).count();
  const Validity validity{request.from, until};
  const KeyCertificate certificate{request.server,
                                   certify(root, request.server, request.key, validity)};
  if (const Status good = check(certificate.key, root.public_key(), request.server); !good)
    return fail(Code::invalid_params, good.error().message);
  return KeysCertifyAnswer{request.server, request.key.id().text(), validity.from, validity.until,
                           certificate.text()};
}

std::string print_check(const Json& answer) {
  simdjson::dom::array steps;
  if (answer.at_key("steps").get(steps) != simdjson::SUCCESS) return {};
  std::string out;
  for (const Json step : steps) {
    bool is_good = false;
    if (step.at_key("good").get(is_good) != simdjson::SUCCESS) is_good = false;
    out += fmt::format("{:<5}  {:<9}  {:<6}  {}\n", safe_line(text_at(step, "side")),
                       safe_line(text_at(step, "step")), is_good ? "ok" : "FAILED",
                       safe_line(text_at(step, "words")));
  }
  return out;
}

std::string print_request(const Json& answer) {
  const std::string request = safe_line(text_at(answer, "request"));
  return fmt::format(
      "{0}\n\nWhere root.key is: chatctl federation keys certify {0} root.key\nand what that "
      "prints "
      "here: chatctl federation keys add CERTIFICATE\n",
      request);
}

// Where the root key is elsewhere, what is to be done there; else what came of it.
std::string print_end(const Json& answer) {
  if (answer.at_key("request").error() == simdjson::SUCCESS) return print_request(answer);
  simdjson::dom::array keys;
  if (answer.at_key("keys").get(keys) != simdjson::SUCCESS) return {};
  std::string out;
  for (const Json key : keys)
    out +=
        fmt::format("{}  {}\n", safe_line(text_at(key, "key")), safe_line(text_at(key, "state")));
  return out;
}

}  // namespace

std::vector<Command> federation_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminFederationStatus>("federation status"));
  out.push_back(remote<wire::AdminFederationPeers>(
      "federation peers",
      {.columns = "server link since outbox rooms_fed rooms_followed unreachable_since",
       .positional = "servers"}));
  out.push_back(remote<wire::AdminFederationCheck>(
      "federation check", {.problems = "problems", .print = &print_check}));
  out.push_back(remote<wire::AdminFederationPeerShow>("federation peer show"));
  out.push_back(remote<wire::AdminFederationPeerAccept>(
      "federation peer accept",
      {.warning = "Whoever has the new root key is this server from now on. Ask its admin, by "
                  "another way than this server, whether the key shown is theirs.",
       .preview = "federation peer show"}));
  out.push_back(remote<wire::AdminFederationRetry>("federation retry"));
  out.push_back(remote<wire::AdminFederationPause>("federation pause"));
  out.push_back(remote<wire::AdminFederationResume>("federation resume"));
  out.push_back(remote<wire::AdminFederationAllow>("federation allow"));
  out.push_back(remote<wire::AdminFederationDeny>(
      "federation deny",
      {.warning = "Links with these servers end: people here and there no longer reach each other, "
                  "until it is taken back.",
       .preview = "federation peers"}));
  out.push_back(remote<wire::AdminFederationRuleList>("federation rule list"));
  out.push_back(remote<wire::AdminFederationRuleRemove>("federation rule remove"));
  out.push_back(remote<wire::AdminFederationKeysShow>("federation keys show"));
  out.push_back(remote<wire::AdminFederationKeysRotate>("federation keys rotate"));
  out.push_back(remote<wire::AdminFederationKeysEnd>(
      "federation keys end",
      {.warning = "What was signed with this key and has not arrived yet is not believed any more, "
                  "and is handed in again.",
       .preview = "federation keys show",
       .print = &print_end}));
  out.push_back(remote<wire::AdminFederationKeysRequest>("federation keys request",
                                                         {.print = &print_request}));
  out.push_back(local<KeysCertify, &certify_key>(
      "federation keys certify",
      {.summary =
           "Certifies a signing key with the root key, on the machine where that is kept."}));
  out.push_back(remote<wire::AdminFederationKeysAdd>("federation keys add"));
  out.push_back(
      remote<wire::AdminFederationCacheShow>("federation cache show", {.positional = "server"}));
  out.push_back(
      remote<wire::AdminFederationCacheFlush>("federation cache flush", {.positional = "server"}));
  out.push_back(remote<wire::AdminFederationRestored>("federation restored"));
  return out;
}

}  // namespace chatd::cli
