#include "tests/bench/micro/talkers.hpp"

namespace chatd::bench {

Talkers::Talkers() {
  world_.sign_up(alice_, "alice");
  world_.sign_up(bob_, "bob");
  room_ = member(world_.ask(alice_, "room.open_direct", R"("user":"bob@one.example")"), "room");
  memory_.stop_keeping();
}

}  // namespace chatd::bench
