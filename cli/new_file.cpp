#include "cli/new_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace chatd::cli {

Status write_new_file(const std::string& path, std::string_view bytes, mode_t mode) {
  const int fd = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (fd < 0)
    return fail(errno == EEXIST ? Code::conflict : Code::internal,
                fmt::format("{} can't be made: {}", path, std::strerror(errno)));
  bool is_written = true;
  while (is_written && !bytes.empty()) {
    const auto written = write(fd, bytes.data(), bytes.size());
    is_written = written > 0 || errno == EINTR;
    if (written > 0) bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  is_written = is_written && fsync(fd) == 0;
  const int number = errno;
  close(fd);
  if (is_written) return {};
  unlink(path.c_str());
  return fail(Code::internal, fmt::format("{} can't be written: {}", path, std::strerror(number)));
}

}  // namespace chatd::cli
