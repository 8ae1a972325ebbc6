#pragma once

#include "daemon/base/result.hpp"
#include <chatd/plugin.h>
#include <chatd/schema.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::host {

// A plugin's file, open and found fit: right ABI, name, schema and roles. Nothing of the plugin has
// run but its query. One thread at a time.
class Library {
 public:
  // `name`: as the config calls it. Each reason to refuse has its own sentence.
  [[nodiscard]] static Result<std::unique_ptr<Library>> open(const std::filesystem::path& file,
                                                             std::string_view name);
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();

  [[nodiscard]] const std::filesystem::path& file() const { return file_; }
  [[nodiscard]] const chatd_plugin& descriptor() const { return *descriptor_; }
  [[nodiscard]] const std::vector<sdk::SchemaKey>& schema() const { return schema_; }

 private:
  Library(std::filesystem::path file, void* handle) : file_(std::move(file)), handle_(handle) {}

  // Constant once open
  const std::filesystem::path file_;
  void* const handle_;
  const chatd_plugin* descriptor_ = nullptr;
  std::vector<sdk::SchemaKey> schema_;
};

// Whether this host can serve the plugin, judged by its descriptor alone; its schema if so.
[[nodiscard]] Result<std::vector<sdk::SchemaKey>> check_descriptor(const chatd_plugin* descriptor,
                                                                   std::string_view name);

// `<name>.so` in the first of `dirs` that has it.
[[nodiscard]] Result<std::filesystem::path> find_plugin(
    const std::vector<std::filesystem::path>& dirs, std::string_view name);

}  // namespace chatd::host
