#pragma once

#include "daemon/core/ports/plugins.hpp"
#include "daemon/host/ops.hpp"
#include <chatd/hooks.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace chatd::host {

class LoopInbox;
class Plugin;

// The core's stops, put to the plugins that serve chatd.hooks.v1, one after the other. What a
// plugin answers is described in chatd/hooks.h; when it fails or is late, `on_timeout` of its
// config decides.
class HookAdapter final : public core::HookPort {
 public:
  // In the order in which they are to be asked; plugins without the role are left out.
  HookAdapter(const std::vector<Plugin*>& plugins, Ops& ops, LoopInbox& loop);

  [[nodiscard]] bool wants_message_pre_accept() const override;
  void message_pre_accept(core::Draft draft, Done done) override;
  [[nodiscard]] core::Verdict room_pre_append(const core::Draft& draft) override;
  [[nodiscard]] bool wants_account_pre_register() const override;
  void account_pre_register(UserId user, std::string address, Done done) override;
  [[nodiscard]] bool wants_room_pre_create() const override;
  void room_pre_create(UserId founder, std::string name, Done done) override;
  [[nodiscard]] bool wants_room_pre_join() const override;
  void room_pre_join(RoomId room, UserId user, Done done) override;
  [[nodiscard]] bool wants_federation_peer_policy() const override;
  void federation_peer_policy(std::string server, std::string address, Done done) override;
  [[nodiscard]] bool wants_federation_pre_receive() const override;
  void federation_pre_receive(core::Draft draft, Done done) override;

 private:
  struct Hooked {
    Plugin* plugin = nullptr;
    chatd_hooks_v1 table{};  // slots that are younger than the plugin are NULL
  };
  // One question on its way through the plugins.
  struct Chain {
    std::string_view stop;  // its name
    // Asks one plugin; nothing when it has no such hook.
    std::function<chatd_status(const Hooked&, chatd_op)> ask;
    std::function<bool(const Hooked&)> has_hook;
    core::Draft draft;  // of message_pre_accept and federation_pre_receive
    bool is_message = false;
    bool is_replaced = false;
    std::size_t next = 0;  // in hooked_
    Done done;
  };

  // Whether any plugin has that hook.
  [[nodiscard]] bool has(auto slot) const {
    return std::any_of(hooked_.begin(), hooked_.end(),
                       [slot](const Hooked& h) { return h.table.*slot != nullptr; });
  }
  // A question to those plugins that have a hook in `slot`.
  [[nodiscard]] static Chain about(std::string_view stop, auto slot, Done done) {
    Chain chain;
    chain.stop = stop;
    chain.has_hook = [slot](const Hooked& h) { return h.table.*slot != nullptr; };
    chain.done = std::move(done);
    return chain;
  }
  void begin(Chain chain);
  void ask_next(std::uint64_t id);
  void on_answer(std::uint64_t id, const Hooked& asked, const Answer& answer);
  void on_failure(std::uint64_t id, const Hooked& asked, const Answer& answer);
  void end(std::uint64_t id, core::Verdict verdict);
  void end_well(std::uint64_t id);
  [[nodiscard]] Chain& chain(std::uint64_t id) { return chains_.at(id); }

  // Constant after construction
  std::vector<Hooked> hooked_;
  Ops& ops_;
  LoopInbox& loop_;

  // Loop only
  std::uint64_t last_chain_ = 0;
  std::unordered_map<std::uint64_t, Chain> chains_;
};

}  // namespace chatd::host
