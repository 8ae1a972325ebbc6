#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"

#include <map>
#include <string>
#include <tuple>

namespace chatd::federation {

// Tells the other server of memberships of its users in rooms that it does not follow, and of what
// is erased there, until it says that it knows. Owned by Session; loop only.
class NoticeSender {
 public:
  NoticeSender(Env& env, Channel& channel, std::string server)
      : env_(env), channel_(channel), server_(std::move(server)) {}
  NoticeSender(const NoticeSender&) = delete;
  NoticeSender& operator=(const NoticeSender&) = delete;

  // There may be some.
  void pump();
  void take(const Noticed& frame);
  // One has to come again, and the others later.
  void take(const Failure& frame);
  // Tells again what was not answered for long.
  void tick();

 private:
  // Constant after construction
  Env& env_;
  Channel& channel_;
  std::string server_;
  // Loop only
  struct Told {
    core::Notice notice;
    Monotonic at;
  };
  std::map<std::tuple<RoomId, Seq, UserId>, Told> told_;
  Monotonic not_before_{};
  Monotonic look_again_at_{};  // that it knows may not have been written down; never: zero
  bool is_reading_ = false;
  bool has_more_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
