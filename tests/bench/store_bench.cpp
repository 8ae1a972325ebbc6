// How fast storage_lmdb commits, how large messages come out and how fast pages are read. Prints a
// JSON object a line; not a test. `store_bench FOLDER [MESSAGES]`: FOLDER is on the disk to be
// measured.
//
// Messages have about 200 bytes of English text (Debian's `fortunes` if installed, else the common
// licences) in an envelope like that of the daemon's stored form, which has no hashes.
#include "daemon/host/workers.hpp"
#include "plugins/storage_lmdb/env.hpp"
#include "plugins/storage_lmdb/history.hpp"
#include "plugins/storage_lmdb/store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace chatd::storage_lmdb {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// Of all threads, user and system.
double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "%s\n", why.c_str());
  std::exit(1);
}
void require(const Status& status) {
  if (!status) stop(status.error().text);
}

class Messages {
 public:
  Messages() {
    for (const char* folder : {"/usr/share/games/fortunes", "/usr/share/common-licenses"}) {
      std::error_code error;
      std::vector<fs::path> files;
      for (const auto& entry : fs::directory_iterator(folder, error))
        if (!entry.path().has_extension() && entry.is_regular_file()) files.push_back(entry.path());
      std::sort(files.begin(), files.end());
      for (const fs::path& file : files) add(file);
      if (text_.size() > 100'000) return;
    }
    stop("found no English text");
  }

  // A record of room `where`.
  std::string record(std::uint64_t where, std::uint64_t seq) {
    const std::uint64_t noise = mix(where * 0x9E3779B97F4A7C15ULL + seq);
    std::string out("\x01\x06\x01\x01", 4);  // version, flags, term, kind
    const std::uint64_t time = 1'700'000'000'000 + seq * 20'000 + noise % 9000;
    const auto big_endian = [&out](std::uint64_t value, int bytes) {
      for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i));
    };
    const auto varint = [&out](std::uint64_t value) {
      for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
      out += static_cast<char>(value);
    };
    const std::string sender =
        "user" + std::to_string(mix(where * 5 + noise % 5) % 100'000) + "@one.example";
    varint(sender.size());
    out += sender;
    big_endian(mix(where * 5 + noise % 5), 8);  // device
    big_endian(time - noise % 300, 6);          // client_msg_id: a UUIDv7
    big_endian(mix(noise + 1), 8);
    big_endian(mix(noise + 2), 2);
    varint(time);
    varint(seq);  // ordinal
    const std::size_t size = 120 + noise / 1000 % 161;
    out += R"({"body":")";
    out += text_.substr(mix(noise + 3) % (text_.size() - 400), size);
    out += R"("})";
    return out;
  }

  static std::uint64_t mix(std::uint64_t x) {
    x += 0x9E3779B97F4A7C15ULL;
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9ULL;
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBULL;
    return x ^ (x >> 31);
  }

 private:
  void add(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    bool is_space = true;
    for (auto at = std::istreambuf_iterator<char>(in); at != std::istreambuf_iterator<char>();
         ++at) {
      const bool was_space = std::exchange(is_space, *at == ' ' || *at == '\n' || *at == '\t');
      if (!is_space) text_ += *at == '"' ? '\'' : *at;
      if (is_space && !was_space) text_ += ' ';
    }
  }
  std::string text_;
};

RoomId room(std::uint64_t number) {
  RoomId id{};
  for (std::size_t i = 0; i < id.size(); ++i)
    id[i] = static_cast<char>(Messages::mix(number * 8 + i / 8) >> (8 * (i % 8)));
  return id;
}

struct Group {
  std::vector<std::string> bytes;
  std::vector<Write> writes;
};

// The next `size` messages, rooms in turn.
Group next_group(Messages& messages, std::size_t size, std::uint64_t rooms, std::uint64_t& count) {
  Group group;
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint64_t where = (count + i) % rooms;
    group.bytes.push_back(messages.record(where, (count + i) / rooms + 1));
  }
  for (std::size_t i = 0; i < size; ++i, ++count)
    group.writes.push_back(
        {Op::append, room(count % rooms), count / rooms + 1, {}, group.bytes[i]});
  return group;
}

struct Figures {
  std::vector<double> latencies_ms;
  double seconds = 0;
  double cpu = 0;
  std::uint64_t messages = 0;
  void print(const char* name, std::size_t group) {
    std::sort(latencies_ms.begin(), latencies_ms.end());
    const auto at = [&](double part) {
      return latencies_ms[static_cast<std::size_t>(part * double(latencies_ms.size() - 1))];
    };
    std::printf(
        R"({"what":"%s","in_flight":%zu,"rate":%.0f,"p50_ms":%.3f,"p99_ms":%.3f,"cpu_us":%.3f})"
        "\n",
        name, group, double(messages) / seconds, at(0.5), at(0.99), cpu / double(messages) * 1e6);
    std::fflush(stdout);
  }
};

// Makes groups ahead, then times what `commit` does with them.
template <class Commit>
Figures measure(Messages& messages, std::size_t group, std::uint64_t total, std::uint64_t rooms,
                Commit commit) {
  Figures figures;
  std::uint64_t count = 0;
  while (count < total) {
    std::vector<Group> ahead;
    for (std::uint64_t until = std::min(total, count + 50'000); count < until;)
      ahead.push_back(next_group(messages, group, rooms, count));
    const double cpu = cpu_seconds();
    const auto start = Clock::now();
    for (const Group& each : ahead) {
      const auto before = Clock::now();
      commit(each.writes);
      figures.latencies_ms.push_back(seconds_since(before) * 1e3);
    }
    figures.seconds += seconds_since(start);
    figures.cpu += cpu_seconds() - cpu;
  }
  figures.messages = count;
  return figures;
}

// What the store is compared with: a row for each record, keyed (room, seq).
Figures measure_direct(const fs::path& folder, Messages& messages, std::size_t group,
                       std::uint64_t total, std::uint64_t rooms) {
  fs::create_directories(folder);
  auto env = Env::open(folder / "direct.mdb", std::size_t{1} << 40);
  if (!env) stop(env.error().text);
  std::optional<MDB_dbi> table;
  return measure(messages, group, total, rooms, [&](const std::vector<Write>& writes) {
    auto txn = WriteTxn::begin(**env);
    if (!txn) stop(txn.error().text);
    if (!table) table = txn->table("rows", MDB_CREATE).value();
    for (const Write& write : writes)
      require(txn->put(*table, RunKey(write.room, write.seq).bytes(), write.value));
    require(txn->commit());
  });
}

Options options_in(const fs::path& folder, host::Workers& worker) {
  Options options;
  options.path = folder;
  options.work = [&worker](std::function<void()> task) { return worker.run(std::move(task)); };
  options.log = [](int, const std::string& text) { std::fprintf(stderr, "%s\n", text.c_str()); };
  return options;
}

std::uint64_t stat(Store& store, std::string_view wanted) {
  std::uint64_t found = 0;
  static_cast<void>(store.stats([&](std::string_view name, std::uint64_t value) {
    if (name == wanted) found = value;
    return CHATD_OK;
  }));
  return found;
}

void measure_store(const fs::path& folder, Messages& messages, const char* name, std::size_t group,
                   std::uint64_t total, std::size_t fold_writes) {
  fs::remove_all(folder);
  std::unique_ptr<Store> store;  // ends after the worker's last task
  host::Workers worker(1, 16);
  Options options = options_in(folder, worker);
  options.fold_writes = fold_writes;
  store = Store::open(options).value();
  measure(messages, group, total, 10'000, [&](const std::vector<Write>& writes) {
    require(store->commit(writes));
  }).print(name, group);
}

void measure_commits(const fs::path& folder, Messages& messages, std::uint64_t total) {
  for (const std::size_t group : {1, 8, 64, 512}) {
    const std::uint64_t part = group == 1 ? total / 500 : group == 8 ? total / 50 : total;
    fs::remove_all(folder);
    measure_direct(folder, messages, group, std::min<std::uint64_t>(part, 200'000), 10'000)
        .print("direct", group);
    // The fold is under way in the two large groups, not in the small ones.
    measure_store(folder, messages, "folding", group, part, 100'000);
    if (group >= 64) measure_store(folder, messages, "not folding", group, part, 2 * total);
  }
}

void measure_disk(const fs::path& folder, Messages& messages, std::uint64_t each,
                  std::uint64_t total, std::size_t generations) {
  fs::remove_all(folder);
  const std::uint64_t rooms = total / each;
  std::unique_ptr<Store> store;
  host::Workers worker(1, 16);
  Options options = options_in(folder, worker);
  options.fold_writes = total / generations + 1;
  store = Store::open(options).value();
  double cpu = 0;
  std::uint64_t bytes = 0;
  for (std::uint64_t count = 0; count < rooms * each;) {
    const Group group = next_group(messages, 512, rooms, count);
    for (const std::string& record : group.bytes) bytes += record.size();
    const double before = cpu_seconds();
    require(store->commit(group.writes));
    cpu += cpu_seconds() - before;
  }
  const double before = cpu_seconds();
  require(store->settle());
  cpu += cpu_seconds() - before;
  // The live file has free pages, which the next folds use; a backup has none.
  const fs::path copy = folder.string() + "-copy";
  fs::remove_all(copy);
  require(store->backup(copy));
  const auto packed = static_cast<double>(fs::file_size(copy / kHistoryFile));
  fs::remove_all(copy);
  const auto messages_in = static_cast<double>(rooms * each);
  std::printf(R"({"what":"disk","room":%lu,"parts":%zu,"bytes":%.1f,"on_disk":%.1f,)"
              R"("packed":%.1f,"cpu_us":%.3f,"runs":%lu,)",
              static_cast<unsigned long>(each), generations, double(bytes) / messages_in,
              double(stat(*store, "history_disk_bytes")) / messages_in, packed / messages_in,
              cpu / messages_in * 1e6, static_cast<unsigned long>(stat(*store, "folded_runs")));
  std::vector<double> us;
  for (std::uint64_t i = 0; i < 20'000; ++i) {
    const auto begin = Clock::now();
    const RoomRange range{room(Messages::mix(i) % rooms), 1, UINT64_MAX, 50, UINT64_MAX, true};
    const auto status =
        store->read_range(range, [](std::uint64_t, std::string_view) { return CHATD_OK; });
    if (!status) stop(status.error().text);
    us.push_back(seconds_since(begin) * 1e6);
  }
  std::sort(us.begin(), us.end());
  std::printf(R"("newest_50_us":%.1f,"newest_50_p99_us":%.1f})"
              "\n",
              us[us.size() / 2], us[us.size() * 99 / 100]);
  std::fflush(stdout);
}

}  // namespace
}  // namespace chatd::storage_lmdb

int main(int argc, char** argv) {
  using namespace chatd::storage_lmdb;
  if (argc < 2) stop("store_bench FOLDER [MESSAGES]");
  const fs::path folder = fs::path(argv[1]) / "store-bench";
  const std::uint64_t total = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1'000'000;
  Messages messages;
  measure_commits(folder, messages, total);
  measure_disk(folder, messages, 3, std::min<std::uint64_t>(total, 300'000), 1);
  measure_disk(folder, messages, 3, std::min<std::uint64_t>(total, 300'000), 4);
  measure_disk(folder, messages, 50, std::min<std::uint64_t>(total, 500'000), 4);
  measure_disk(folder, messages, 200, std::min<std::uint64_t>(total, 1'000'000), 8);
  fs::remove_all(folder);
}
