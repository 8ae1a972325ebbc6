#include "cli/document.hpp"

namespace chatd::cli {

Result<Document> Document::parse(std::string_view text) {
  Document document;
  document.parser_ = std::make_unique<simdjson::dom::parser>();
  if (const auto error =
          document.parser_->parse(text.data(), text.size(), true).get(document.root_))
    return fail(Code::invalid_json, simdjson::error_message(error));
  return document;
}

std::string_view text_at(const Json& object, std::string_view key) {
  std::string_view text;
  if (object.at_key(key).get(text) != simdjson::SUCCESS) return {};
  return text;
}

std::size_t size_at(const Json& object, std::string_view key) {
  simdjson::dom::array list;
  if (object.at_key(key).get(list) != simdjson::SUCCESS) return 0;
  return list.size();
}

}  // namespace chatd::cli
