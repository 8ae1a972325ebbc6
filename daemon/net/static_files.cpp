#include "daemon/net/static_files.hpp"

#include "daemon/base/encoding.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/net/unpack.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <system_error>
#include <utility>

namespace chatd::net {
namespace {

constexpr std::string_view kIndex = "/index.html";
// Links of folders are followed; one that leads up again ends here.
constexpr int kMaxDepth = 16;
constexpr std::size_t kReadBytes = std::size_t{64} * 1024;
// What libwebsockets takes apart in the path of a URL.
constexpr std::string_view kUnreachable = "&+;";

struct Compressed {
  std::string_view ending;
  std::string_view coding;
};
constexpr std::array kCompressed = {Compressed{".br", "br"}, Compressed{".gz", "gzip"}};

// Everything else is bytes that a browser neither shows nor runs.
std::string_view type_of(std::string_view path) {
  static constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".mjs", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".json", "application/json"},
      {".map", "application/json"},
      {".webmanifest", "application/manifest+json"},
      {".txt", "text/plain; charset=utf-8"},
      {".wasm", "application/wasm"},
      {".svg", "image/svg+xml"},
      {".png", "image/png"},
      {".jpg", "image/jpeg"},
      {".jpeg", "image/jpeg"},
      {".gif", "image/gif"},
      {".webp", "image/webp"},
      {".avif", "image/avif"},
      {".ico", "image/x-icon"},
      {".woff2", "font/woff2"},
      {".woff", "font/woff"},
      {".ttf", "font/ttf"},
      {".mp3", "audio/mpeg"},
      {".ogg", "audio/ogg"},
  };
  for (const auto& [ending, type] : kTypes)
    if (path.ends_with(ending)) return type;
  return "application/octet-stream";
}

// "/assets/NAME-HASH.ext", as bundlers name what they made: eight of the base64url alphabet. A word
// of eight letters is no hash; taking a hash for a word only costs a question now and then.
bool has_hash_in_name(std::string_view path) {
  constexpr std::size_t kHashSize = 8;
  if (!path.starts_with("/assets/")) return false;
  path = path.substr(0, path.rfind('.'));
  if (path.size() <= kHashSize || path[path.size() - kHashSize - 1] != '-') return false;
  const std::string_view hash = path.substr(path.size() - kHashSize);
  const auto is_lower = [](char c) { return (c >= 'a' && c <= 'z') || c == '-'; };
  const auto is_other = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return std::any_of(hash.begin(), hash.end(), is_other) &&
         std::all_of(hash.begin(), hash.end(), [&](char c) { return is_lower(c) || is_other(c); });
}

StaticBody body_of(std::string_view coding, std::string bytes) {
  std::string etag = fmt::format("\"{}\"", base64url(view(blake2b_128(bytes))));
  return {coding, std::move(etag), std::make_shared<const std::string>(std::move(bytes))};
}

bool is_same(const std::pair<const std::string, StaticFile>& a,
             const std::pair<const std::string, StaticFile>& b) {
  const auto has_same_bytes = [](const StaticBody& one, const StaticBody& other) {
    return one.etag == other.etag;
  };
  return a.first == b.first &&
         std::equal(a.second.bodies.begin(), a.second.bodies.end(), b.second.bodies.begin(),
                    b.second.bodies.end(), has_same_bytes);
}

using Contents = std::map<std::string, std::string>;  // by path in a URL

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rb"),
                                                             &std::fclose);
  std::string bytes;
  std::size_t size = 0;
  while (file != nullptr && size <= max_bytes && std::feof(file.get()) == 0) {
    bytes.resize(size + kReadBytes);
    size += std::fread(bytes.data() + size, 1, kReadBytes, file.get());
    if (std::ferror(file.get()) != 0) break;
  }
  if (file == nullptr || std::ferror(file.get()) != 0) {
    return fail(Code::unavailable,
                fmt::format("can't read {}: {}", path.string(), std::strerror(errno)));
  }
  if (size > max_bytes) {
    return fail(Code::too_large, fmt::format("{} does not fit: a web client may have {} MiB in all",
                                             path.string(), StaticFiles::kMaxBytes >> 20));
  }
  bytes.resize(size);
  return bytes;
}

Result<Contents> read_folder(const std::filesystem::path& folder) {
  Contents contents;
  std::size_t left = StaticFiles::kMaxBytes;
  std::size_t entries = 0;
  std::error_code error;
  std::filesystem::recursive_directory_iterator at(
      folder, std::filesystem::directory_options::follow_directory_symlink, error);
  for (; !error && at != std::filesystem::recursive_directory_iterator(); at.increment(error)) {
    const std::filesystem::path& path = at->path();
    if (++entries > StaticFiles::kMaxEntries || at.depth() > kMaxDepth) {
      return fail(Code::too_large,
                  fmt::format("{} holds more than {} files and folders, or deeper than {}: name "
                              "the folder that the web client's build made",
                              folder.string(), StaticFiles::kMaxEntries, kMaxDepth));
    }
    if (path.filename().native()[0] == '.' && path.filename() != ".well-known") {
      at.disable_recursion_pending();
      continue;
    }
    if (at->is_directory(error)) continue;
    if (!error && !at->is_regular_file(error)) {
      return fail(Code::invalid_params,
                  fmt::format("{} is neither a file nor a folder", path.string()));
    }
    if (error) break;
    std::string name = path.lexically_relative(folder);
    if (name.find_first_of(kUnreachable) != std::string::npos) {
      return fail(Code::invalid_params,
                  fmt::format("{} can't be served: a name may not have any of {}", path.string(),
                              kUnreachable));
    }
    CHATD_TRY(std::string bytes, read_file(path, left));
    left -= bytes.size();
    contents.emplace("/" + std::move(name), std::move(bytes));
  }
  if (error) {
    return fail(Code::unavailable,
                fmt::format("can't read the folder {}: {}", folder.string(), error.message()));
  }
  return contents;
}

}  // namespace

Result<std::shared_ptr<const StaticFiles>> StaticFiles::load(const std::filesystem::path& folder) {
  CHATD_TRY(Contents contents, read_folder(folder));
  if (contents.count(std::string(kIndex)) == 0) {
    return fail(Code::not_found, fmt::format("{} holds no index.html: name the folder that the web "
                                             "client's build made",
                                             folder.string()));
  }
  std::shared_ptr<StaticFiles> files(new StaticFiles);
  for (auto& [path, bytes] : contents) {
    StaticFile file{type_of(path), has_hash_in_name(path), {}};
    for (const auto& [ending, coding] : kCompressed) {
      const auto packed = contents.find(path + std::string(ending));
      if (packed == contents.end()) continue;
      if (!holds(packed->second, coding, bytes)) {
        return fail(Code::conflict, fmt::format("{0}{1}{2} holds something else than {0}{1}: "
                                                "compress that again, or remove it",
                                                folder.string(), path, ending));
      }
      file.bodies.push_back(body_of(coding, packed->second));
    }
    file.bodies.push_back(body_of({}, bytes));
    files->files_.emplace(path, std::move(file));
  }
  return files;
}

std::shared_ptr<const StaticFiles> StaticFiles::successor(
    const std::shared_ptr<const StaticFiles>& before, std::shared_ptr<const StaticFiles> now) {
  if (before == nullptr || now == nullptr) return now;
  if (std::equal(before->files_.begin(), before->files_.end(), now->files_.begin(),
                 now->files_.end(), is_same))
    return before;
  std::shared_ptr<StaticFiles> both(new StaticFiles(*now));
  for (const auto& [path, file] : before->files_)
    if (file.is_immutable && now->files_.count(path) == 0) both->departed_.emplace(path, file);
  return both;
}

const StaticFile* StaticFiles::find(std::string_view path) const {
  for (const Files* files : {&files_, &departed_}) {
    const auto found = files->find(path == "/" ? kIndex : path);
    if (found != files->end()) return &found->second;
  }
  return nullptr;
}

}  // namespace chatd::net
