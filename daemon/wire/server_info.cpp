#include "daemon/wire/server_info.hpp"

#include "daemon/base/encoding.hpp"

#include <simdjson.h>

namespace chatd::wire {

Result<std::string> read_server_document(std::string_view json) {
  simdjson::dom::parser parser;
  simdjson::dom::element page;
  std::string_view text;
  if (parser.parse(json.data(), json.size()).get(page) != simdjson::SUCCESS)
    return fail(Code::invalid_json, "what it says of itself is not JSON");
  if (page["document"].get(text) != simdjson::SUCCESS)
    return fail(Code::not_found, "it has no server document: it lets no other servers in");
  auto bytes = from_base64url(text);
  if (!bytes) return fail(Code::invalid_params, "its server document is not base64url");
  return bytes;
}

}  // namespace chatd::wire
