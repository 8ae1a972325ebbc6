#include "plugins/storage_lmdb/folder_lock.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace chatd::storage_lmdb {

Result<std::unique_ptr<FolderLock>> FolderLock::take(const std::filesystem::path& folder) {
  const std::filesystem::path file = folder / "lock";
  const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0)
    return fail(CHATD_E_INTERNAL, file.string() + ": can't be opened: " + std::strerror(errno));
  std::unique_ptr<FolderLock> lock(new FolderLock(fd));
  if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
    return errno == EWOULDBLOCK
               ? fail(CHATD_E_CONFLICT, folder.string() + ": another server is using this folder")
               : fail(CHATD_E_INTERNAL,
                      file.string() + ": can't be locked: " + std::strerror(errno));
  return lock;
}

FolderLock::~FolderLock() { ::close(fd_); }

}  // namespace chatd::storage_lmdb
