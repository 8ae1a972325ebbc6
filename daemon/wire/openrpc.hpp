#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace chatd::wire {

// A client method that is not in the table: a plugin's.
struct PluginMethodText {
  std::string name;  // x.<plugin>.<method>
  std::string summary;
  std::string params_schema;  // JSON Schema of the params, as text that is valid JSON
};

// The machine-readable description of every client method (OpenRPC 1.3.2), with the events as
// `x-events`. Made from the method table: openrpc.json, kept true by a test. A running server adds
// the methods of its plugins.
[[nodiscard]] std::string openrpc_document(
    const std::vector<PluginMethodText>& plugin_methods = {});

// The chapters of PROTOCOL.md on methods, events, contents, types, errors and limits, made from the
// same tables, and on what a server says of itself. They stand below the line kChaptersBegin.
inline constexpr std::string_view kChaptersBegin =
    "<!-- From here on made by `cmake --build build/dev --target protocol_files`. -->\n\n";
[[nodiscard]] std::string protocol_chapters();

}  // namespace chatd::wire
