// The two binary forms: journal entries and runs.
#include "plugins/storage_lmdb/entry.hpp"
#include "plugins/storage_lmdb/run.hpp"
#include "tests/unit/plugins/storage_lmdb/store_world.hpp"

namespace chatd::storage_lmdb {
namespace {

std::string encode(std::uint64_t position, const std::vector<Write>& writes,
                   std::vector<std::uint32_t>& offsets) {
  std::string entry(entry_size(writes), '?');
  encode_entry(position, writes, entry.data(), offsets);
  return entry;
}

struct Run {
  std::uint64_t first_seq;
  std::string bytes;
};

std::vector<Run> cut(const std::vector<std::string>& records) {
  const std::vector<std::string_view> views(records.begin(), records.end());
  std::vector<Run> runs;
  RunEncoder encoder;
  REQUIRE(encoder
              .cut(room(1), 1, views,
                   [&](std::uint64_t first_seq, std::string_view run) -> Status {
                     runs.push_back({first_seq, std::string(run)});
                     return {};
                   })
              .has_value());
  return runs;
}

std::vector<std::string> join(const std::vector<Run>& runs) {
  RunDecoder decoder;
  std::vector<std::string> records;
  for (const Run& run : runs) {
    CHECK(run.first_seq == records.size() + 1);
    const auto decoded = decoder.decode(room(1), run.first_seq, run.bytes);
    for (const std::string_view record : decoded.value()) records.emplace_back(record);
  }
  return records;
}

std::string text(std::size_t i) {
  return "The quality of mercy is not strain'd, " + std::to_string(i * i * 7919) +
         " it droppeth as the gentle rain from heaven " + std::to_string(i * 104'729);
}

}  // namespace

TEST_CASE("a journal entry gives back its writes", "[storage_lmdb]") {
  const std::string binary("\0\xff\x80", 3);
  const std::vector<Write> writes{append(room(1), 1, "one"), replace(room(2), 300, ""),
                                  put(binary, binary), erase("gone")};
  std::vector<std::uint32_t> offsets;
  const std::string entry = encode(7, writes, offsets);

  std::size_t i = 0;
  const Status status =
      decode_entry(7, entry, [&](const Write& write, std::uint32_t offset) -> Status {
        REQUIRE(i < writes.size());
        CHECK(write.op == writes[i].op);
        CHECK(write.room == writes[i].room);
        CHECK(write.seq == writes[i].seq);
        CHECK(write.key == writes[i].key);
        CHECK(write.value == writes[i].value);
        CHECK(offset == offsets[i]);
        if (write.op != Op::erase) CHECK(value_at(entry, offset).value() == write.value);
        ++i;
        return {};
      });

  CHECK(status.has_value());
  CHECK(i == writes.size());
}

TEST_CASE("a journal entry is only good at its position and without a change", "[storage_lmdb]") {
  const std::vector<Write> writes{append(room(1), 1, "one"), put("key", "value")};
  std::vector<std::uint32_t> offsets;
  const std::string entry = encode(7, writes, offsets);
  const auto ignore = [](const Write&, std::uint32_t) -> Status { return {}; };

  CHECK_FALSE(decode_entry(8, entry, ignore));
  for (std::size_t i = 0; i < entry.size(); ++i) {
    std::string bad = entry;
    bad[i] ^= 1;
    CHECK_FALSE(decode_entry(7, bad, ignore));
    CHECK_FALSE(decode_entry(7, entry.substr(0, i), ignore));
  }
}

TEST_CASE("runs give back their records", "[storage_lmdb]") {
  std::vector<std::string> records;
  for (std::size_t i = 0; i < 1000; ++i) records.push_back(text(i));
  records[5] = "";
  records[500] = std::string(CHATD_STORAGE_MAX_VALUE, 'x');
  for (std::size_t i = 0; i < records[501].size(); ++i) records[501][i] = static_cast<char>(i * 89);

  CHECK(join(cut(records)) == records);
}

TEST_CASE("runs fill whole pages", "[storage_lmdb]") {
  std::vector<std::string> records;
  for (std::size_t i = 0; i < 1000; ++i) records.push_back(text(i));

  const std::vector<Run> runs = cut(records);

  for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
    const RunHead head = peek_run(runs[i].bytes).value();
    const bool is_full = runs[i].bytes.size() == 2 * 4096 - 16 || head.count == kMaxRunRecords;
    CHECK((is_full || head.is_open));
  }
  CHECK(runs.size() <= records.size() / 60);
}

TEST_CASE("a run is only good in its place and without a change", "[storage_lmdb]") {
  const Run run = cut({text(1), text(2), text(3)}).at(0);
  RunDecoder decoder;

  CHECK_FALSE(decoder.decode(room(2), 1, run.bytes));
  CHECK_FALSE(decoder.decode(room(1), 2, run.bytes));
  for (std::size_t i = 0; i < run.bytes.size(); ++i) {
    std::string bad = run.bytes;
    bad[i] ^= 4;
    CHECK_FALSE(decoder.decode(room(1), 1, bad));
    CHECK_FALSE(decoder.decode(room(1), 1, run.bytes.substr(0, i)));
    // Behind the checksum: a value or an error.
    static_cast<void>(decoder.decode_body(bad));
    static_cast<void>(decoder.decode_body(run.bytes.substr(0, i)));
  }
}

}  // namespace chatd::storage_lmdb
