#include "daemon/wire/codec.hpp"

#include "daemon/wire/decode.hpp"
#include "daemon/wire/limits.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <initializer_list>
#include <unordered_map>

namespace chatd::wire {

struct detail::Parsers {
  simdjson::dom::parser dom;
  simdjson::ondemand::parser ondemand;
  std::string buffer;  // the frame, with the room behind it that simdjson wants
  std::size_t size = 0;

  // The exact text of the object at `path`, a member of the frame's object or one of its members'.
  // The whole frame was found valid before, and no member on the way is there twice.
  Result<std::string> raw_object(std::initializer_list<std::string_view> path) {
    simdjson::ondemand::document document;
    simdjson::ondemand::object object;
    const simdjson::padded_string_view view(buffer.data(), size, buffer.size());
    auto error = ondemand.iterate(view).get(document);
    if (error == simdjson::SUCCESS) error = document.get_object().get(object);
    for (const std::string_view key : path) {
      if (error == simdjson::SUCCESS) error = enter(object, key);
    }
    std::string_view raw;
    if (error == simdjson::SUCCESS) error = object.raw_json().get(raw);
    if (error != simdjson::SUCCESS) return wrong(*(path.end() - 1), "is not an object");
    return std::string(raw.substr(0, raw.rfind('}') + 1));  // raw_json takes what blanks follow
  }

 private:
  // Not simdjson's look-up by key: that one does not see a key that is written with escapes.
  static simdjson::error_code enter(simdjson::ondemand::object& object, std::string_view key) {
    for (auto field : object) {
      std::string_view name;
      if (const auto error = field.unescaped_key().get(name)) return error;
      if (name == key) return field.value().get_object().get(object);
    }
    return simdjson::NO_SUCH_FIELD;
  }
};

namespace {

using detail::kMaxQuotedBytes;
using detail::Parsers;

constexpr std::size_t kFirstCapacity = 4096;

using ParseParams = Result<Params> (*)(const Json& params, Parsers& parsers);

template <class T>
Result<Params> parse_params(const Json& json, Parsers& parsers) {
  T params;
  CHATD_CHECK(read_object(json, params, "params"));
  if constexpr (requires { params.content.bytes; }) {
    CHATD_TRY(params.content.bytes, parsers.raw_object({"params", "content"}));
  }
  return Params(std::move(params));
}

const std::unordered_map<std::string_view, ParseParams>& table() {
  static const auto rows = [] {
    std::unordered_map<std::string_view, ParseParams> made;
    for_each_method([&]<class T>() { made.emplace(T::kMethod.name, &parse_params<T>); });
    return made;
  }();
  return rows;
}

// The request's id as JSON text; empty for none.
Result<std::string> read_id(const simdjson::dom::object& request) {
  Json id;
  if (request.at_key("id").get(id) != simdjson::SUCCESS) return std::string();
  if (id.is_int64() || id.is_uint64()) return simdjson::minify(id);
  std::string_view text;
  if (id.get(text) != simdjson::SUCCESS || text.size() > kMaxRequestIdBytes)
    return fail(Code::invalid_request, "\"id\" is neither a whole number nor a short string");
  std::string out;
  append_string(out, text);
  return out;
}

Status check_members(const simdjson::dom::object& request) {
  constexpr std::array<std::string_view, 4> kMembers{"jsonrpc", "id", "method", "params"};
  std::array<bool, kMembers.size()> seen{};
  for (const auto field : request) {
    const auto member = std::find(kMembers.begin(), kMembers.end(), field.key);
    if (member == kMembers.end())
      return fail(Code::invalid_request, fmt::format("\"{}\" is not a member of a request",
                                                     first_bytes(field.key, kMaxQuotedBytes)));
    if (std::exchange(seen[static_cast<std::size_t>(member - kMembers.begin())], true))
      return fail(Code::invalid_request, fmt::format("\"{}\" is given twice", field.key));
  }
  std::string_view version;
  if (request.at_key("jsonrpc").get(version) != simdjson::SUCCESS || version != "2.0")
    return fail(Code::invalid_request, "\"jsonrpc\" is not \"2.0\"");
  if (!request.at_key("method").is_string())
    return fail(Code::invalid_request, "\"method\" is missing or not a string");
  return {};
}

// What a request asks for; its members were checked.
Result<Params> read_params(const simdjson::dom::object& request, Parsers& parsers) {
  const std::string_view method = request.at_key("method").get_string().value_unsafe();
  static simdjson::dom::parser empty_parser;
  static const Json empty = empty_parser.parse(std::string_view("{}")).value();
  Json params = empty;
  const bool has_params = request.at_key("params").get(params) == simdjson::SUCCESS;

  if (const auto row = table().find(method); row != table().end())
    return row->second(params, parsers);
  if (!method.starts_with("x.") || method.size() > kMaxPluginMethodBytes)
    return fail(Code::unknown_method,
                fmt::format("there is no method \"{}\"", first_bytes(method, kMaxQuotedBytes)));
  PluginCall call{std::string(method), "{}"};
  if (has_params) {
    CHATD_TRY(call.params, parsers.raw_object({"params"}));
  }
  return Params(std::move(call));
}

}  // namespace

Decoder::Decoder() : parsers_(std::make_unique<Parsers>()) {
  // Starts small and grows with the frames, which are bounded. simdjson refuses what reaches the
  // depth that it is given.
  if (parsers_->dom.allocate(kFirstCapacity, kMaxJsonDepth + 1) != simdjson::SUCCESS) std::abort();
}
Decoder::Decoder(Decoder&&) noexcept = default;
Decoder& Decoder::operator=(Decoder&&) noexcept = default;
Decoder::~Decoder() = default;

Decoded Decoder::decode(std::string_view frame) {
  if (frame.size() > kMaxFrameBytes)
    return BadRequest{
        "null", {Code::too_large, fmt::format("a message has at most {} bytes", kMaxFrameBytes)}};
  Parsers& parsers = *parsers_;
  parsers.buffer.assign(frame);
  parsers.buffer.resize(frame.size() + simdjson::SIMDJSON_PADDING);
  parsers.size = frame.size();

  Json json;
  if (const auto error = parsers.dom.parse(parsers.buffer.data(), frame.size(), false).get(json))
    return BadRequest{"null", {Code::invalid_json, simdjson::error_message(error)}};
  simdjson::dom::object request;
  if (json.get(request) != simdjson::SUCCESS)
    return BadRequest{"null",
                      {Code::invalid_request, "a request is one JSON object; lists are not taken"}};
  auto id = read_id(request);
  if (!id) return BadRequest{"null", std::move(id).error()};
  if (auto status = check_members(request); !status)
    return BadRequest{id->empty() ? "null" : *std::move(id), std::move(status).error()};
  auto params = read_params(request, parsers);
  if (!params) return BadRequest{*std::move(id), std::move(params).error()};
  return Request{*std::move(id), *std::move(params)};
}

std::string encode_error(std::string_view id, const Error& error) {
  std::string out = R"({"jsonrpc":"2.0","id":)";
  out += id.empty() ? "null" : id;
  out += R"(,"error":{"code":)";
  append_number(out, std::int64_t{rpc_number(error.code)});
  out += R"(,"message":)";
  const bool has_words = is_peer_fault(error.code) && !error.message.empty();
  append_string(out, has_words ? error.message : sentence(error.code));
  out += R"(,"data":{"code":")";
  out += name(error.code);
  out += '"';
  if (error.retry_after_ms != 0) {
    out += R"(,"retry_after_ms":)";
    append_number(out, std::uint64_t{error.retry_after_ms});
  }
  out += "}}}";
  return out;
}

}  // namespace chatd::wire
