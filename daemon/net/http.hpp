#pragma once

#include "daemon/net/options.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What HTTP needs beyond libwebsockets: reading header values, writing replies. No I/O; total: any
// bytes give an answer.
namespace chatd::net {

// The token of `Authorization: Bearer <token>`; empty when it is something else.
[[nodiscard]] std::string_view bearer_token(std::string_view authorization);
// Whether a Content-Type is JSON, with or without parameters.
[[nodiscard]] bool is_json(std::string_view content_type);
// Whether a comma-separated list (Sec-WebSocket-Protocol, Connection) has `wanted`; letter case
// counts only where `is_exact`.
[[nodiscard]] bool list_has(std::string_view list, std::string_view wanted, bool is_exact);
// Whether Accept or Accept-Encoding takes `wanted`: named, or any ("*"), with a weight above 0.
[[nodiscard]] bool accepts(std::string_view list, std::string_view wanted);
// Whether If-None-Match names this ETag (with its quotes), weak or strong, or any ("*").
[[nodiscard]] bool has_etag(std::string_view list, std::string_view etag);
// Content-Length: digits only.
[[nodiscard]] std::optional<std::uint64_t> parse_content_length(std::string_view text);
// The last address of X-Forwarded-For: the one our own proxy added. Empty when it is no address.
[[nodiscard]] std::string forwarded_peer(std::string_view x_forwarded_for);

// Whether a page of `origin` may talk to us: no page at all (empty origin), one from `host` itself,
// or one of the allowed.
[[nodiscard]] bool is_origin_allowed(std::string_view origin, std::string_view host,
                                     const std::vector<std::string>& allowed);

// How a reply is to be written.
struct ReplyForm {
  bool is_head = false;  // headers only
  bool keep_alive = true;
  std::string allowed_origin = {};        // CORS: who may read it; empty: nobody
  std::string_view allowed_methods = {};  // of a 405: those that are served there
};
// The whole response, headers and body.
[[nodiscard]] std::string encode_reply(const HttpReply& reply, const ReplyForm& form);
// The answer to a browser's question whether it may POST.
[[nodiscard]] std::string encode_preflight_reply(const ReplyForm& form);
// {"error":{"status":404,"message":"..."}}
[[nodiscard]] HttpReply error_reply(int status, std::string_view message);

}  // namespace chatd::net
