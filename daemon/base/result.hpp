#pragma once

#include "daemon/base/error.hpp"

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace chatd {

// A value, or why there is none. Marked nodiscard by the functions that return it.
template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// return fail(Code::not_found, "no such room");
[[nodiscard]] inline tl::unexpected<Error> fail(Code code, std::string message,
                                                std::uint32_t retry_after_ms = 0) {
  return tl::unexpected<Error>(Error{code, std::move(message), retry_after_ms});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace chatd

#define CHATD_JOIN2(a, b) a##b
#define CHATD_JOIN(a, b) CHATD_JOIN2(a, b)

// CHATD_TRY(const auto frame, decode(bytes));  the value, or return the error from here.
#define CHATD_TRY(declaration, expression) CHATD_TRY_IMPL(return, declaration, expression)
// The same inside a coroutine.
#define CHATD_CO_TRY(declaration, expression) CHATD_TRY_IMPL(co_return, declaration, expression)
#define CHATD_TRY_IMPL(leave, declaration, expression)                         \
  auto CHATD_JOIN(try_result_, __LINE__) = (expression);                       \
  if (!CHATD_JOIN(try_result_, __LINE__))                                      \
    leave ::chatd::fail(std::move(CHATD_JOIN(try_result_, __LINE__)).error()); \
  declaration = *std::move(CHATD_JOIN(try_result_, __LINE__))

// CHATD_CHECK(check(draft));  goes on, or returns the error from here.
#define CHATD_CHECK(expression) CHATD_CHECK_IMPL(return, expression)
#define CHATD_CO_CHECK(expression) CHATD_CHECK_IMPL(co_return, expression)
#define CHATD_CHECK_IMPL(leave, expression)                                              \
  do {                                                                                   \
    auto chatd_check_result = (expression);                                              \
    if (!chatd_check_result) leave ::chatd::fail(std::move(chatd_check_result).error()); \
  } while (false)
