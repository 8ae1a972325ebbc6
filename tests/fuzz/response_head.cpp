// Any bytes as what another server answers over HTTP: a head, or words why it is none. What comes
// after a whole head changes nothing in it.

#include "daemon/net/response_head.hpp"

#include "daemon/base/assert.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd::net;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto head = read_response_head(bytes);
  if (!head || !*head) return 0;
  const ResponseHead& found = **head;
  CHATD_ASSERT(found.size <= size && bytes.substr(0, found.size).ends_with("\r\n\r\n"));
  CHATD_ASSERT(found.status >= 100 && found.status <= 999);
  for (const auto& [name, value] : found.fields)
    CHATD_ASSERT(!name.empty() && value.find("\r\n") == std::string::npos);
  const auto again = read_response_head(std::string(bytes.substr(0, found.size)) + "more");
  CHATD_ASSERT(again && *again && (*again)->fields == found.fields);
  const auto cut = read_response_head(bytes.substr(0, found.size - 1));
  CHATD_ASSERT(cut && !*cut);
  return 0;
}
