#pragma once

#include "plugins/storage_lmdb/store.hpp"
#include "tests/support/temp_folder.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <fstream>
#include <iterator>
#include <limits>
#include <string>
#include <utility>
#include <vector>

// What the store's tests say things with.
namespace chatd::storage_lmdb {

inline constexpr std::uint64_t kEverything = std::numeric_limits<std::uint64_t>::max();

inline RoomId room(int number) {
  RoomId id{};
  id.fill(static_cast<char>(number * 37));
  id[0] = static_cast<char>(number);
  id[1] = static_cast<char>(number >> 8);
  return id;
}

// Writes that own nothing: the strings must outlive the commit.
inline Write append(const RoomId& where, std::uint64_t seq, std::string_view bytes) {
  return {Op::append, where, seq, {}, bytes};
}
inline Write replace(const RoomId& where, std::uint64_t seq, std::string_view bytes) {
  return {Op::replace, where, seq, {}, bytes};
}
inline Write put(std::string_view key, std::string_view value) {
  return {Op::put, {}, 0, key, value};
}
inline Write erase(std::string_view key) { return {Op::erase, {}, 0, key, {}}; }

inline Options options_for(const tests::TempFolder& folder) {
  Options options;
  options.path = folder.path() / "store";
  options.map_bytes = std::size_t{1} << 30;  // what the sanitizers have room for
  return options;
}

inline std::unique_ptr<Store> open_store(const Options& options) {
  auto store = Store::open(options);
  if (!store) FAIL(store.error().text);
  return *std::move(store);
}

// "" when it went well, else the sentence.
inline std::string outcome(const Status& status) { return status ? "" : status.error().text; }

using Records = std::vector<std::pair<std::uint64_t, std::string>>;
inline Records read(Store& store, const RoomRange& range) {
  Records records;
  const auto status = store.read_range(range, [&](std::uint64_t seq, std::string_view bytes) {
    records.emplace_back(seq, bytes);
    return CHATD_OK;
  });
  if (!status) FAIL(status.error().text);
  return records;
}
inline Records read_all(Store& store, const RoomId& where) {
  return read(store, {where, 1, kEverything, kEverything, kEverything, false});
}

using Pairs = std::vector<std::pair<std::string, std::string>>;
inline Pairs scan(Store& store, std::string_view prefix, std::string_view after = {},
                  std::uint64_t limit = kEverything) {
  Pairs pairs;
  const auto status =
      store.scan(prefix, after, limit, [&](std::string_view key, std::string_view value) {
        pairs.emplace_back(key, value);
        return CHATD_OK;
      });
  if (!status) FAIL(status.error().text);
  return pairs;
}

// The key's value, or "(none)".
inline std::string get(Store& store, std::string_view key) {
  std::string found = "(none)";
  const auto status = store.get(key, [&](std::string_view, std::string_view value) {
    found = value;
    return CHATD_OK;
  });
  if (!status && status.error().status != CHATD_E_NOT_FOUND) FAIL(status.error().text);
  return found;
}

inline std::uint64_t stat(Store& store, std::string_view wanted) {
  std::uint64_t found = 0;
  const auto status = store.stats([&](std::string_view name, std::uint64_t value) {
    if (name == wanted) found = value;
    return CHATD_OK;
  });
  if (!status) FAIL(status.error().text);
  return found;
}

// What check() finds wrong, a line each.
inline std::string findings(Store& store) {
  std::string text;
  const auto status = store.check([&](const std::string& line) {
    text += line + "\n";
    return CHATD_OK;
  });
  if (!status) FAIL(status.error().text);
  return text;
}

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace chatd::storage_lmdb
