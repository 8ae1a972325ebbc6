#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/passing.hpp"
#include "daemon/core/task.hpp"
#include "daemon/core/timers.hpp"

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>

namespace chatd::core {

struct Context;

// What people of other servers are called, as those servers told: asked for when somebody here
// wants to know, then believed for an hour. Where a server does not tell, what it told last; else
// the local part of the id is the name. Never on disk. Loop only; owned by the core.
class RemoteProfiles {
 public:
  explicit RemoteProfiles(Context& core) : core_(core) {}
  RemoteProfiles(const RemoteProfiles&) = delete;
  RemoteProfiles& operator=(const RemoteProfiles&) = delete;

  // Asks their server, unless it told or refused lately. `room`: in which both are; zeros: they are
  // contacts.
  [[nodiscard]] Task<wire::Profile> get(UserId user, RoomId room);
  // Without asking.
  [[nodiscard]] wire::Profile known(const UserId& user) const;

  // `conflict`: it answers what was never asked; `invalid_params`: with what can't be shown.
  [[nodiscard]] Status take(const std::string& server, ProfileAnswer answer);
  // Who waits for it gets what was told last.
  void unlinked(const std::string& server);
  // What `server` asks of one of ours: the same for one that it may not know as for nobody.
  [[nodiscard]] Task<void> answer(std::string server, ProfileQuestion question);

  [[nodiscard]] std::size_t size() const { return known_.size(); }

 private:
  struct Known {
    wire::Profile profile;
    Monotonic fresh_until{};
  };
  using Recent = std::list<Known>;  // told last first
  struct Question {
    UserId user;
    std::shared_ptr<Gate> answered;
    Timers::Id deadline;
  };

  [[nodiscard]] std::shared_ptr<Gate> ask(const UserId& user, const RoomId& room);
  void note(wire::Profile profile, Millis fresh_for);
  void close(std::uint64_t number);
  [[nodiscard]] Task<bool> may_know(std::string server, UserId user, RoomId room);

  Context& core_;
  Recent recent_;
  std::unordered_map<UserId, Recent::iterator> known_;
  std::map<std::uint64_t, Question> questions_;
  std::uint64_t last_number_ = 0;
};

}  // namespace chatd::core
