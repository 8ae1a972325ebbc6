#pragma once

#include "daemon/base/error.hpp"
#include "daemon/wire/schema.hpp"

#include <cstdint>
#include <string_view>

namespace chatd::wire {

// Who may call a method: anyone; a logged-in device; the admin through the control socket.
enum class Access : std::uint8_t { anyone, user, admin };

// Errors that a method may answer with, beside those that any may (and unauthenticated where a
// login is needed). Where plugins are asked, `denied` stands for the words that they refuse with:
// also not_found, conflict and limit_reached.
using ErrorSet = std::uint32_t;
template <class... Codes>
[[nodiscard]] consteval ErrorSet errors(Codes... codes) {
  return (ErrorSet{0} | ... | (ErrorSet{1} << static_cast<unsigned>(codes)));
}
inline constexpr ErrorSet kErrorsOfAny =
    errors(Code::invalid_params, Code::too_large, Code::rate_limited, Code::timeout,
           Code::unavailable, Code::read_only, Code::internal);

// A row of the method table. Each parameter struct holds its own as kMethod, and the type of its
// answer as Answer.
struct MethodInfo {
  std::string_view name;
  std::string_view summary;
  Access access = Access::user;
  bool is_over_http = false;  // also taken by POST /rpc
  ErrorSet errors = 0;
};

struct Nothing {  // no parameters, or an answer that says only "done"
  static void fields(auto&, auto&&) {}
};

}  // namespace chatd::wire
