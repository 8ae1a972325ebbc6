#pragma once

#include "federation/server_document.hpp"

#include <string>
#include <string_view>

// Two servers with fixed keys, and what they publish.
namespace tests {

inline constexpr chatd::TimeMs kNow = 1'700'000'000'000;
inline constexpr chatd::TimeMs kDay = 24 * 60 * 60 * 1000;

inline constexpr std::string_view kMontague = "montague.example";
inline constexpr std::string_view kCapulet = "capulet.example";

// The key pair whose seed is 32 times this byte.
[[nodiscard]] inline chatd::federation::KeyPair key_pair(char seed) {
  return *chatd::federation::KeyPair::from_seed(chatd::Secret(std::string(32, seed)));
}

// What a server with this root and this one signing key publishes today: key valid since yesterday
// for 30 days.
[[nodiscard]] inline chatd::federation::ServerDocument document_of(
    std::string_view server, const chatd::federation::KeyPair& root,
    const chatd::federation::KeyPair& key) {
  chatd::federation::ServerDocument document;
  document.server = server;
  document.root = root.public_key();
  document.issued = kNow - 1000;
  document.expires = document.issued + 7 * kDay;
  document.protocols = {1, 2};
  document.keys = {
      chatd::federation::certify(root, server, key.public_key(), {kNow - kDay, kNow + 29 * kDay})};
  document.endpoints = {{"link." + std::string(server), 443}, {std::string(server), 5443}};
  document.features = {"media", "presence"};
  document.limits = {100'000, 524'288, 100};
  document.contact = "abuse@" + std::string(server);
  sign(document, key);
  return document;
}

}  // namespace tests
