// Any bytes as the fields of an HTTP head: what is found in them lies in them.

#include "daemon/base/assert.hpp"
#include "daemon/net/file_answer.hpp"
#include "daemon/net/http.hpp"
#include "tests/support/temp_folder.hpp"

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>

namespace {

// Two files, one of them compressed too.
std::shared_ptr<const chatd::net::StaticFiles> make_files() {
  const chatd::tests::TempFolder folder;
  std::ofstream(folder.path() / "index.html") << "page";
  std::ofstream(folder.path() / "a.js") << "";
  std::ofstream(folder.path() / "a.js.br") << "\x3b";  // nothing, in brotli
  return *chatd::net::StaticFiles::load(folder.path());
}

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

  // A weight may only forbid what the name alone allows.
  if (accepts(one, "br")) CHATD_ASSERT(one.find_first_of("bB*") != std::string_view::npos);
  if (has_etag(one, other)) CHATD_ASSERT(one.size() >= other.size() || one.find('*') != one.npos);
  static const auto files = make_files();
  for (const std::string_view path : {one, std::string_view("/a.js")}) {
    const auto answer = answer_file(
        *files, {.path = path, .accept = other, .accept_encoding = one, .if_none_match = other});
    if (!answer) continue;
    // Nothing of the request comes back.
    CHATD_ASSERT(answer->head.ends_with("\r\n\r\n") && answer->head.size() < 1'000);
    CHATD_ASSERT((answer->body != nullptr) == answer->head.starts_with("HTTP/1.1 200 OK\r\n"));
  }

  const std::vector<std::string> none;
  if (is_origin_allowed(one, other, none))
    CHATD_ASSERT(one.empty() || one.find("://") != std::string_view::npos);
  if (!one.empty()) CHATD_ASSERT(is_origin_allowed(one, other, {std::string(one)}));

  const std::string reply = encode_reply({200, "text/plain", std::string(other)}, {});
  CHATD_ASSERT(reply.ends_with("\r\n\r\n" + std::string(other)));
  return 0;
}
