// Any bytes as a server document: an error, or a document whose form they are.

#include "federation/server_document.hpp"

#include "daemon/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd;
  using namespace chatd::federation;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto document = decode_document(bytes);
  if (!document) {
    CHATD_ASSERT(!document.error().message.empty());
    return 0;
  }
  CHATD_ASSERT(encode(*document) == bytes);
  const Status verdict = verify(*document, "montague.example", 1'700'000'000'000);
  CHATD_ASSERT(verdict || !verdict.error().message.empty());
  return 0;
}
