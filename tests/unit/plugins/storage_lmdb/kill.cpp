// The real thing: a process that is killed while it commits and folds.
#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

#include <csignal>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace chatd::storage_lmdb {
namespace {

constexpr int kRoomCount = 5;

std::string text_of(std::uint64_t seq) { return "said before the end " + std::to_string(seq); }

// Commits a record to each room, tells `acks`, and so on until it is killed.
[[noreturn]] void commit_until_killed(const Options& options, int acks) {
  auto store = Store::open(options);
  if (!store) _exit(1);
  while (true) {
    const std::uint64_t seq = (*store)->head(room(0)).value() + 1;
    const std::string text = text_of(seq);
    std::vector<Write> writes;
    for (int where = 0; where < kRoomCount; ++where)
      writes.push_back(append(room(where), seq, text));
    writes.push_back(put("seq", text));
    const std::string earlier = text_of(seq / 2 + 1);
    if (seq % 7 == 0) writes.push_back(replace(room(0), seq / 2 + 1, earlier));
    if (!(*store)->commit(writes)) _exit(2);
    if (::write(acks, &seq, sizeof seq) != sizeof seq) _exit(3);
  }
}

}  // namespace

TEST_CASE("a killed process loses nothing that it acknowledged", "[storage_lmdb]") {
  const tests::TempFolder folder;
  Options options = options_for(folder);
  options.fold_writes = 40;
  options.slice_writes = 7;
  std::uint64_t acked = 0;
  for (int round = 0; round < 12; ++round) {
    int pipe_ends[2];
    REQUIRE(pipe(pipe_ends) == 0);
    const pid_t child = fork();
    if (child == 0) commit_until_killed(options, pipe_ends[1]);
    REQUIRE(child > 0);
    ::close(pipe_ends[1]);
    for (int i = 0; i < 20 + round * 3; ++i)
      REQUIRE(::read(pipe_ends[0], &acked, sizeof acked) == sizeof acked);
    kill(child, SIGKILL);
    while (::read(pipe_ends[0], &acked, sizeof acked) == sizeof acked) continue;
    ::close(pipe_ends[0]);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));

    const auto store = open_store(options);

    const std::uint64_t head = store->head(room(0)).value();
    REQUIRE(head >= acked);
    REQUIRE(head <= acked + 1);
    REQUIRE(get(*store, "seq") == text_of(head));
    for (int where = 0; where < kRoomCount; ++where) {
      const Records records = read_all(*store, room(where));
      REQUIRE(records.size() == head);
      for (const auto& [seq, text] : records) REQUIRE(text == text_of(seq));
    }
    REQUIRE(findings(*store).empty());
  }
}

}  // namespace chatd::storage_lmdb
