#pragma once

#include "daemon/base/result.hpp"
#include "daemon/core/task.hpp"

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <unordered_map>
#include <utility>

namespace chatd::core {

// State read from the store and kept while there is room: rooms and accounts. Each exists at most
// once, so that what changes it changes it for all. What is dropped is simply read again. Loop
// only.
//
// An Entity has `std::uint64_t last_ticket`: the newest commit that changed it. Until that is
// answered the store would give an older state, so it stays.
template <class Id, class Entity>
class Cache {
 public:
  using Fetch = std::function<Task<Result<std::unique_ptr<Entity>>>(Id)>;

  Cache(std::size_t capacity, Fetch fetch) : capacity_(capacity), fetch_(std::move(fetch)) {}
  Cache(const Cache&) = delete;
  Cache& operator=(const Cache&) = delete;

  // nullptr: not here just now. Valid until the next co_await.
  [[nodiscard]] Entity* find(const Id& id) {
    const auto slot = slots_.find(id);
    if (slot == slots_.end()) return nullptr;
    by_use_.splice(by_use_.begin(), by_use_, slot->second);
    return slot->second->second.get();
  }

  // Reads it if need be. Valid until the next co_await.
  Task<Result<Entity*>> load(Id id) {
    while (true) {
      if (Entity* const here = find(id)) co_return here;
      const auto under_way = loading_.find(id);
      if (under_way == loading_.end()) break;
      const std::shared_ptr<Loading> loading = under_way->second;
      co_await loading->gate.wait();
      if (!loading->status) co_return fail(loading->status.error());
    }
    const auto loading = std::make_shared<Loading>();
    loading_.emplace(id, loading);
    auto fetched = co_await fetch_(id);
    loading_.erase(id);
    if (!fetched) loading->status = fail(fetched.error());
    // One that was made meanwhile is newer than what was read.
    if (fetched && find(id) == nullptr) put(id, *std::move(fetched));
    loading->gate.open();
    if (!loading->status) co_return fail(loading->status.error());
    Entity* const here = find(id);
    if (here == nullptr) co_return fail(Code::unavailable, "the state was dropped while loading");
    co_return here;
  }

  // Takes a new one in (its id is not here yet).
  Entity& put(const Id& id, std::unique_ptr<Entity> entity) {
    by_use_.emplace_front(id, std::move(entity));
    slots_[id] = by_use_.begin();
    return *by_use_.front().second;
  }

  // Drops what was not used for longest, down to the capacity; all commits up to `completed` are
  // answered. Call between commands.
  void trim(std::uint64_t completed) {
    auto last = by_use_.end();
    while (by_use_.size() > capacity_ && last != by_use_.begin()) {
      --last;
      if (last->second->last_ticket > completed) continue;
      slots_.erase(last->first);
      last = by_use_.erase(last);
    }
  }
  void drop(const Id& id) {
    const auto slot = slots_.find(id);
    if (slot == slots_.end()) return;
    by_use_.erase(slot->second);
    slots_.erase(slot);
  }
  void drop_all() {
    slots_.clear();
    by_use_.clear();
  }
  [[nodiscard]] std::size_t size() const { return by_use_.size(); }

 private:
  struct Loading {
    Gate gate;
    Status status;
  };
  using List = std::list<std::pair<Id, std::unique_ptr<Entity>>>;

  const std::size_t capacity_;
  const Fetch fetch_;
  List by_use_;  // most recently used first
  std::unordered_map<Id, typename List::iterator> slots_;
  std::unordered_map<Id, std::shared_ptr<Loading>> loading_;
};

}  // namespace chatd::core
