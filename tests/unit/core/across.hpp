#pragma once

#include "tests/unit/core/town.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

// People of two servers, and the rooms between them.
namespace chatd::core {

inline const std::string kMontague = "montague.example";
inline const std::string kCapulet = "capulet.example";

// Two people of two servers, and the room that both opened. Index 0 is its hub.
struct Pair {
  Town town;
  std::size_t hub = 0;
  std::size_t other = 1;
  Actor at_hub;
  Actor at_other;
  RoomId room;

  Pair() : at_hub(town[0]), at_other(town[1]) {
    Actor romeo = town[0].sign_up("romeo");
    Actor juliet = town[1].sign_up("juliet");
    room = romeo.open_direct(juliet);
    town.settle();
    const bool is_first = !romeo.get(wire::RoomGet{room}).has("/hub");
    hub = is_first ? 0 : 1;
    other = 1 - hub;
    at_hub = is_first ? romeo : juliet;
    at_other = is_first ? juliet : romeo;
    CHECK(at_hub.open_direct(at_other) == room);
    CHECK(at_other.open_direct(at_hub) == room);
    town.settle();
    at_hub.sync();
    at_other.sync();
    at_hub.forget_events();
    at_other.forget_events();
  }
};

// A group of Romeo's at montague.example with Juliet of capulet.example in it.
struct Ball {
  Town town;
  Actor romeo = town[0].sign_up("romeo");
  Actor juliet = town[1].sign_up("juliet");
  RoomId room = romeo.found_group("the ball", {});

  Ball() {
    romeo.get(wire::RoomInvite{room, juliet.user()});
    town.settle();
    juliet.get(wire::RoomJoin{room});
    town.settle();
    romeo.forget_events();
    juliet.forget_events();
  }
  [[nodiscard]] std::string membership(Actor& who, std::size_t server) {
    for (const wire::Record& record : reversed(server)) {
      if (record.kind != wire::RecordKind::member) continue;
      const Json content(record.content);
      if (content.text("/user") == who.user().text()) return content.text("/membership");
    }
    return "none";
  }
  [[nodiscard]] bool are_logs_equal() { return town.log(0, room) == town.log(1, room); }

 private:
  std::vector<wire::Record> reversed(std::size_t server) {
    auto records = town.records(server, room);
    std::reverse(records.begin(), records.end());
    return records;
  }
};

// An open group.
inline RoomId found_square(Actor& founder) {
  wire::RoomCreate params;
  params.name = "the square";
  params.join = wire::JoinRule::open;
  return *RoomId::parse(founder.get(std::move(params)).text("/room"));
}

}  // namespace chatd::core
