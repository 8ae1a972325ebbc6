#include "daemon/net/https_get.hpp"

#include "daemon/net/http.hpp"
#include "daemon/net/response_head.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::net {
namespace {

constexpr std::size_t kMaxBytes = 64 * 1024;

}  // namespace

// In HTTP/1.0 an answer comes in one piece and not in chunks.
HttpsGet::HttpsGet(const TlsStream::Parts& parts, const Place& place, std::string_view path,
                   Done done)
    : request_(fmt::format("GET {} HTTP/1.0\r\nHost: {}\r\nAccept: application/json\r\n\r\n", path,
                           place.server)),
      done_(std::move(done)),
      stream_(parts, place, *this) {}

void HttpsGet::on_open() {
  stream_.write(request_);
  stream_.flush();
}

void HttpsGet::on_bytes(std::string_view bytes) {
  answer_ += bytes;
  if (auto status = look(); !status) return stream_.fail(std::move(status.error().message));
  if (is_whole_) stream_.fail({});
}

Status HttpsGet::look() {
  if (answer_.size() > kMaxBytes) return fail(Code::too_large, "its answer is too long");
  CHATD_TRY(const auto head, read_response_head(answer_));
  if (!head) return {};
  if (head->status != 200)
    return fail(Code::not_found, fmt::format("it answers with status {}", head->status));
  if (!head->field("transfer-encoding").empty())
    return fail(Code::invalid_request, "it answers in chunks, to HTTP/1.0");
  body_at_ = head->size;
  length_ = parse_content_length(head->field("content-length"));
  is_whole_ = length_ && answer_.size() - body_at_ >= *length_;
  return {};
}

// Where the length was not said, the proper end of the connection is the answer's.
void HttpsGet::on_end(std::string why) {
  if (why.empty() && !is_whole_ && (body_at_ == 0 || length_)) why = "it broke off its answer";
  if (!why.empty()) return done_(fail(Code::unavailable, std::move(why)));
  done_(answer_.substr(body_at_, length_.value_or(answer_.size())));
}

}  // namespace chatd::net
