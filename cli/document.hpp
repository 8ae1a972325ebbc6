#pragma once

#include "daemon/base/result.hpp"
#include "daemon/wire/decode.hpp"

#include <memory>
#include <string_view>

namespace chatd::cli {

using wire::Json;

// A piece of JSON and its tree.
class Document {
 public:
  // invalid_json when it is none.
  [[nodiscard]] static Result<Document> parse(std::string_view text);

  // Valid as long as this is.
  [[nodiscard]] const Json& root() const { return root_; }

 private:
  Document() = default;
  std::unique_ptr<simdjson::dom::parser> parser_;
  Json root_;
};

// The member `key` as text, number or list; empty or 0 where there is none of that type.
[[nodiscard]] std::string_view text_at(const Json& object, std::string_view key);
[[nodiscard]] std::size_t size_at(const Json& object, std::string_view key);

}  // namespace chatd::cli
