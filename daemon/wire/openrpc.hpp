#pragma once

#include <string>

namespace chatd::wire {

// The machine-readable description of every client method (OpenRPC 1.3.2), with the events as
// `x-events`. Made from the method table; a test compares it with examples' and documents' copies.
[[nodiscard]] std::string openrpc_document();

// The method, event, type and error chapters of PROTOCOL.md, made from the same table.
[[nodiscard]] std::string protocol_chapters();

}  // namespace chatd::wire
