#include "cli/daemon.hpp"

#include "daemon/wire/json_text.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/methods/admin.hpp"

#include <fmt/format.h>

#include <chrono>

namespace chatd::cli {
namespace {

// A busy daemon sends other things between; more than these before the answer is no chatd.
constexpr int kMaxFramesBetween = 1000;

tl::unexpected<Error> not_chatd(std::string_view what) {
  return fail(Code::internal,
              fmt::format("what answered does not talk like chatd ({}): is --socket its control "
                          "socket, and chatctl of the same version?",
                          what));
}

Result<Document> parse_frame(std::string_view frame) {
  auto document = Document::parse(frame);
  if (!document) return not_chatd(document.error().message);
  if (!document->root().is_object() || text_at(document->root(), "jsonrpc") != "2.0")
    return not_chatd("no JSON-RPC");
  return document;
}

Error error_of(const Json& json) {
  Json data;
  if (json.at_key("data").get(data) != simdjson::SUCCESS) data = json;
  const std::string_view word = text_at(data, "code");
  for (int i = 0; i < kCodeCount; ++i)
    if (name(static_cast<Code>(i)) == word)
      return {static_cast<Code>(i), std::string(text_at(json, "message"))};
  return {Code::internal, std::string(text_at(json, "message"))};
}

}  // namespace

Status Daemon::connect() {
  if (socket_) return {};
  CHATD_TRY(const std::string path, find_socket_());
  CHATD_TRY(SocketClient client, SocketClient::connect(path));
  socket_.emplace(std::move(client));
  return {};
}

Result<std::string> Daemon::call(std::string_view method, std::string_view params) {
  CHATD_CHECK(connect());
  const Monotonic deadline = std::chrono::steady_clock::now() + patience_;
  const std::uint64_t id = ++last_id_;
  std::string request = fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":)", id);
  wire::append_string(request, method);
  request.append(R"(,"params":)").append(params).append("}");
  CHATD_CHECK(socket_->send(request, deadline));

  for (int i = 0; i < kMaxFramesBetween; ++i) {
    auto frame = socket_->receive(deadline, wire::kMaxControlReplyBytes);
    if (!frame && (frame.error().code == Code::timeout || frame.error().code == Code::unavailable))
      return fail(Code::timeout, frame.error().message + "; whether it was done is unknown");
    if (!frame) return fail(std::move(frame).error());
    CHATD_TRY(const Document document, parse_frame(*frame));
    const Json& root = document.root();
    Json member;
    std::uint64_t reply_id = 0;
    if (root.at_key("method").get(member) == simdjson::SUCCESS) continue;  // an event
    if (root.at_key("error").get(member) == simdjson::SUCCESS) return fail(error_of(member));
    if (root.at_key("id").get(reply_id) != simdjson::SUCCESS || reply_id != id)
      return not_chatd("an answer to something else");
    if (root.at_key("result").get(member) != simdjson::SUCCESS)
      return not_chatd("neither result nor error");
    return simdjson::minify(member);
  }
  return not_chatd("no answer among many frames");
}

Result<std::string> Daemon::next_event(std::string_view name) {
  CHATD_CHECK(connect());
  for (;;) {
    CHATD_TRY(const std::string frame, socket_->receive(kNoDeadline, wire::kMaxControlReplyBytes));
    CHATD_TRY(const Document document, parse_frame(frame));
    Json params;
    if (text_at(document.root(), "method") != name) continue;
    if (document.root().at_key("params").get(params) != simdjson::SUCCESS)
      return not_chatd("an event without parameters");
    return simdjson::minify(params);
  }
}

Status Daemon::wait_until_gone() {
  const Monotonic deadline = std::chrono::steady_clock::now() + patience_;
  for (;;) {
    const auto frame = socket_->receive(deadline, wire::kMaxControlReplyBytes);
    if (frame) continue;
    if (frame.error().code == Code::unavailable) return {};
    return fail(frame.error());
  }
}

Result<std::string> Daemon::server_name() {
  if (server_name_.empty()) {
    CHATD_TRY(const std::string answer, call(wire::AdminStatus::kMethod.name, "{}"));
    CHATD_TRY(const Document document, Document::parse(answer));
    server_name_ = text_at(document.root(), "server");
  }
  return server_name_;
}

}  // namespace chatd::cli
