// Any bytes as a configuration file: mistakes, or a configuration that reads back as itself.

#include "daemon/base/assert.hpp"
#include "daemon/config/change.hpp"
#include "daemon/config/describe.hpp"
#include "daemon/config/load.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto first = chatd::config::parse(text, "/etc/chatd/chatd.toml");
  if (!first) {
    CHATD_ASSERT(!first.error().empty());
    for (const auto& mistake : first.error()) CHATD_ASSERT(!mistake.text().empty());
    return 0;
  }
  const auto may_show = [](std::string_view, std::string_view) { return true; };
  const auto again =
      chatd::config::parse(chatd::config::effective(*first, may_show), "/etc/chatd/chatd.toml");
  CHATD_ASSERT(again.has_value());
  CHATD_ASSERT(chatd::config::changes(*first, *again).empty());
  return 0;
}
