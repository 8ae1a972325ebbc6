#include "tests/unit/core/json.hpp"

#include <catch2/catch.hpp>

namespace chatd::core {
namespace {

template <class T>
T value_of(simdjson::dom::element element, const std::string& pointer) {
  T value{};
  if (element.get(value) != simdjson::SUCCESS) FAIL("another type at \"" << pointer << '"');
  return value;
}

}  // namespace

Json::Json(std::string_view text) : parser_(std::make_shared<simdjson::dom::parser>()) {
  if (parser_->parse(text.data(), text.size()).get(here_) != simdjson::SUCCESS)
    FAIL("the server sent what is not JSON: " << text);
}

Json::Element Json::find(const std::string& pointer) const {
  Element found;
  if (here_.at_pointer(pointer).get(found) != simdjson::SUCCESS)
    FAIL("nothing at \"" << pointer << "\" in " << raw());
  return found;
}

bool Json::has(const std::string& pointer) const {
  return here_.at_pointer(pointer).error() == simdjson::SUCCESS;
}

Json Json::at(const std::string& pointer) const { return {parser_, find(pointer)}; }

std::string Json::text(const std::string& pointer) const {
  return std::string(value_of<std::string_view>(find(pointer), pointer));
}

std::uint64_t Json::number(const std::string& pointer) const {
  return value_of<std::uint64_t>(find(pointer), pointer);
}

bool Json::flag(const std::string& pointer) const { return value_of<bool>(find(pointer), pointer); }

std::size_t Json::size(const std::string& pointer) const {
  return value_of<simdjson::dom::array>(find(pointer), pointer).size();
}

}  // namespace chatd::core
