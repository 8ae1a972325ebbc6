#pragma once

#include "daemon/core/ports/plugins.hpp"
#include "tests/sim/process.hpp"

#include <array>
#include <cstddef>

namespace chatd::sim {

// A plugin with every hook, as the core sees it through the host: lets most things pass, refuses or
// alters some, and takes its time; now and then it does not answer at all, and the host's deadline
// does. What it does is chance: a resend may be judged otherwise.
class Plugin final : public core::HookPort {
 public:
  Plugin(World& world, Process& process) : world_(world), process_(process) {}

  [[nodiscard]] bool wants_message_pre_accept() const override { return true; }
  void message_pre_accept(core::Draft draft, Done done) override;
  [[nodiscard]] core::Verdict room_pre_append(const core::Draft& draft) override;
  // Sign-ups only wait: a story needs its people.
  [[nodiscard]] bool wants_account_pre_register() const override { return true; }
  void account_pre_register(UserId user, std::string address, Done done) override;
  [[nodiscard]] bool wants_room_pre_create() const override { return true; }
  void room_pre_create(UserId founder, std::string name, Done done) override;
  [[nodiscard]] bool wants_room_pre_join() const override { return true; }
  void room_pre_join(RoomId room, UserId user, Done done) override;
  // Between servers it is the message hook alone that has its moods.
  [[nodiscard]] bool wants_federation_peer_policy() const override { return false; }
  void federation_peer_policy(std::string, std::string, Done) override {}
  [[nodiscard]] bool wants_federation_pre_receive() const override { return false; }
  void federation_pre_receive(core::Draft, Done) override {}

 private:
  [[nodiscard]] core::Verdict judge();
  void answer(Done done, core::Verdict verdict);

  World& world_;
  Process& process_;
};

}  // namespace chatd::sim
