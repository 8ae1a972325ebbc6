#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace chatd::core {

// JSON that the server sent; parts of it by JSON pointer ("/rooms/0/unread"). A part that is asked
// for and is not there, or is something else, fails the test.
class Json {
 public:
  Json() : Json("{}") {}
  explicit Json(std::string_view text);

  [[nodiscard]] bool has(const std::string& pointer) const;
  [[nodiscard]] Json at(const std::string& pointer) const;
  [[nodiscard]] std::string text(const std::string& pointer = "") const;
  [[nodiscard]] std::uint64_t number(const std::string& pointer = "") const;
  [[nodiscard]] bool flag(const std::string& pointer = "") const;
  [[nodiscard]] std::size_t size(const std::string& pointer = "") const;  // of a list
  [[nodiscard]] std::string raw() const { return simdjson::minify(here_); }

 private:
  using Element = simdjson::dom::element;
  Json(std::shared_ptr<simdjson::dom::parser> parser, Element here)
      : parser_(std::move(parser)), here_(here) {}
  [[nodiscard]] Element find(const std::string& pointer) const;

  std::shared_ptr<simdjson::dom::parser> parser_;
  Element here_;
};

}  // namespace chatd::core
