#pragma once

#include <string>
#include <string_view>

namespace chatd::wire {

// The machine-readable description of every client method (OpenRPC 1.3.2), with the events as
// `x-events`. Made from the method table: openrpc.json, kept true by a test.
[[nodiscard]] std::string openrpc_document();

// The chapters of PROTOCOL.md on methods, events, contents, types, errors and limits, made from the
// same tables. They stand below the line kChaptersBegin.
inline constexpr std::string_view kChaptersBegin =
    "<!-- From here on made by `cmake --build build/dev --target protocol_files`. -->\n\n";
[[nodiscard]] std::string protocol_chapters();

}  // namespace chatd::wire
