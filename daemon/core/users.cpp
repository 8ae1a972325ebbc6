#include "daemon/core/users.hpp"

#include "daemon/core/keys.hpp"

#include <utility>

namespace chatd::core {
namespace {

constexpr std::size_t kRowsPerScan = 1000;

}  // namespace

Task<Result<std::unique_ptr<User>>> fetch_user(StorePort& store, UserId id) {
  const std::string prefix = keys::user(id);
  auto user = std::make_unique<User>();
  std::string after = prefix;
  while (true) {
    auto rows = co_await call<Result<std::vector<KeyValue>>>(
        [&](auto done) { store.scan(prefix, after, kRowsPerScan, std::move(done)); });
    if (!rows) co_return fail(std::move(rows).error());
    for (const auto& [key, value] : *rows)
      CHATD_CO_CHECK(user->read_row(std::string_view(key).substr(prefix.size()), value));
    if (rows->size() < kRowsPerScan) break;
    after = rows->back().first;
  }
  // Keys hold a hash of the id; another id with the same hash is not this account.
  if (user->account.id != id) co_return fail(Code::not_found, "there is no such account");
  co_return user;
}

}  // namespace chatd::core
