#include "federation/discovery.hpp"

#include "daemon/base/assert.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::federation {
namespace {

constexpr std::uint16_t kHttpsPort = 443;
constexpr std::string_view kServicePrefix = "_chatd._tcp.";

constexpr Millis kFreshFor = std::chrono::hours(24);
constexpr Millis kUsableFor = std::chrono::hours(48);

std::string text(const Endpoint& place) { return fmt::format("{}:{}", place.host, place.port); }

}  // namespace

Target target(const std::string& server, const Endpoint& at, const Pin& pin) {
  return {.server = server,
          .at = at,
          .checks_certificate = !pin.root,
          .may_be_private = !pin.endpoints.empty()};
}

Discovery::Discovery(std::string server, Pin pin, std::optional<PublicKey> root,
                     std::optional<ServerDocument> known)
    : server_(std::move(server)), pin_(std::move(pin)), root_(root), known_(std::move(known)) {}

Discovery::Step Discovery::start() {
  if (pin_.endpoints.empty()) {
    places_ = {{server_, kHttpsPort}};
  } else {
    places_ = pin_.endpoints;
    has_looked_up_ = true;
  }
  return next();
}

Discovery::Step Discovery::take_document(const Result<std::string>& bytes, TimeMs now) {
  CHATD_ASSERT(tried_ > 0);
  const Endpoint place = places_[tried_ - 1];
  auto document = check(bytes, now);
  if (!document) {
    if (document.error().code == Code::conflict) return document.error();
    note(text(place), document.error().message);
    return next();
  }
  auto endpoints = pin_.endpoints.empty() ? document->endpoints : pin_.endpoints;
  if (endpoints.empty()) endpoints = {place};
  return Found{*std::move(document), std::move(endpoints)};
}

Discovery::Step Discovery::take_targets(const Result<std::vector<Endpoint>>& targets) {
  if (!targets) {
    note("SRV", targets.error().message);
  } else {
    const std::size_t count = std::min(targets->size(), kMaxEndpoints);
    places_.insert(places_.end(), targets->begin(),
                   targets->begin() + static_cast<std::ptrdiff_t>(count));
  }
  places_.push_back({server_, kDefaultPort});
  return next();
}

Result<ServerDocument> Discovery::check(const Result<std::string>& bytes, TimeMs now) {
  // A place that is not there says nothing about the identity, whatever its error is.
  if (!bytes) return fail(Code::not_found, bytes.error().message);
  CHATD_TRY(ServerDocument document, decode_document(*bytes));
  CHATD_CHECK(verify(document, server_, now));
  if (pin_.root && document.root != *pin_.root)
    return fail(Code::conflict,
                fmt::format("{} shows another root key than the pinned one", server_));
  // What the admin wrote goes before what was known.
  if (!pin_.root && root_ && document.root != *root_) {
    other_root_ = document.root;
    return fail(Code::conflict,
                fmt::format("{0} shows another root key than before: `chatctl federation peer "
                            "accept {0}` if that is right",
                            server_));
  }
  if (known_) CHATD_CHECK(check_successor(*known_, document, now));
  return document;
}

Discovery::Step Discovery::next() {
  if (tried_ < places_.size()) return Fetch{places_[tried_++]};
  if (!std::exchange(has_looked_up_, true)) return LookUp{std::string(kServicePrefix) + server_};
  return Error{Code::unavailable, fmt::format("{} is not found: {}", server_, why_not_), 0};
}

void Discovery::note(const std::string& place, const std::string& why) {
  if (!why_not_.empty()) why_not_ += "; ";
  why_not_ += fmt::format("{}: {}", place, why);
}

bool is_fresh(TimeMs fetched, TimeMs now) {
  return fetched <= now && now - fetched < kFreshFor.count();
}

bool is_usable(const ServerDocument& document, TimeMs fetched, TimeMs now) {
  return fetched <= now && now - fetched < kUsableFor.count() && now < document.expires;
}

}  // namespace chatd::federation
