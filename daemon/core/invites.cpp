#include "daemon/core/invites.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/core/accounts.hpp"
#include "daemon/core/keys.hpp"

namespace chatd::core {
namespace {

constexpr TimeMs kDayMs = 24 * 3600 * TimeMs{1000};

struct Invite {
  std::uint64_t uses = 0;
  TimeMs expires = 0;
};

std::string encode(const Invite& invite) {
  ByteWriter out;
  out.varint(invite.uses);
  out.varint(static_cast<std::uint64_t>(invite.expires));
  return out.take();
}

Result<Invite> decode(std::string_view row) {
  ByteReader in(row);
  Invite invite;
  CHATD_TRY(invite.uses, in.varint());
  CHATD_TRY(const std::uint64_t expires, in.varint());
  invite.expires = static_cast<TimeMs>(expires);
  return invite;
}

}  // namespace

Task<Result<NewInvite>> make_invite(Context& core, std::uint32_t uses, std::uint32_t days) {
  const Secret token = new_token(core);
  NewInvite made{std::string(token.reveal()), core.clock.wall_ms() + days * kDayMs};
  std::vector<Write> writes;
  writes.push_back(Put{keys::invite(blake2b_256(made.token)), encode(Invite{uses, made.expires})});
  const Status status = co_await commit(core, std::move(writes));
  if (!status) co_return fail(status.error());
  co_return made;
}

Task<Result<UsedInvite>> use_invite(Context& core, std::string token) {
  const std::string key = keys::invite(blake2b_256(token));
  UsedInvite used;
  used.hold = co_await core.turns.enter(key);
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core.store.get(key, std::move(done)); });
  if (!row) co_return fail(std::move(row).error());
  const auto refuse = [] {
    return fail(Code::forbidden, "sign-up here needs an invite, and this one is not valid");
  };
  if (!*row) co_return refuse();
  CHATD_CO_TRY(Invite invite, decode(**row));
  if (invite.uses == 0 || invite.expires < core.clock.wall_ms()) co_return refuse();
  --invite.uses;
  used.row = invite.uses == 0 ? Write(Delete{key}) : Write(Put{key, encode(invite)});
  co_return used;
}

}  // namespace chatd::core
