#include "daemon/wire/openrpc.hpp"

#include "daemon/wire/describe.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/methods/table.hpp"

#include <fmt/format.h>
#include <simdjson.h>

#include <set>

namespace chatd::wire {
namespace {

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
  for (const FieldDescription& field : describe<T>(types, Side::taken)) {
    if (!is_first) out += ',';
    is_first = false;
    out += fmt::format(R"({{"name":"{}","required":{},"schema":{},"description":)", field.name,
                       field.is_required, field.json_schema);
    append_string(out, field.sentence);
    out += '}';
  }
  out += R"(],"result":{"name":"result","schema":)";
  out += properties(describe<typename T::Answer>(types, Side::said));
  out += fmt::format(R"(}},"errors":{},"x-access":"{}","x-http":{}}})", error_objects(info.errors),
                     info.access == Access::anyone ? "anyone" : "user", info.is_over_http);
  return out;
}

// The members of `schema`, a JSON Schema of an object, as OpenRPC lists parameters.
std::string params_of(const simdjson::dom::element& schema) {
  std::set<std::string_view> required;
  if (simdjson::dom::array names; schema["required"].get(names) == simdjson::SUCCESS)
    for (const auto name : names)
      if (std::string_view text; name.get(text) == simdjson::SUCCESS) required.insert(text);
  std::string out;
  simdjson::dom::object properties;
  if (schema["properties"].get(properties) != simdjson::SUCCESS) return out;
  for (const auto [name, property] : properties) {
    out += out.empty() ? "{\"name\":" : ",{\"name\":";
    append_string(out, name);
    out += fmt::format(R"(,"required":{},"schema":{}}})", required.contains(name),
                       simdjson::minify(property));
  }
  return out;
}

// The schema stands there as a whole too: it may say more than its members do.
std::string plugin_method_object(const PluginMethodText& method) {
  simdjson::dom::parser parser;
  simdjson::dom::element schema;
  const bool is_json = parser.parse(method.params_schema).get(schema) == simdjson::SUCCESS;
  std::string out = "{\"name\":";
  append_string(out, method.name);
  out += ",\"summary\":";
  append_string(out, method.summary);
  out += fmt::format(R"(,"paramStructure":"by-name","params":[{}],)"
                     R"("result":{{"name":"result","schema":{{}}}},"x-access":"user",)"
                     R"("x-http":true,"x-params-schema":{}}})",
                     is_json ? params_of(schema) : "", is_json ? simdjson::minify(schema) : "{}");
  return out;
}

}  // namespace

std::string openrpc_document(const std::vector<PluginMethodText>& plugin_methods) {
  NamedTypes types = raw_types();
  std::string methods;
  for_each_method([&]<class T>() {
    if (T::kMethod.access == Access::admin) return;
    if (!methods.empty()) methods += ",\n";
    methods += method_object<T>(types);
  });
  for (const PluginMethodText& method : plugin_methods)
    methods += ",\n" + plugin_method_object(method);
  std::string events;
  for_each_event([&]<class E>() {
    if (E::kEvent.name.starts_with("admin.")) return;
    if (!events.empty()) events += ",\n";
    events += fmt::format(R"({{"name":"{}","summary":)", E::kEvent.name);
    append_string(events, E::kEvent.summary);
    events += ",\"params\":" + properties(describe<E>(types, Side::said)) + "}";
  });
  std::string schemas;
  for (const auto& [name, fields] : types) {
    if (!schemas.empty()) schemas += ",\n";
    schemas += fmt::format("\"{}\":{}", name, properties(fields));
  }
  return fmt::format(
      "{{\"openrpc\":\"1.3.2\",\"info\":{{\"title\":\"chatd.v1\",\"version\":\"1.0.0\","
      "\"description\":\"The client protocol of chatd. See PROTOCOL.md.\"}},\n\"methods\":[\n{}],\n"
      "\"x-events\":[\n{}],\n\"components\":{{\"schemas\":{{\n{}}}}}}}\n",
      methods, events, schemas);
}

}  // namespace chatd::wire
