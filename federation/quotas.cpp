#include "federation/quotas.hpp"

#include <algorithm>
#include <cmath>

namespace chatd::federation {
namespace {

constexpr double kNewcomersShare = 0.1;

}  // namespace

double Quotas::share_of(std::string_view peer) const {
  if (settings_.probation.count() == 0) return 1;
  const Acquaintance* const known = acquaintances_.find(peer);
  if (known == nullptr) return kNewcomersShare;
  const auto behaved = static_cast<double>(clock_.wall_ms() - known->behaves_since);
  return std::clamp(behaved / static_cast<double>(settings_.probation.count()), kNewcomersShare,
                    1.0);
}

Status Quotas::take(Spend what, const std::string& peer, std::uint64_t amount) {
  core::Rate rate = settings_.quotas[static_cast<std::size_t>(what)];
  if (rate.count == 0) return {};
  rate.count = static_cast<std::uint32_t>(std::ceil(rate.count * share_of(peer)));
  return rates_.take(name(what), peer, rate, amount);
}

}  // namespace chatd::federation
