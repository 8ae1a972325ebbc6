#include "tests/sim/hub_moves.hpp"

#include "daemon/core/hub_move.hpp"

namespace chatd::sim {
namespace {

core::Task<void> move(World& world, core::Context& core, RoomId room, std::string to) {
  const std::string from = core.settings.server_name;
  auto seq = co_await core::move_hub(core, room, to);
  world.tell("{}: hands {} to {}: {}", from, room.text(), to,
             seq ? fmt::format("record {}", *seq) : seq.error().message);
}

}  // namespace

void hand_over(World& world, Neighbours& neighbours, const std::string& room) {
  const RoomId id = *RoomId::parse(room);
  for (std::size_t i = 0; i < neighbours.size(); ++i) {
    if (!neighbours.server(i).is_up()) continue;
    core::Context& core = neighbours.server(i).core().context();
    const core::Room* const known = core.rooms.find(id);
    if (known == nullptr || core::is_elsewhere(core, *known)) continue;
    std::string to = neighbours.server(neighbours.any()).name();
    core.tasks.spawn(move(world, core, id, std::move(to)));
    return;
  }
}

}  // namespace chatd::sim
