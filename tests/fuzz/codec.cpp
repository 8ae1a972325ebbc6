// Any bytes as a client's frame: a request or a refusal, either of which can be answered; and what
// is kept of a frame is what was checked.

#include "daemon/wire/codec.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/wire/limits.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace chatd;
using namespace chatd::wire;

bool is_json(std::string_view text) {
  static simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
}

// `raw` was kept from `frame`: it is a piece of it, from brace to brace.
void check_kept(std::string_view frame, std::string_view raw) {
  CHATD_ASSERT(frame.find(raw) != std::string_view::npos);
  CHATD_ASSERT(raw.starts_with('{') && raw.ends_with('}') && is_json(raw));
}

// Read again on its own, the kept content is what it was.
void check_content(std::string_view frame, const Content& content, Decoder& decoder) {
  check_kept(frame, content.bytes);
  const std::string again = R"({"jsonrpc":"2.0","id":1,"method":"message.send","params":{"room":)"
                            R"("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8","client_msg_id":)"
                            R"("01890a5d-ac96-774b-bcce-b302099a8057","content":)" +
                            content.bytes + "}}";
  if (again.size() > kMaxFrameBytes) return;
  const Decoded decoded = decoder.decode(again);
  const auto* const request = std::get_if<Request>(&decoded);
  CHATD_ASSERT(request != nullptr);
  const auto& send = std::get<MessageSend>(request->params);
  CHATD_ASSERT(send.content.bytes == content.bytes);
  CHATD_ASSERT(send.content.reply_to == content.reply_to);
  CHATD_ASSERT(send.content.mentions == content.mentions);
}

// What was read is written as JSON that is read as the same.
template <class T>
void check_params(const T& params, Decoder& decoder) {
  const std::string text = to_json(params);
  CHATD_ASSERT(is_json(text));
  const std::string again = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(T::kMethod.name) +
                            R"(","params":)" + text + "}";
  if (again.size() > kMaxFrameBytes) return;
  const Decoded decoded = decoder.decode(again);
  const auto* const request = std::get_if<Request>(&decoded);
  CHATD_ASSERT(request != nullptr);
  CHATD_ASSERT(to_json(std::get<T>(request->params)) == text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static Decoder decoder;
  const std::string_view frame(reinterpret_cast<const char*>(data), size);
  const Decoded decoded = decoder.decode(frame);
  if (const auto* const bad = std::get_if<BadRequest>(&decoded)) {
    CHATD_ASSERT(!bad->error.message.empty());
    CHATD_ASSERT(is_peer_fault(bad->error.code));
    CHATD_ASSERT(is_json(encode_error(bad->id, bad->error)));
    return 0;
  }
  const Request& request = std::get<Request>(decoded);
  if (!request.id.empty()) CHATD_ASSERT(is_json(encode_answer(request.id, Nothing{})));
  std::visit(
      [&]<class T>(const T& params) {
        if constexpr (std::same_as<T, PluginCall>) {
          if (params.params != "{}") check_kept(frame, params.params);
        } else if constexpr (requires { params.content.bytes; }) {
          check_content(frame, params.content, decoder);
        } else {
          check_params(params, decoder);
        }
      },
      request.params);
  return 0;
}
