// Any bytes as the page where a server says who it is: its document's bytes, or words why not.

#include "daemon/base/assert.hpp"
#include "daemon/base/encoding.hpp"
#include "daemon/wire/server_info.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using chatd::wire::read_server_document;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto found = read_server_document(bytes);
  CHATD_ASSERT(found || !found.error().message.empty());
  const std::string page = fmt::format(R"({{"document":"{}","more":1}})", chatd::base64url(bytes));
  CHATD_ASSERT(read_server_document(page) == bytes);
  return 0;
}
