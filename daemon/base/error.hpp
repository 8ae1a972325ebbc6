#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace chatd {

// The closed set of reasons why something was refused. Each becomes the `code` a client sees;
// names and JSON-RPC numbers are in error.cpp and never change their meaning.
enum class Code : std::uint8_t {
  invalid_json,     // the bytes are not JSON
  invalid_request,  // JSON, but not a JSON-RPC 2.0 request
  unknown_method,   // no such method
  invalid_params,   // a parameter is missing, unknown, or has a wrong type or value
  unauthenticated,  // log in first, or the token is not valid
  forbidden,        // logged in, but this is not allowed for this account
  not_found,        // what the request names does not exist, or may not be seen
  conflict,         // it exists already, or changed meanwhile
  too_large,        // longer than the named limit
  limit_reached,    // no more of this fits (members of a room, devices of an account)
  rate_limited,     // too fast; retry_after_ms says when
  denied,           // a plugin refused it
  timeout,          // it took too long; whether it happened is unknown
  unavailable,      // the server can't just now; nothing happened; retry
  read_only,        // the disk is full or failed; nothing is accepted
  internal,         // a defect; the operator's log has the details
};

// "rate_limited" and so on: the word that stands on the wire.
[[nodiscard]] std::string_view name(Code code);
// The JSON-RPC number: the reserved ones for protocol errors, -32000 and below for ours.
[[nodiscard]] int rpc_number(Code code);
// What a person may be told when the error's own message is for the operator only.
[[nodiscard]] std::string_view sentence(Code code);
inline constexpr int kCodeCount = 16;

// Why something failed. `message` is one sentence that names the thing refused. It is shown to the
// peer only where the peer caused it (see is_peer_fault); otherwise it is for the operator's log.
struct Error {
  Code code = Code::internal;
  std::string message;
  std::uint32_t retry_after_ms = 0;  // 0: no advice
};

// Whether the message may be shown to the one who asked.
[[nodiscard]] bool is_peer_fault(Code code);

}  // namespace chatd
