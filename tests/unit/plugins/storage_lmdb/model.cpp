// Random operations against the store and against the same thing in std containers, with restarts,
// sudden deaths and backups in between. A failing seed is printed; CHATD_SEED=n runs only that one.
#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <algorithm>
#include <cstdlib>
#include <deque>
#include <map>
#include <random>

namespace chatd::storage_lmdb {
namespace {

struct Model {
  std::map<int, std::vector<std::string>> rooms;
  std::map<std::string, std::string> keys;
  bool operator==(const Model&) const = default;
};

class World {
 public:
  explicit World(unsigned seed) : random_(seed) {
    options_ = options_for(folder_);
    options_.map_bytes = std::size_t{64} << 20;
    options_.fold_writes = between(5, 150);
    options_.slice_writes = between(1, 60);
    if (chance(70)) {
      options_.work = [this](std::function<void()> task) {
        if (chance(10)) return false;
        tasks_.push_back(std::move(task));
        return true;
      };
    }
    options_.dies_at = [this](FaultPoint) { return deaths_are_on_ && chance(death_percent_); };
    death_percent_ = chance(50) ? 0 : between(1, 6);
    open();
  }

  void run() {
    for (int step = 0; step < 60; ++step) {
      const std::size_t what = between(0, 99);
      if (what < 55) {
        commit();
      } else if (what < 75) {
        compare_something();
      } else if (what < 85) {
        run_a_task();
      } else if (what < 90) {
        static_cast<void>(store_->settle());
        after_upkeep();
      } else if (what < 98) {
        compare_something();
      } else if (what < 99) {
        open();
      } else {
        back_up();
      }
    }
    deaths_are_on_ = false;
    INFO("at the end");
    REQUIRE(state_of(*store_) == model_);
    REQUIRE(outcome(store_->settle()).empty());
    REQUIRE(state_of(*store_) == model_);
    REQUIRE(findings(*store_).empty());
  }

 private:
  std::size_t between(std::size_t low, std::size_t high) {
    return std::uniform_int_distribution<std::size_t>(low, high)(random_);
  }
  bool chance(std::size_t percent) { return between(1, 100) <= percent; }
  std::string bytes() {
    const std::size_t size = chance(3) ? between(2000, 30000) : between(0, 200);
    std::string text;
    while (text.size() < size) text += "words " + std::to_string(between(0, 1000)) + " and ";
    text.resize(size);
    return text;
  }
  std::string key() { return (chance(50) ? "a/" : "b/") + std::to_string(between(0, 40)); }

  void open() {
    tasks_.clear();  // the daemon would run them first; that they run is not needed
    store_.reset();
    store_ = open_store(options_);
  }

  void commit() {
    Model after = model_;
    std::deque<std::string> texts;  // what the writes refer to
    std::vector<Write> writes;
    bool is_right = true;
    for (std::size_t left = between(1, 12); left > 0; --left) {
      const int where = static_cast<int>(between(0, 7));
      auto& records = after.rooms[where];
      const std::size_t kind = between(0, 99);
      if (kind < 60) {
        std::uint64_t seq = records.size() + 1;
        if (chance(1)) seq += between(1, 2), is_right = false;
        writes.push_back(append(room(where), seq, texts.emplace_back(bytes())));
        records.push_back(texts.back());
      } else if (kind < 70 && !records.empty()) {
        std::uint64_t seq = between(1, records.size());
        if (chance(2)) seq = records.size() + 1, is_right = false;
        writes.push_back(replace(room(where), seq, texts.emplace_back(bytes())));
        if (is_right) records[seq - 1] = texts.back();
      } else if (kind < 90) {
        const std::string& name = texts.emplace_back(key());
        writes.push_back(put(name, texts.emplace_back(bytes())));
        after.keys[name] = texts.back();
      } else {
        writes.push_back(erase(texts.emplace_back(key())));
        after.keys.erase(texts.back());
      }
    }
    const Status status = store_->commit(writes);
    if (status) {
      REQUIRE(is_right);
      model_ = after;
    } else if (status.error().text == "killed by a test" || is_dead()) {
      open();
      // All of it or nothing; whichever it is, it stays.
      if (is_right && state_of(*store_) == without_empty(after)) model_ = after;
    } else {
      REQUIRE_FALSE(is_right);
    }
    model_ = without_empty(model_);
    after_upkeep();
  }

  static Model without_empty(Model model) {
    std::erase_if(model.rooms, [](const auto& pair) { return pair.second.empty(); });
    return model;
  }

  bool is_dead() { return !store_->head(room(0)).has_value(); }

  // Upkeep may have died; then the next store takes over.
  void after_upkeep() {
    if (!is_dead()) return;
    open();
    INFO("after a death");
    REQUIRE(state_of(*store_) == model_);
  }

  void run_a_task() {
    if (tasks_.empty()) return;
    const auto task = std::move(tasks_.front());
    tasks_.pop_front();
    task();
    after_upkeep();
  }

  void back_up() {
    const auto target = folder_.path() / "backup";
    REQUIRE(outcome(store_->backup(target)).empty());
    Options options = options_for(folder_);
    options.path = target;
    {
      const auto copy = open_store(options);
      INFO("in a backup");
      REQUIRE(state_of(*copy) == model_);
    }
    std::filesystem::remove_all(target);
  }

  Model state_of(Store& store) {
    Model state;
    for (int where = 0; where < 8; ++where) {
      std::vector<std::string> records;
      for (auto& [seq, record] : read_all(store, room(where))) {
        REQUIRE(seq == records.size() + 1);
        records.push_back(record);
      }
      REQUIRE(store.head(room(where)).value() == records.size());
      if (!records.empty()) state.rooms[where] = std::move(records);
    }
    for (auto& [name, value] : scan(store, "")) state.keys[name] = value;
    return state;
  }

  void compare_something() {
    if (chance(50)) return compare_range();
    const std::string prefix = chance(30) ? "" : chance(50) ? "a/" : "b/1";
    const std::string after = chance(40) ? "" : key();
    const std::size_t limit = between(0, 12);
    Pairs wanted;
    for (const auto& [name, value] : model_.keys)
      if (name.starts_with(prefix) && name > after && wanted.size() < limit)
        wanted.emplace_back(name, value);
    REQUIRE(scan(*store_, prefix, after, limit) == wanted);
    const std::string name = key();
    const auto found = model_.keys.find(name);
    REQUIRE(get(*store_, name) == (found == model_.keys.end() ? "(none)" : found->second));
  }

  void compare_range() {
    const int where = static_cast<int>(between(0, 7));
    const auto& records = model_.rooms[where];
    const RoomRange range{room(where),
                          between(0, records.size() + 2),
                          chance(30) ? kEverything : between(0, records.size() + 2),
                          between(0, 30),
                          between(0, 3000),
                          chance(50)};
    Records wanted;
    std::size_t size = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::size_t seq = range.is_reverse ? records.size() - i : i + 1;
      const std::string& record = records[seq - 1];
      if (seq < range.first || seq > range.last) continue;
      if (wanted.size() == range.max_records) break;
      if (!wanted.empty() && size + record.size() > range.max_bytes) break;
      size += record.size();
      wanted.emplace_back(seq, record);
    }
    model_ = without_empty(model_);
    REQUIRE(read(*store_, range) == wanted);
  }

  std::mt19937 random_;
  tests::TempFolder folder_;
  Options options_;
  bool deaths_are_on_ = true;
  std::size_t death_percent_ = 0;
  std::deque<std::function<void()>> tasks_;
  std::unique_ptr<Store> store_;
  Model model_;
};

}  // namespace

TEST_CASE("a store does what containers in memory do, whenever it dies", "[storage_lmdb]") {
  const char* const only = std::getenv("CHATD_SEED");
  const char* const count = std::getenv("CHATD_SEEDS");
  const unsigned first = only == nullptr ? 1 : static_cast<unsigned>(std::atoi(only));
  const unsigned seeds = count == nullptr ? 60 : static_cast<unsigned>(std::atoi(count));
  for (unsigned seed = first; seed < first + (only == nullptr ? seeds : 1); ++seed) {
    INFO("CHATD_SEED=" << seed);
    World(seed).run();
  }
}

}  // namespace chatd::storage_lmdb
