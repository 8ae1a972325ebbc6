#pragma once

#include "tests/bench/world/world.hpp"

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace chatd::bench {

// People, their rooms and what they said there: all of it asked of the core, as clients would.
class Community {
 public:
  struct Person {
    std::string token;
    std::vector<SessionId> sessions;
  };
  struct Place {  // a room
    std::string id;
    std::vector<std::size_t> members;  // the first one founded it
    Seq head = 0;                      // once something was said in it
  };

  explicit Community(World& world) : world_(world) {}

  // So many more, who may ask much at once through `sessions` connections each.
  void add_people(std::size_t count, std::size_t sessions);
  // Rooms of these members, as many as there are lists.
  std::vector<Place> found(const std::vector<std::vector<std::size_t>>& members);
  // So many messages in each room, its members in turn; `but` says nothing.
  void talk(std::vector<Place>& places, std::size_t messages, std::size_t but = SIZE_MAX);

  [[nodiscard]] const Person& person(std::size_t number) const { return people_[number]; }

 private:
  // Who has asked as much in this turn as the core takes.
  [[nodiscard]] bool is_busy(std::size_t person) const;
  void ask(std::size_t person, std::string_view method, std::string params);
  std::vector<std::string> answers();

  World& world_;
  std::vector<Person> people_;
  std::vector<World::Question> open_;
  std::vector<std::size_t> asked_by_;  // person: how many of open_
  std::vector<std::size_t> spoken_;    // person: messages so far
  std::uint64_t sessions_ = 0;
};

}  // namespace chatd::bench
