#include "daemon/core/waiting_notices.hpp"

#include "daemon/core/context.hpp"
#include "daemon/core/keys.hpp"
#include "daemon/core/shares.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

namespace chatd::core {
namespace {

constexpr std::size_t kRowsPerScan = 1000;

using Rows = Result<std::vector<KeyValue>>;

Task<Rows> scan(Context& core, std::string prefix, std::string after) {
  auto rows = co_await call<Rows>(
      [&](auto done) { core.store.scan(prefix, after, kRowsPerScan, std::move(done)); });
  co_return rows;
}

}  // namespace

Task<Status> WaitingNotices::load() {
  const std::string prefix(keys::kNotices);
  std::string after = prefix;
  while (true) {
    auto rows = co_await scan(core_, prefix, after);
    if (!rows) co_return fail(std::move(rows).error());
    for (const auto& [key, row] : *rows) {
      CHATD_CO_TRY(const Notice notice, decode_notice(row));
      ++servers_[notice.server].rows;
      ++total_;
    }
    if (rows->size() < kRowsPerScan) co_return Status();
    after = rows->back().first;
  }
}

Status WaitingNotices::has_place(std::string_view server, std::size_t more) const {
  const auto found = servers_.find(server);
  const std::size_t rows = found == servers_.end() ? 0 : found->second.rows;
  if (rows + more > core_.settings.max_notices_per_server)
    return fail(
        Code::limit_reached,
        fmt::format("too many invitations and requests wait for {} already{}", server,
                    core_.peers->unreachable_since(server) ? ", which can't be reached" : ""));
  if (total_ + more > core_.settings.max_notices)
    return fail(Code::limit_reached,
                fmt::format("too many invitations and requests wait for other servers already: "
                            "there is no place for one to {}",
                            server));
  return {};
}

Task<void> WaitingNotices::count_if_full(std::string server, std::size_t more) {
  if (has_place(server, more)) co_return;
  co_await count_anew(server);
  if (total_ + more <= core_.settings.max_notices) co_return;
  const auto loose = loose_;
  for (const std::string& each : loose) {
    co_await count_anew(each);
    if (total_ + more <= core_.settings.max_notices) co_return;
  }
}

Task<bool> WaitingNotices::replaces_one(Notice notice) {
  const std::string server(notice.user.server());
  co_await count_if_full(server);
  if (has_place(server)) co_return false;
  auto row = co_await call<Result<std::optional<std::string>>>(
      [&](auto done) { core_.store.get(notice_key(notice), std::move(done)); });
  co_return row && row->has_value();
}

void WaitingNotices::note_change(Servers::iterator server, Ticket ticket) {
  server->second.last = ticket;
  server->second.is_loose = true;
  loose_.insert(server->first);
}

void WaitingNotices::set_rows(Servers::iterator server, std::size_t rows) {
  total_ = total_ - server->second.rows + rows;
  server->second.rows = rows;
  if (rows > 0) return;
  loose_.erase(server->first);
  servers_.erase(server);
}

Ticket WaitingNotices::put(const Notice& notice) {
  const auto [server, is_new] = servers_.try_emplace(std::string(notice.to()));
  if (is_new) server->second.counted = ++counts_;
  const Ticket ticket = core_.committer.add(notice_row(notice));
  ++server->second.added;
  set_rows(server, server->second.rows + 1);
  note_change(server, ticket);
  return ticket;
}

Ticket WaitingNotices::erase(const Notice& notice) {
  const Ticket ticket = core_.committer.add(Delete{notice_key(notice)});
  const auto server = servers_.find(notice.to());
  if (server != servers_.end()) note_change(server, ticket);
  return ticket;
}

Task<void> WaitingNotices::erase_known(Notice notice) {
  const std::string name(notice.to());
  const auto before = servers_.find(name);
  const std::uint64_t counted = before == servers_.end() ? 0 : before->second.counted;
  const Ticket ticket = erase(notice);
  const Status durable = co_await core_.committer.committed(ticket);
  const auto server = servers_.find(name);
  // Where they were counted meanwhile it may have been gone already.
  if (durable && server != servers_.end() && server->second.counted == counted)
    set_rows(server, server->second.rows - 1);
}

Task<std::size_t> WaitingNotices::count(std::string server) {
  co_await count_anew(server);
  const auto found = servers_.find(server);
  co_return found == servers_.end() ? 0 : found->second.rows;
}

Task<Result<std::size_t>> WaitingNotices::count_rows(std::string server) {
  const std::string prefix = keys::notices_of(server);
  std::string after = prefix;
  std::size_t count = 0;
  while (true) {
    auto rows = co_await scan(core_, prefix, after);
    if (!rows) co_return fail(std::move(rows).error());
    count += rows->size();
    if (rows->size() < kRowsPerScan) co_return count;
    after = rows->back().first;
  }
}

Task<void> WaitingNotices::count_anew(std::string name) {
  const auto turn = co_await core_.turns.enter(keys::notices_of(name));
  auto server = servers_.find(name);
  if (server == servers_.end() || !server->second.is_loose) co_return;
  // What is on its way to the disk is not found there; if it fails, it need not be.
  while (server->second.last > core_.committer.completed()) {
    const Ticket last = server->second.last;
    static_cast<void>(co_await core_.committer.committed(last));
    server = servers_.find(name);
    if (server == servers_.end()) co_return;
  }
  server->second.is_loose = false;
  server->second.added = 0;
  server->second.counted = ++counts_;
  loose_.erase(name);
  auto rows = co_await count_rows(name);
  server = servers_.find(name);
  if (server == servers_.end()) co_return;  // the last one was erased
  if (!rows) {
    note_change(server, server->second.last);
    co_return;
  }
  server->second.counted = ++counts_;
  set_rows(server, *rows + server->second.added);
}

}  // namespace chatd::core
