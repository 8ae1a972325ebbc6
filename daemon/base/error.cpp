#include "daemon/base/error.hpp"

#include <array>

namespace chatd {
namespace {

struct Row {
  std::string_view name;
  int rpc_number;
  bool is_peer_fault;
  std::string_view sentence;
};

// In the order of the enum.
constexpr std::array<Row, kCodeCount> kRows{{
    {"invalid_json", -32700, true, "The message is not valid JSON."},
    {"invalid_request", -32600, true, "The message is not a JSON-RPC 2.0 request."},
    {"unknown_method", -32601, true, "There is no such method."},
    {"invalid_params", -32602, true, "A parameter is missing or wrong."},
    {"unauthenticated", -32001, true, "Please log in."},
    {"forbidden", -32002, true, "You may not do this."},
    {"not_found", -32003, true, "There is no such thing."},
    {"conflict", -32004, true, "This exists already or has changed."},
    {"too_large", -32005, true, "This is too long."},
    {"limit_reached", -32006, true, "No more fit here."},
    {"rate_limited", -32007, true, "Too fast. Please wait a moment."},
    {"denied", -32008, true, "The server refused this."},
    {"timeout", -32009, false, "This took too long. Please try again."},
    {"unavailable", -32010, false, "The server can't do this just now. Please try again."},
    {"read_only", -32011, false, "The server can't store anything just now."},
    {"internal", -32603, false, "Something went wrong in the server."},
}};

const Row& row(Code code) { return kRows[static_cast<std::size_t>(code)]; }

}  // namespace

std::string_view name(Code code) { return row(code).name; }
int rpc_number(Code code) { return row(code).rpc_number; }
std::string_view sentence(Code code) { return row(code).sentence; }
bool is_peer_fault(Code code) { return row(code).is_peer_fault; }

}  // namespace chatd
