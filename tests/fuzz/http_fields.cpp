// Any bytes as the fields of an HTTP head: what is found in them lies in them.

#include "daemon/base/assert.hpp"
#include "daemon/net/http.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

bool is_part_of(std::string_view part, std::string_view whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace chatd::net;
  const std::string_view all(reinterpret_cast<const char*>(data), size);
  const std::size_t cut = std::min(all.find('\n'), all.size());
  const std::string_view one = all.substr(0, cut);
  const std::string_view other = all.substr(std::min(cut + 1, all.size()));

  CHATD_ASSERT(is_part_of(bearer_token(one), one));
  static_cast<void>(is_json(one));
  if (const auto length = parse_content_length(one)) {
    CHATD_ASSERT(!one.empty() && one.find_first_not_of("0123456789") == std::string_view::npos);
    CHATD_ASSERT(parse_content_length(std::to_string(*length)) == length);
  }
  // One item without blanks around it is in a list that begins with it.
  if (list_has(one, other, true)) CHATD_ASSERT(list_has(one, other, false));
  const std::string peer = forwarded_peer(one);
  CHATD_ASSERT(peer.empty() || forwarded_peer(peer) == peer);

  const std::vector<std::string> none;
  if (is_origin_allowed(one, other, none))
    CHATD_ASSERT(one.empty() || one.find("://") != std::string_view::npos);
  if (!one.empty()) CHATD_ASSERT(is_origin_allowed(one, other, {std::string(one)}));

  const std::string reply = encode_reply({200, "text/plain", std::string(other)}, {});
  CHATD_ASSERT(reply.ends_with("\r\n\r\n" + std::string(other)));
  return 0;
}
