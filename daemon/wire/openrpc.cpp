#include "daemon/wire/openrpc.hpp"

#include "daemon/wire/describe.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/methods/table.hpp"

#include <fmt/format.h>

namespace chatd::wire {
namespace {

constexpr std::string_view kContentSchema =
    R"({"type":"object","description":"Kept as the exact bytes sent; has text or ciphertext.",)"
    R"("properties":{"text":{"type":"string","maxLength":100000},"ciphertext":{"type":"string",)"
    R"("maxLength":100000},"reply_to":{"type":"integer"},"mentions":{"type":"array","maxItems":100,)"
    R"("items":{"type":"string"}}},"additionalProperties":true})";

std::string properties(const std::vector<FieldDescription>& fields) {
  std::string all;
  std::string required;
  for (const FieldDescription& field : fields) {
    if (!all.empty()) all += ',';
    append_string(all, field.name);
    all += ":{\"description\":";
    append_string(all, field.sentence);
    if (field.json_schema.size() > 2) {
      all += ',';
      all.append(field.json_schema, 1);
    } else {
      all += '}';
    }
    if (!field.is_required) continue;
    if (!required.empty()) required += ',';
    append_string(required, field.name);
  }
  return R"({"type":"object","properties":{)" + all + R"(},"required":[)" + required + "]}";
}

std::string error_objects(ErrorSet errors) {
  std::string out;
  for (int i = 0; i < kCodeCount; ++i) {
    if ((errors >> i & 1u) == 0) continue;
    const auto code = static_cast<Code>(i);
    if (!out.empty()) out += ',';
    out += fmt::format(R"({{"code":{},"message":"{}"}})", rpc_number(code), name(code));
  }
  return "[" + out + "]";
}

template <class T>
std::string method_object(NamedTypes& types) {
  constexpr const MethodInfo& info = T::kMethod;
  std::string out = fmt::format(R"({{"name":"{}","summary":)", info.name);
  append_string(out, info.summary);
  out += R"(,"paramStructure":"by-name","params":[)";
  bool is_first = true;
  for (const FieldDescription& field : describe<T>(types)) {
    if (!is_first) out += ',';
    is_first = false;
    out += fmt::format(R"({{"name":"{}","required":{},"schema":{},"description":)", field.name,
                       field.is_required, field.json_schema);
    append_string(out, field.sentence);
    out += '}';
  }
  out += R"(],"result":{"name":"result","schema":)";
  out += properties(describe<typename T::Answer>(types));
  out += fmt::format(R"(}},"errors":{},"x-access":"{}","x-http":{}}})", error_objects(info.errors),
                     info.access == Access::anyone ? "anyone" : "user", info.is_over_http);
  return out;
}

template <class F>
void for_each_event(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<std::variant_alternative_t<I, Events>>(), ...);
  }
  (std::make_index_sequence<std::variant_size_v<Events>>());
}

void append_fields(std::string& out, const std::vector<FieldDescription>& fields,
                   std::string_view what) {
  if (fields.empty()) {
    out += fmt::format("No {}.\n\n", what);
    return;
  }
  out += fmt::format("| {} | type | meaning |\n| --- | --- | --- |\n", what);
  for (const FieldDescription& field : fields)
    out += fmt::format("| `{}`{} | {} | {} |\n", field.name, field.is_required ? "" : " (optional)",
                       field.type, field.sentence);
  out += '\n';
}

std::string error_words(ErrorSet errors) {
  std::string out;
  for (int i = 0; i < kCodeCount; ++i) {
    if ((errors >> i & 1u) == 0) continue;
    if (!out.empty()) out += ", ";
    out += fmt::format("`{}`", name(static_cast<Code>(i)));
  }
  return out;
}

template <class T>
void append_method(std::string& out, NamedTypes& types) {
  constexpr const MethodInfo& info = T::kMethod;
  out += fmt::format("### {}\n\n{}\n\n", info.name, info.summary);
  if (info.access != Access::admin)
    out += fmt::format("Who: {}. Doors: WebSocket{}.\n\n",
                       info.access == Access::anyone ? "anyone" : "a logged-in device",
                       info.is_over_http ? ", `POST /rpc`" : "");
  append_fields(out, describe<T>(types), "parameter");
  append_fields(out, describe<typename T::Answer>(types), "result");
  if (info.errors != 0) out += fmt::format("Errors: {}.\n\n", error_words(info.errors));
}

}  // namespace

std::string openrpc_document() {
  NamedTypes types;
  std::string methods;
  for_each_method([&]<class T>() {
    if (T::kMethod.access == Access::admin) return;
    if (!methods.empty()) methods += ",\n";
    methods += method_object<T>(types);
  });
  std::string events;
  for_each_event([&]<class E>() {
    if (E::kEvent.name.starts_with("admin.")) return;
    if (!events.empty()) events += ",\n";
    events += fmt::format(R"({{"name":"{}","summary":)", E::kEvent.name);
    append_string(events, E::kEvent.summary);
    events += ",\"params\":" + properties(describe<E>(types)) + "}";
  });
  std::string schemas = fmt::format("\"Content\":{}", kContentSchema);
  for (const auto& [name, fields] : types)
    schemas += fmt::format(",\n\"{}\":{}", name, properties(fields));
  return fmt::format(
      "{{\"openrpc\":\"1.3.2\",\"info\":{{\"title\":\"chatd.v1\",\"version\":\"1.0.0\","
      "\"description\":\"The client protocol of chatd. See PROTOCOL.md.\"}},\n\"methods\":[\n{}],\n"
      "\"x-events\":[\n{}],\n\"components\":{{\"schemas\":{{\n{}}}}}}}\n",
      methods, events, schemas);
}

std::string protocol_chapters() {
  NamedTypes types;
  std::string out = "## Methods\n\n";
  std::string admin = "## Methods of the control socket\n\nFor `chatctl`; never for clients.\n\n";
  for_each_method([&]<class T>() {
    append_method<T>(T::kMethod.access == Access::admin ? admin : out, types);
  });
  out += admin;
  out += "## Events\n\n";
  for_each_event([&]<class E>() {
    out += fmt::format("### {}\n\n{}\n\n", E::kEvent.name, E::kEvent.summary);
    append_fields(out, describe<E>(types), "parameter");
  });
  out += "## Types\n\n";
  for (const auto& [name, fields] : types) {
    out += fmt::format("### {}\n\n", name);
    append_fields(out, fields, "field");
  }
  out += "## Errors\n\n| `data.code` | `code` | meaning |\n| --- | --- | --- |\n";
  for (int i = 0; i < kCodeCount; ++i) {
    const auto code = static_cast<Code>(i);
    out += fmt::format("| `{}` | {} | {} |\n", name(code), rpc_number(code), sentence(code));
  }
  return out;
}

}  // namespace chatd::wire
