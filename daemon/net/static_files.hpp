#pragma once

#include "daemon/base/result.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::net {

// The bytes of a file in one coding.
struct StaticBody {
  std::string_view coding;                   // as in Accept-Encoding: "br", "gzip"; empty: as it is
  std::string etag;                          // strong, with its quotes
  std::shared_ptr<const std::string> bytes;  // whoever sends them keeps them
};

struct StaticFile {
  std::string_view type;           // Content-Type
  bool is_immutable = false;       // its name changes with its content
  std::vector<StaticBody> bodies;  // compressed ones first, the file as it is last
};

// The files of a folder as they were when it was read: what browsers get. A request finds its file
// by name in here, so that none reaches the file system. Constant; shared by the I/O threads.
class StaticFiles {
 public:
  // A web client has some hundred; whoever names the folder of a whole project is told so.
  static constexpr std::size_t kMaxEntries = 2'000;
  // All together; a web client has a few MiB. In memory they lie beside those before them.
  static constexpr std::size_t kMaxBytes = std::size_t{32} * 1024 * 1024;

  // Reads the folder with all below it, except what begins with a dot (.well-known is read).
  // NAME.br and NAME.gz are NAME compressed. Blocks on the disk. Refuses with a sentence a folder
  // that is not there, that has no index.html, where something can't be read, that is too large, or
  // where NAME.br holds something else than NAME.
  [[nodiscard]] static Result<std::shared_ptr<const StaticFiles>> load(
      const std::filesystem::path& folder);

  // What to serve once `now` was read while `before` was served (null: nothing): `now`, and for
  // pages that are open what it lacks of `before`'s folder and has a hash in its name. `before`
  // itself if the folder is as it was: a reload for another reason takes nothing from those pages.
  [[nodiscard]] static std::shared_ptr<const StaticFiles> successor(
      const std::shared_ptr<const StaticFiles>& before, std::shared_ptr<const StaticFiles> now);

  // By the path of a URL, decoded: "/assets/app.js"; "/" is "/index.html". Null: no such file.
  [[nodiscard]] const StaticFile* find(std::string_view path) const;
  [[nodiscard]] const StaticFile& index() const { return *find("/"); }

 private:
  using Files = std::map<std::string, StaticFile, std::less<>>;

  StaticFiles() = default;

  // Constant after construction
  Files files_;
  Files departed_;  // are in the folder no more
};

}  // namespace chatd::net
