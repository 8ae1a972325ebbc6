#include "plugins/storage_lmdb/memtable.hpp"

#include <random>
#include <xxhash.h>

namespace chatd::storage_lmdb {
namespace {

// Room ids come from outside: an unknown seed keeps anybody from making them collide.
std::uint64_t hash_seed() {
  static const std::uint64_t seed = std::random_device()() | std::uint64_t{std::random_device()()}
                                                                 << 32U;
  return seed;
}

}  // namespace

std::size_t Memtable::RoomHash::operator()(const RoomId& room) const {
  return XXH3_64bits_withSeed(room.data(), room.size(), hash_seed());
}

Memtable::Tail& Memtable::add_tail(const RoomId& room, std::uint64_t head) {
  Tail& tail = tails_[room];
  tail.first_seq = head + 1;
  return tail;
}

Memtable::Tail* Memtable::find_tail(const RoomId& room) {
  const auto found = tails_.find(room);
  return found == tails_.end() ? nullptr : &found->second;
}

const Memtable::Tail* Memtable::find_tail(const RoomId& room) const {
  const auto found = tails_.find(room);
  return found == tails_.end() ? nullptr : &found->second;
}

void Memtable::apply(const Write& write, const Place& place, Tail* tail) {
  const Location location{static_cast<std::uint32_t>(place.position - first_position_),
                          place.offset};
  ++writes_;
  switch (write.op) {
    case Op::append:
      tail->records.push_back(location);
      break;
    case Op::replace:
      last_replace_ = place.position;
      if (write.seq >= tail->first_seq)
        tail->records[write.seq - tail->first_seq] = location;
      else
        replaced_[{write.room, write.seq}] = location;
      break;
    case Op::put:
      keys_.insert_or_assign(std::string(write.key), location);
      break;
    case Op::erase:
      keys_.insert_or_assign(std::string(write.key), std::nullopt);
      break;
  }
}

}  // namespace chatd::storage_lmdb
