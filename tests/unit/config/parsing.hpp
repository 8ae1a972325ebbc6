#pragma once

#include "daemon/config/load.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

// A configuration's text and what became of it.
namespace chatd::config {

inline constexpr const char* kFile = "/etc/chatd/chatd.toml";

// The least that is right; on lines 1 to 6.
inline const std::string kLeast =
    "[server]\n"
    "name = \"chat.example\"\n"
    "data_dir = \"data\"\n"
    "[tls]\n"
    "certificate = \"tls/cert.pem\"\n"
    "key = \"/secret/key.pem\"\n";

inline Config right(const std::string& text) {
  const auto config = parse(text, kFile);
  if (!config) FAIL(config.error().front().text());
  return *config;
}

// "line:column: message" of each mistake.
inline std::vector<std::string> mistakes(std::string_view text) {
  const auto config = parse(text, kFile);
  std::vector<std::string> out;
  if (config) return out;
  for (const Mistake& mistake : config.error())
    out.push_back(std::to_string(mistake.line) + ":" + std::to_string(mistake.column) + ": " +
                  mistake.message);
  return out;
}

inline std::string only_mistake(const std::string& text) {
  const auto all = mistakes(text);
  REQUIRE(all.size() == 1);
  return all.front();
}

}  // namespace chatd::config
