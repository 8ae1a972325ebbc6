#include "tests/bench/load/rooms.hpp"

#include "tests/bench/load/stop.hpp"

#include <fstream>
#include <iterator>
#include <sstream>

namespace chatd::bench {

void know_from(const std::string& file, Crowd& crowd, std::size_t count) {
  std::ifstream in(file);
  std::string line;
  for (std::size_t i = 0; i < count; ++i) {
    require(static_cast<bool>(std::getline(in, line)), file + " tells of too few clients");
    std::istringstream words(line);
    std::string token;
    words >> token;
    std::vector<std::string> rooms{std::istream_iterator<std::string>(words), {}};
    require(!rooms.empty(), file + " tells of no rooms");
    crowd.client(i).know(std::move(token), std::move(rooms));
  }
}

void open_rooms(Crowd& crowd, const Talk::Shape& shape) {
  if (shape.members == 2) {
    crowd.each(0, shape.rooms * shape.members,
               [&](Client& client) { client.open_direct(crowd.client(client.number() ^ 1)); });
    return;
  }
  for (std::size_t room = 0; room < shape.rooms; ++room) {
    std::vector<Client*> members;
    for (std::size_t i = 0; i < shape.members; ++i)
      members.push_back(&crowd.client(room * shape.members + i));
    const std::size_t founder = members.front()->number();
    crowd.each(founder, 1,
               [&](Client& client) { client.found_group("g" + std::to_string(room), members); });
    crowd.each(founder + 1, shape.members - 1,
               [&](Client& client) { client.join_group(members.front()->room()); });
  }
}

std::vector<std::uint64_t> archived(Crowd& crowd, const Talk::Shape& shape, std::size_t place) {
  std::vector<std::uint64_t> counts;
  for (std::size_t room = 0; room < shape.rooms; ++room) {
    const std::size_t member = room * shape.members + place;
    if (!crowd.client(member).has_archive()) return {};
    crowd.each(member, 1, [](Client& client) { client.count(client.room()); });
    counts.push_back(crowd.client(member).counted());
  }
  return counts;
}

}  // namespace chatd::bench
