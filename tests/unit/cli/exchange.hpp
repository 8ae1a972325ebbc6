#pragma once

#include "cli/document.hpp"
#include "tests/unit/cli/fake_daemon.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <string_view>
#include <vector>

// What the cases about whole runs of chatctl say and look for.
namespace chatd::cli {

inline constexpr const char* kRoom = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

// A daemon that answers each request with this result.
inline FakeDaemon::Answer always(std::string result) {
  return [result](const std::string& frame) { return result_frame(frame, result); };
}

inline bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

// "params" of a frame as JSON.
inline std::string params_of(const std::string& frame) {
  const auto document = Document::parse(frame);
  REQUIRE(document);
  return simdjson::minify(Json(document->root().at_key("params")));
}

inline std::vector<std::string> words_of(std::string_view words) {
  std::vector<std::string> out(1);
  for (const char c : words) {
    if (c == ' ') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  return out;
}

}  // namespace chatd::cli
