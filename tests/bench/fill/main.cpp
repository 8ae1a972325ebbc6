// Fills the data folder of a daemon that has not run yet with what a community of years has in it,
// in seconds: the real core on the real store, without clients; see ../README.md.
#include "daemon/host/workers.hpp"
#include "plugins/storage_lmdb/store.hpp"
#include "tests/bench/fill/community.hpp"
#include "tests/bench/world/medium_store.hpp"
#include "tests/support/store_calls.hpp"

#include <sodium.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace chatd::bench {
namespace {

constexpr const char* kUsage =
    "usage: chatd_fill --store FOLDER --clients FILE [--pairs N] [--rooms N] [--messages N]\n"
    "                  [--away MESSAGES]";
constexpr Millis kMonth{30LL * 24 * 3600 * 1000};

struct Plan {
  std::string store;
  std::string clients;
  std::size_t pairs = 1;
  std::size_t rooms = 1;     // of each pair
  std::size_t messages = 0;  // in each room
  bool is_about_away = false;
  std::size_t news = 0;
};

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "chatd_fill: %s\n", why.c_str());
  std::exit(1);
}

Plan plan_of(int argc, char** argv) {
  Plan plan;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const auto number = [&] { return std::strtoul(argv[i + 1], nullptr, 10); };
    if (name == "--store")
      plan.store = argv[i + 1];
    else if (name == "--clients")
      plan.clients = argv[i + 1];
    else if (name == "--pairs")
      plan.pairs = number();
    else if (name == "--rooms")
      plan.rooms = number();
    else if (name == "--messages")
      plan.messages = number();
    else if (name == "--away")
      plan.is_about_away = true, plan.news = number();
    else
      stop(kUsage);
  }
  if (argc % 2 == 0 || plan.store.empty() || plan.clients.empty()) stop(kUsage);
  return plan;
}

class Folder {
 public:
  explicit Folder(const std::string& path) : path_(path), raw_(path + ".raw") {
    storage_lmdb::Options options;
    options.path = raw_;
    // Folded once, in the order of the keys: in parts each would touch all of the file again.
    options.fold_writes = std::size_t{1} << 30;
    options.fold_bytes = std::size_t{1} << 40;
    options.slice_writes = std::size_t{1} << 18;
    options.work = [this](std::function<void()> task) { return fold_.run(std::move(task)); };
    options.log = [](int, const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
    auto opened = storage_lmdb::Store::open(options);
    if (!opened) stop(opened.error().text);
    store_ = *std::move(opened);
  }
  // Leaves a copy in the folder that has nothing of how it came about: no journal, no free pages.
  void finish() {
    fold_.stop();
    if (const auto settled = store_->settle(); !settled) stop(settled.error().text);
    if (const auto copied = store_->backup(path_); !copied) stop(copied.error().text);
    store_.reset();
    std::filesystem::remove_all(raw_);
  }
  Status commit(const std::vector<core::Write>& writes) { return support::commit(*store_, writes); }
  auto read(const core::Range& range) { return support::read(*store_, range); }
  auto head(const RoomId& room) { return support::head(*store_, room); }
  auto get(const std::string& key) { return support::get(*store_, key); }
  auto scan(const std::string& prefix, const std::string& after, std::size_t limit) {
    return support::scan(*store_, prefix, after, limit);
  }

 private:
  const std::filesystem::path path_;
  const std::filesystem::path raw_;
  std::unique_ptr<storage_lmdb::Store> store_;
  host::Workers fold_{1, 16};  // ends first
};

// A line a person: the token, then their rooms.
void fill_pairs(Community& community, const Plan& plan, std::ofstream& out) {
  // Few who talk much need more connections than many who talk a little.
  community.add_people(2 * plan.pairs, plan.pairs < 10 ? 16 : 1);
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t room = 0; room < plan.rooms; ++room)
    for (std::size_t pair = 0; pair < plan.pairs; ++pair)
      members.push_back({2 * pair, 2 * pair + 1});
  auto places = community.found(members);
  community.talk(places, plan.messages);
  for (std::size_t person = 0; person < 2 * plan.pairs; ++person) {
    out << community.person(person).token;
    for (std::size_t room = 0; room < plan.rooms; ++room)
      out << ' ' << places[room * plan.pairs + person / 2].id;
    out << '\n';
  }
}

// The first person is in 1,100 rooms, most of them quiet, and away while the others go on in 200 of
// them. Lines: the token, what the device tells when it comes back, how many records it lacks.
void fill_away(World& world, Community& community, const Plan& plan, std::ofstream& out) {
  constexpr std::size_t kRooms = 1100;
  constexpr std::size_t kBusyRooms = 200;
  constexpr std::size_t kOthers = 50;
  constexpr std::size_t kOldMessages = 30;
  community.add_people(1 + kOthers, 2);
  std::vector<std::vector<std::size_t>> members;
  for (std::size_t room = 0; room < kRooms; ++room)
    members.push_back({1 + room % kOthers, 0, 1 + (room + 1 + room / kOthers) % kOthers});
  auto places = community.found(members);
  community.talk(places, kOldMessages);
  const SessionId away = community.person(0).sessions.front();
  const std::string now =
      world.ask(away, "sync", R"("account_version":0,"rooms":[],"max_rooms":1)");
  constexpr std::string_view kVersion = R"("account_version":)";
  const std::string version = now.substr(now.find(kVersion));
  out << community.person(0).token << '\n'
      << version.substr(0, version.find(',')) << R"(,"rooms":[)";
  for (std::size_t room = 0; room < kRooms; ++room)
    out << (room == 0 ? "" : ",") << R"({"room":")" << places[room].id << R"(","seq":)"
        << places[room].head << '}';
  world.move_clock(kMonth);
  places.resize(kBusyRooms);
  community.talk(places, plan.news / kBusyRooms, 0);
  out << "]\n" << plan.news / kBusyRooms * kBusyRooms << '\n';
}

void fill(const Plan& plan) {
  core::Settings settings = open_to_all();
  settings.server_name = "localhost";
  settings.rooms_in_memory = SIZE_MAX;
  const auto wall =
      std::chrono::duration_cast<Millis>(std::chrono::system_clock::now().time_since_epoch());
  Later later;
  Folder folder(plan.store);
  MediumStore<Folder> store(folder, later);
  World world(store, later, std::move(settings), (wall - 2 * kMonth).count());
  Community community(world);
  std::ofstream out(plan.clients);
  if (plan.is_about_away)
    fill_away(world, community, plan, out);
  else
    fill_pairs(community, plan, out);
  folder.finish();
  if (!out.flush()) stop("can't write " + plan.clients);
}

}  // namespace
}  // namespace chatd::bench

int main(int argc, char** argv) {
  if (sodium_init() < 0) return 1;
  chatd::bench::fill(chatd::bench::plan_of(argc, argv));
}
