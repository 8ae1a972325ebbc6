#include "federation/acquaintances.hpp"

#include "daemon/base/bytes.hpp"
#include "daemon/base/log.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace chatd::federation {
namespace {

constexpr std::uint8_t kVersion = 1;
// Who misbehaves all the time is written down so often at most.
constexpr Millis kWrittenEvery = std::chrono::minutes(10);

}  // namespace

std::string encode(const Acquaintance& known) {
  ByteWriter out;
  out.u8(kVersion);
  out.raw(known.root.bytes);
  out.varint(static_cast<std::uint64_t>(known.behaves_since));
  out.u8(known.other_root ? 1 : 0);
  if (known.other_root) {
    out.raw(known.other_root->bytes);
    out.varint(static_cast<std::uint64_t>(known.changed));
  }
  return out.take();
}

Result<Acquaintance> decode_acquaintance(std::string_view bytes) {
  ByteReader in(bytes);
  Acquaintance known;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return fail(Code::internal, "another version wrote it");
  CHATD_TRY(known.root.bytes, in.array<32>());
  CHATD_TRY(known.behaves_since, in.time());
  CHATD_TRY(const std::uint8_t has_changed, in.u8());
  if (has_changed > 1) return fail(Code::internal, "its identity has neither changed nor not");
  if (has_changed == 1) {
    CHATD_TRY(known.other_root.emplace().bytes, in.array<32>());
    CHATD_TRY(known.changed, in.time());
  }
  if (!in.empty()) return fail(Code::internal, "nothing more is expected");
  return known;
}

void Acquaintances::load(std::function<void(Status)> done) {
  using Rows = std::vector<std::pair<std::string, std::string>>;
  service_.remembered(lifeline_.guard([this, done = std::move(done)](const Result<Rows>& rows) {
    if (!rows) return done(fail(rows.error()));
    for (const auto& [server, bytes] : *rows) {
      auto known = decode_acquaintance(bytes);
      if (!known)
        return done(fail(Code::internal, fmt::format("what is known of {} is damaged: {}", server,
                                                     known.error().message)));
      all_.emplace(server, *std::move(known));
    }
    is_loaded_ = true;
    done(Status());
  }));
}

const Acquaintance* Acquaintances::find(std::string_view server) const {
  const auto found = all_.find(server);
  return found == all_.end() ? nullptr : &found->second;
}

void Acquaintances::met(const std::string& server, const PublicKey& root, TimeMs now) {
  const auto found = all_.find(server);
  if (found == all_.end()) {
    // More than so many, and the newcomers stay strangers.
    if (all_.size() >= kMaxAcquaintances) return;
    Acquaintance& known = all_[server];
    known.root = root;
    known.behaves_since = now;
    return keep(server, known);
  }
  Acquaintance& known = found->second;
  if (known.root == root && !known.other_root) return;
  known.root = root;  // another one only where the configuration names it
  known.other_root.reset();
  keep(server, known);
}

void Acquaintances::misbehaved(const std::string& server, TimeMs now) {
  const auto found = all_.find(server);
  if (found == all_.end() || now - found->second.behaves_since < kWrittenEvery.count()) return;
  found->second.behaves_since = now;
  keep(server, found->second);
}

void Acquaintances::showed(const std::string& server, const PublicKey& other_root, TimeMs now) {
  const auto found = all_.find(server);
  if (found == all_.end() || found->second.other_root == other_root) return;
  log::warning(
      "a server shows another root key: nothing is taken from it, and nothing sent, until "
      "you accept that (chatctl federation peer accept)",
      {{"server", server}});
  found->second.other_root = other_root;
  found->second.changed = now;
  keep(server, found->second);
}

Status Acquaintances::accept(const std::string& server, TimeMs now) {
  const auto found = all_.find(server);
  if (found == all_.end() || !found->second.other_root)
    return fail(Code::not_found, fmt::format("{} shows no other root key than before", server));
  found->second = {*found->second.other_root, std::nullopt, 0, now};
  keep(server, found->second);
  return {};
}

void Acquaintances::keep(const std::string& server, const Acquaintance& known) {
  service_.remember(server, encode(known));
}

}  // namespace chatd::federation
