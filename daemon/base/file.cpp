#include "daemon/base/file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace chatd {
namespace {

namespace fs = std::filesystem;

constexpr mode_t kOthers = 0077;

class Fd {
 public:
  explicit Fd(int fd) : fd_(fd) {}
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() {
    if (fd_ >= 0) close(fd_);
  }
  [[nodiscard]] int get() const { return fd_; }

 private:
  int fd_;
};

// What errno says about `path`.
tl::unexpected<Error> failed(const fs::path& path, std::string_view what) {
  const int number = errno;
  const bool is_missing = number == ENOENT || number == ENOTDIR;
  const Code code = is_missing         ? Code::not_found
                    : number == EEXIST ? Code::conflict
                                       : Code::internal;
  return fail(code, fmt::format("{} can't be {}: {}", path.string(), what, std::strerror(number)));
}

// At most one byte more than `max_bytes`, into memory that does not move: it may hold a secret.
Result<std::string> read_all(const fs::path& path, const Fd& file, std::size_t max_bytes) {
  std::string bytes(max_bytes + 1, '\0');
  std::size_t size = 0;
  while (size < bytes.size()) {
    const ssize_t got = read(file.get(), bytes.data() + size, bytes.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed(path, "read");
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size > max_bytes)
    return fail(Code::too_large,
                fmt::format("{} is longer than {} bytes", path.string(), max_bytes));
  bytes.resize(size);
  return bytes;
}

bool write_all(const Fd& file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file.get(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

Status sync_folder(const fs::path& folder) {
  const Fd fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0 || fsync(fd.get()) != 0) return failed(folder, "written");
  return {};
}

// Writes it under a name of its own, and calls `put` to give it the right one.
template <class Put>
Status write_file(const fs::path& path, std::string_view bytes, mode_t mode, Put put) {
  const fs::path fresh = path.string() + ".new";
  unlink(fresh.c_str());  // left over from a crash
  {
    const Fd file(open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
    if (file.get() < 0) return failed(path, "made");
    if (fchmod(file.get(), mode) != 0 || !write_all(file, bytes) || fsync(file.get()) != 0) {
      const auto why = failed(path, "written");
      unlink(fresh.c_str());
      return why;
    }
  }
  if (put(fresh.c_str(), path.c_str()) != 0) {
    const auto why = failed(path, "made");
    unlink(fresh.c_str());
    return why;
  }
  return sync_folder(path.has_parent_path() ? path.parent_path() : fs::path("."));
}

}  // namespace

Result<std::string> read_file(const fs::path& path, std::size_t max_bytes) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return failed(path, "read");
  return read_all(path, file, max_bytes);
}

Result<Secret> read_secret_file(const fs::path& path, std::size_t max_bytes) {
  const Fd file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  struct stat about {};
  if (file.get() < 0 || fstat(file.get(), &about) != 0) return failed(path, "read");
  if ((about.st_mode & kOthers) != 0)
    return fail(Code::forbidden,
                fmt::format("{} holds a secret, and other accounts of this machine may read or "
                            "write it: see whether they did, then chmod 600 it",
                            path.string()));
  CHATD_TRY(std::string bytes, read_all(path, file, max_bytes));
  return Secret(std::move(bytes));
}

Status create_file(const fs::path& path, std::string_view bytes, mode_t mode) {
  return write_file(path, bytes, mode, [](const char* fresh, const char* wanted) {
    if (link(fresh, wanted) != 0) return -1;
    return unlink(fresh);
  });
}

Status replace_file(const fs::path& path, std::string_view bytes, mode_t mode) {
  return write_file(path, bytes, mode, [](const char* fresh, const char* wanted) {
    return std::rename(fresh, wanted);
  });
}

}  // namespace chatd
