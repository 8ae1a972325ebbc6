#pragma once

#include "cli/argument.hpp"
#include "cli/context.hpp"
#include "cli/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace chatd::cli {

struct InitAnswer {
  std::string config;
  std::string data_dir;
  std::string certificate;
  std::string key;
  std::vector<std::string> next_steps;
  static void fields(auto& self, auto&& field) {
    field("config", self.config, "The configuration that was written.");
    field("data_dir", self.data_dir, "The folder of everything the server keeps.");
    field("certificate", self.certificate, "Where the certificate is, or is to be put.");
    field("key", self.key, "Where its private key is, or is to be put.");
    field("next_steps", self.next_steps, "What is left to do.");
  }
};

// A new server in a folder.
struct Init {
  using Answer = InitAnswer;
  std::string name;
  FileName folder;
  bool is_self_signed = false;
  std::optional<FileName> certificate;
  std::optional<FileName> key;
  std::optional<std::string> listen;
  std::optional<std::string> contact;
  static void fields(auto& self, auto&& field) {
    field("name", self.name, "The server's domain name, the part after @ in every user id.");
    field("folder", self.folder, "Where to put it all; made when it is not there.", kFileName);
    field("self_signed", self.is_self_signed,
          "Make a certificate for trials, which clients must be told to trust.");
    field("certificate", self.certificate, "The certificate with its chain, as PEM.", kFileName);
    field("key", self.key, "Its private key, as PEM.", kFileName);
    field("listen", self.listen, "The address to listen on; [::]:8443 unless told.");
    field("contact", self.contact, "How people reach the operator: a mail address or a page.");
  }
};

// Writes the configuration (checked), the data folder and the certificate. conflict when there is
// a configuration already; then nothing was changed.
[[nodiscard]] Result<InitAnswer> init_server(const Init& wish, Context& context);
[[nodiscard]] std::string print_init(const Json& answer);

}  // namespace chatd::cli
