#include "tests/sim/store_files.hpp"

#include "daemon/base/assert.hpp"
#include "tests/sim/store_faults.hpp"
#include "tests/support/store_calls.hpp"

#include <array>
#include <fstream>
#include <iterator>
#include <utility>

namespace chatd::sim {
namespace {

using storage_lmdb::FaultPoint;

constexpr std::size_t kMapBytes = std::size_t{256} << 20;  // what the sanitizers have room for
constexpr std::array<std::string_view, storage_lmdb::kFaultPoints> kPointNames{
    "a commit that had not begun to write",
    "a commit that was written",
    "a fold before it wrote a slice",
    "a fold that had written a slice",
    "a fold that was done",
    "an erasure that had trimmed the journal",
    "an erasure before it scrubbed",
    "an erasure that was half done"};

}  // namespace

StoreMedium::StoreMedium(World& world, Fault fault, std::function<void()> on_death)
    : world_(world),
      fault_(fault),
      on_death_(std::move(on_death)),
      death_permille_(world.chance(30) ? 0 : world.between(1, 12)),
      options_(options()) {
  const Status opened = restart();
  CHATD_ASSERT(opened.has_value());
}

storage_lmdb::Options StoreMedium::options() {
  storage_lmdb::Options options;
  options.path = folder_.path() / "store";
  options.map_bytes = kMapBytes;
  options.fold_writes = world_.between(5, 300);
  options.slice_writes = world_.between(1, 60);
  options.work = [this](std::function<void()> task) { return run_later(std::move(task)); };
  options.dies_at = [this](FaultPoint point) { return dies_at(point); };
  return options;
}

bool StoreMedium::run_later(std::function<void()> task) {
  if (world_.chance(10)) return false;  // no worker is free
  world_.after(Millis(world_.between(0, 300)), [this, life = life_, task = std::move(task)] {
    if (life == life_ && !is_dead_) task();
  });
  return true;
}

bool StoreMedium::dies_at(FaultPoint point) {
  if (world_.below(1000) >= death_permille_) return false;
  world_.tell("store: dies in {}", kPointNames.at(static_cast<std::size_t>(point)));
  is_dead_ = true;
  world_.after(Millis(0), [this, life = life_] {
    if (life == life_) on_death_();
  });
  return true;
}

Status StoreMedium::restart() {
  ++life_;
  store_.reset();
  if (std::filesystem::exists(options_.path)) damage(options_, fault_);
  auto opened = storage_lmdb::Store::open(options_);
  is_dead_ = !opened;
  if (!opened) return support::failed(opened.error());
  store_ = *std::move(opened);
  return {};
}

Status StoreMedium::commit(const std::vector<core::Write>& writes) {
  return support::commit(*store_, writes);
}

Result<std::vector<core::StoredRecord>> StoreMedium::read(const core::Range& range) {
  return support::read(*store_, range);
}

Result<Seq> StoreMedium::head(const RoomId& room) { return support::head(*store_, room); }

Result<std::optional<std::string>> StoreMedium::get(const std::string& key) {
  return support::get(*store_, key);
}

Result<std::vector<core::KeyValue>> StoreMedium::scan(const std::string& prefix,
                                                      const std::string& after, std::size_t limit) {
  return support::scan(*store_, prefix, after, limit);
}

std::vector<std::string> StoreMedium::examine(const std::vector<std::string>& gone) {
  std::vector<std::string> problems;
  const auto note = [&problems](const std::string& line) {
    problems.push_back("the store finds: " + line);
    return CHATD_OK;
  };
  if (const auto settled = store_->settle(); !settled)
    problems.push_back("the store does not settle: " + settled.error().text);
  if (const auto checked = store_->check(note); !checked)
    problems.push_back("the store can't be checked: " + checked.error().text);
  std::string everything;
  for (const char* const name : {storage_lmdb::kJournalFile, storage_lmdb::kHistoryFile}) {
    std::ifstream file(options_.path / name, std::ios::binary);
    everything.append(std::istreambuf_iterator<char>(file), {});
  }
  // Runs are compressed; what a reader gets of them is looked at with the rooms' logs.
  auto rows = scan({}, {}, SIZE_MAX);
  if (!rows) problems.push_back("the store's keys can't be read: " + rows.error().message);
  if (rows)
    for (const auto& [key, value] : *rows) everything += value;
  for (const std::string& text : gone)
    if (everything.find(text) != std::string::npos)
      problems.push_back("\"" + text + "\" was erased and is still in the store's files");
  return problems;
}

}  // namespace chatd::sim
