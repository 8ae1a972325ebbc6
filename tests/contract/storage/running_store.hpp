#pragma once

#include "tests/support/plugin_file.hpp"
#include "tests/support/temp_folder.hpp"
#include <chatd/storage.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::tests {

inline chatd_str str(std::string_view text) { return {text.data(), text.size()}; }
inline std::string text(chatd_str from) {
  return {from.data == nullptr ? "" : from.data, from.size};
}

// Whether the plugin under test forgets everything when it stops; it must say so.
inline bool keeps_nothing() { return std::getenv("CHATD_STORAGE_KEEPS_NOTHING") != nullptr; }

// The plugin's config with the folder that a test gives it where it says @FOLDER@.
inline std::map<std::string, std::string> config_in(const std::filesystem::path& folder) {
  std::map<std::string, std::string> config = config_under_test();
  for (auto& [key, value] : config) {
    const std::size_t at = value.find("@FOLDER@");
    if (at != std::string::npos) value.replace(at, 8, folder.string());
  }
  return config;
}

using Records = std::vector<std::pair<std::uint64_t, std::string>>;
using Pairs = std::vector<std::pair<std::string, std::string>>;

// Writes that refer to what they are made of: keep it until the commit.
inline chatd_write record(std::uint32_t op, std::string_view room, std::uint64_t seq,
                          std::string_view value) {
  return {sizeof(chatd_write), op, str(room), seq, {}, str(value)};
}
inline chatd_write append(std::string_view room, std::uint64_t seq, std::string_view value) {
  return record(CHATD_WRITE_APPEND, room, seq, value);
}
inline chatd_write replace(std::string_view room, std::uint64_t seq, std::string_view value) {
  return record(CHATD_WRITE_REPLACE, room, seq, value);
}
inline chatd_write put(std::string_view key, std::string_view value) {
  return {sizeof(chatd_write), CHATD_WRITE_PUT, {}, 0, str(key), str(value)};
}
inline chatd_write erase(std::string_view key) {
  return {sizeof(chatd_write), CHATD_WRITE_DELETE, {}, 0, str(key), {}};
}

// A running instance of the plugin under test on a folder, spoken to through its C table.
class RunningStore {
 public:
  explicit RunningStore(const std::filesystem::path& folder) : host_(config_in(folder)) {
    REQUIRE(plugin_under_test() != nullptr);
    REQUIRE(host_.start(plugin_under_test()) == "");
    table_ = host_.role<chatd_storage_v1>(CHATD_STORAGE_V1);
    REQUIRE(table_ != nullptr);
    REQUIRE(table_->size >= sizeof(chatd_storage_v1));
  }

  [[nodiscard]] const chatd_storage_v1& table() const { return *table_; }
  [[nodiscard]] void* self() const { return host_.self(); }
  [[nodiscard]] testing::FakeHost& host() { return host_; }
  [[nodiscard]] std::string last_error() const { return text(table_->last_error(self())); }

  chatd_status commit(const std::vector<chatd_write>& writes) {
    return table_->commit(self(), writes.data(), writes.size());
  }
  // The rest runs as on a WORKER.
  std::uint64_t head(std::string_view room) {
    std::uint64_t seq = 99;
    REQUIRE(host_.on_worker([&] { return table_->head(self(), str(room), &seq); }) == CHATD_OK);
    return seq;
  }
  Records read(std::string_view room, std::uint64_t first = 1, std::uint64_t last = UINT64_MAX,
               std::uint64_t max_records = UINT64_MAX, std::uint64_t max_bytes = UINT64_MAX,
               std::uint32_t flags = 0) {
    const chatd_range range{sizeof range, flags, str(room), first, last, max_records, max_bytes};
    Records records;
    const auto each = [](void* arg, std::uint64_t seq, chatd_str bytes) {
      static_cast<Records*>(arg)->emplace_back(seq, text(bytes));
      return CHATD_OK;
    };
    const auto status =
        host_.on_worker([&] { return table_->read_range(self(), &range, each, &records); });
    REQUIRE(status == CHATD_OK);
    return records;
  }
  // The value, or the status as text.
  std::string get(std::string_view key) {
    std::string value;
    const chatd_status status = host_.on_worker([&] {
      return table_->get(
          self(), str(key),
          [](void* arg, chatd_str, chatd_str found) {
            *static_cast<std::string*>(arg) = text(found);
            return CHATD_OK;
          },
          &value);
    });
    return status == CHATD_OK ? value : "status " + std::to_string(status);
  }
  Pairs scan(std::string_view prefix, std::string_view after = {},
             std::uint64_t limit = UINT64_MAX) {
    Pairs pairs;
    const chatd_status status = host_.on_worker([&] {
      return table_->scan(
          self(), str(prefix), str(after), limit,
          [](void* arg, chatd_str key, chatd_str value) {
            static_cast<Pairs*>(arg)->emplace_back(text(key), text(value));
            return CHATD_OK;
          },
          &pairs);
    });
    REQUIRE(status == CHATD_OK);
    return pairs;
  }
  std::map<std::string, std::uint64_t> stats() {
    std::map<std::string, std::uint64_t> stats;
    const chatd_status status = host_.on_worker([&] {
      return table_->stats(
          self(),
          [](void* arg, chatd_str name, std::uint64_t value) {
            (*static_cast<std::map<std::string, std::uint64_t>*>(arg))[text(name)] = value;
            return CHATD_OK;
          },
          &stats);
    });
    REQUIRE(status == CHATD_OK);
    return stats;
  }
  // What check() finds, a line each.
  std::string findings() {
    std::string lines;
    const chatd_status status = host_.on_worker([&] {
      return table_->check(
          self(),
          [](void* arg, chatd_str line) {
            *static_cast<std::string*>(arg) += text(line) + "\n";
            return CHATD_OK;
          },
          &lines);
    });
    REQUIRE(status == CHATD_OK);
    return lines;
  }

 private:
  testing::FakeHost host_;
  const chatd_storage_v1* table_ = nullptr;
};

}  // namespace chatd::tests
