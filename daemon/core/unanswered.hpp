#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/wire/methods/message.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <utility>

namespace chatd::core {

// Somebody who said something in a room of another server and waits for what that says of it.
struct Asker {
  UserId user;
  SessionId session;
  Monotonic since;
  std::function<void(Result<wire::SendAnswer>)> answer;
};

// These, by the number in the outbox. What one of them said stands there in memory alone: whoever
// takes one out either ends what it said too, or writes that down. Loop only; owned by the core.
class Unanswered {
 public:
  using Askers = std::map<std::uint64_t, Asker>;  // the oldest first

  void put(std::uint64_t entry, Asker asker) { askers_.emplace(entry, std::move(asker)); }
  // nullopt: nobody waits for this any more, or ever did. To be answered once.
  [[nodiscard]] std::optional<Asker> take(std::uint64_t entry) {
    auto found = askers_.extract(entry);
    if (found.empty()) return std::nullopt;
    return std::move(found.mapped());
  }
  [[nodiscard]] const Asker* find(std::uint64_t entry) const {
    const auto found = askers_.find(entry);
    return found == askers_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] const Askers& all() const { return askers_; }

 private:
  Askers askers_;
};

}  // namespace chatd::core
