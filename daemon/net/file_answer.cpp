#include "daemon/net/file_answer.hpp"

#include "daemon/net/http.hpp"

#include <fmt/format.h>

#include <iterator>

namespace chatd::net {
namespace {

// What a page from here may do: nothing with anybody else. 'self' includes WebSockets of this host
// (Content Security Policy level 3; Chrome since 71, Safari since 16). Styles and scripts come from
// files only; data: and blob: are pictures that the client made itself.
constexpr std::string_view kProtection =
    "Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; worker-src 'self'; img-src 'self' data: blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), "
    "payment=(), usb=()\r\n"
    "Referrer-Policy: no-referrer\r\n"
    "X-Content-Type-Options: nosniff\r\n";
// A year, for this host name alone: what else the domain serves is not ours to decide.
constexpr std::string_view kOnlyTls = "Strict-Transport-Security: max-age=31536000\r\n";

// A place inside the client rather than a file that is missing.
bool is_place(const FileRequest& request) {
  const std::string_view name = request.path.substr(request.path.rfind('/') + 1);
  return name.find('.') == std::string_view::npos && accepts(request.accept, "text/html");
}

const StaticBody& choose(const StaticFile& file, std::string_view accept_encoding) {
  for (const StaticBody& body : file.bodies)
    if (!body.coding.empty() && accepts(accept_encoding, body.coding)) return body;
  return file.bodies.back();
}

}  // namespace

std::optional<FileAnswer> answer_file(const StaticFiles& files, const FileRequest& request) {
  const StaticFile* file = files.find(request.path);
  if (file == nullptr && is_place(request)) file = &files.index();
  if (file == nullptr) return std::nullopt;
  const StaticBody& body = choose(*file, request.accept_encoding);
  const bool is_known = has_etag(request.if_none_match, body.etag);

  FileAnswer answer;
  const auto to = std::back_inserter(answer.head);
  fmt::format_to(to, "HTTP/1.1 {}\r\nCache-Control: {}\r\nETag: {}\r\n",
                 is_known ? "304 Not Modified" : "200 OK",
                 file->is_immutable ? "public, max-age=31536000, immutable" : "no-cache",
                 body.etag);
  if (file->bodies.size() > 1) answer.head += "Vary: Accept-Encoding\r\n";
  answer.head += kProtection;
  if (request.is_tls) answer.head += kOnlyTls;
  if (!request.keep_alive) answer.head += "Connection: close\r\n";
  if (!is_known) {
    if (!body.coding.empty()) fmt::format_to(to, "Content-Encoding: {}\r\n", body.coding);
    fmt::format_to(to, "Content-Type: {}\r\nContent-Length: {}\r\n", file->type,
                   body.bytes->size());
    if (!request.is_head) answer.body = body.bytes;
  }
  answer.head += "\r\n";
  return answer;
}

}  // namespace chatd::net
