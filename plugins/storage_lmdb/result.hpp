#pragma once

#include <chatd/plugin.h>

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace chatd::storage_lmdb {

// Why something failed: what the host is told, and a sentence for the operator.
struct Error {
  chatd_status status = CHATD_E_INTERNAL;
  std::string text;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

[[nodiscard]] inline tl::unexpected<Error> fail(chatd_status status, std::string text) {
  return tl::unexpected<Error>(Error{status, std::move(text)});
}
[[nodiscard]] inline tl::unexpected<Error> fail(Error error) {
  return tl::unexpected<Error>(std::move(error));
}

}  // namespace chatd::storage_lmdb

#define CHATD_STORE_JOIN2(a, b) a##b
#define CHATD_STORE_JOIN(a, b) CHATD_STORE_JOIN2(a, b)

// CHATD_STORE_TRY(const auto head, history.head(room));  the value, or return the error from here.
#define CHATD_STORE_TRY(declaration, expression) \
  CHATD_STORE_TRY_IMPL(declaration, expression, CHATD_STORE_JOIN(store_try_, __LINE__))
#define CHATD_STORE_TRY_IMPL(declaration, expression, name)                            \
  auto name = (expression);                                                            \
  if (!name) return ::chatd::storage_lmdb::fail(std::move(name).error()); /* NOLINT */ \
  declaration = *std::move(name)

// CHATD_STORE_CHECK(txn.commit());  goes on, or returns the error from here.
#define CHATD_STORE_CHECK(expression)                                            \
  do {                                                                           \
    auto store_check_result = (expression);                                      \
    if (!store_check_result)                                                     \
      return ::chatd::storage_lmdb::fail(std::move(store_check_result).error()); \
  } while (false)
