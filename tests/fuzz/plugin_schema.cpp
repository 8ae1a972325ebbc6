// A plugin's config schema, and an admin's value for each of its keys: any text gives a schema or a
// sentence, any value its plain form or a sentence.
#include <chatd/schema.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  // The schema up to the first NUL, the value behind it.
  const std::size_t nul = input.find('\0');
  const std::string_view value = nul == input.npos ? "" : input.substr(nul + 1);
  const auto schema = chatd::sdk::parse_schema(input.substr(0, nul));
  if (!schema.ok() && !schema.value.empty()) std::abort();
  for (const chatd::sdk::SchemaKey& key : schema.value) {
    const auto plain = chatd::sdk::plain_form(key, value);
    // A default is a value like any other, and the plain form of a number is itself a number.
    if (key.is_required && key.fallback) std::abort();
    if (plain.ok() && key.type == chatd::sdk::SchemaType::integer &&
        chatd::sdk::plain_form(key, plain.value).value != plain.value)
      std::abort();
  }
  return 0;
}
