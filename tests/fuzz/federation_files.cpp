// Any bytes as what federation keeps in files, or a person carries between machines: an error, or
// what writes and reads back as the same.

#include "daemon/base/assert.hpp"
#include "federation/key_certificate.hpp"
#include "federation/key_files.hpp"
#include "federation/rules.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace chatd;
using namespace chatd::federation;

template <class Parsed, class Write, class Parse>
void round_trip(const Parsed& parsed, Write write, Parse parse) {
  if (!parsed) {
    CHATD_ASSERT(!parsed.error().message.empty());
    return;
  }
  const std::string text(write(*parsed));
  const auto again = parse(text);
  CHATD_ASSERT(again.has_value());
  CHATD_ASSERT(std::string(write(*again)) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto secret = [](const auto& file) { return std::string(to_text(file).reveal()); };
  const auto plain = [](const auto& value) { return value.text(); };
  round_trip(parse_root_key_file(bytes), secret, parse_root_key_file);
  round_trip(parse_signing_keys_file(bytes), secret, parse_signing_keys_file);
  round_trip(Rules::parse(bytes), plain, Rules::parse);
  round_trip(KeyRequest::parse(bytes), plain, KeyRequest::parse);
  round_trip(KeyCertificate::parse(bytes), plain, KeyCertificate::parse);
  return 0;
}
