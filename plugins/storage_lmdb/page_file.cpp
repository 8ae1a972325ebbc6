#include "plugins/storage_lmdb/page_file.hpp"

#include "plugins/storage_lmdb/page_layout.hpp"
#include "plugins/storage_lmdb/page_walk.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <limits>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace chatd::storage_lmdb {

using layout::field;

namespace {

static_assert(std::endian::native == std::endian::little && sizeof(std::size_t) == 8,
              "page_layout.hpp describes the files of 64-bit little-endian machines");
constexpr std::size_t kSmallestPage = 512;
constexpr std::size_t kLargestPage = 32768;
// Pages at the end of a file are missing while nothing was ever written to them: at most what one
// transaction can have taken and dropped again (LMDB's MDB_IDL_UM_MAX).
constexpr std::uint64_t kMostMissingPages = std::uint64_t{1} << 17;
constexpr std::size_t kZeroChunk = 1 << 20;

}  // namespace

Result<PageFile> PageFile::open(const std::filesystem::path& file) {
  const int fd = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return fail(CHATD_E_INTERNAL, file.string() + ": can't be opened: " + std::strerror(errno));
  PageFile opened(file, fd);
  CHATD_STORE_CHECK(opened.read_header());
  return opened;
}

PageFile::PageFile(PageFile&& other) noexcept
    : file_(other.file_),
      fd_(std::exchange(other.fd_, -1)),
      page_bytes_(other.page_bytes_),
      pages_(other.pages_) {}

PageFile::~PageFile() {
  if (fd_ >= 0) ::close(fd_);
}

Status PageFile::read_header() {
  struct stat info {};
  if (::fstat(fd_, &info) != 0)
    return fail(CHATD_E_INTERNAL, file_.string() + ": " + std::strerror(errno));
  if (info.st_size == 0) return damaged("it is empty");
  if (info.st_size < static_cast<off_t>(2 * kSmallestPage))
    return damaged("this is not an LMDB file");
  page_bytes_ = kSmallestPage;
  std::string start;
  CHATD_STORE_CHECK(read(0, 1, start));
  if (field<std::uint32_t>(start, layout::kMetaMagic) != layout::kMagic)
    return damaged("this is not an LMDB file");
  if (field<std::uint32_t>(start, layout::kMetaVersion) != layout::kVersion)
    return damaged("it was written by another version of LMDB");
  page_bytes_ = field<std::uint32_t>(start, layout::kMetaFree);
  if (page_bytes_ < kSmallestPage || page_bytes_ > kLargestPage ||
      !std::has_single_bit(page_bytes_))
    return damaged("its page size makes no sense");
  pages_ = static_cast<std::uint64_t>(info.st_size) / page_bytes_;
  if (pages_ < layout::kMetaPages) return damaged("the file was cut off");
  return {};
}

Result<PageFile::Meta> PageFile::read_meta(std::uint64_t page) const {
  std::string bytes;
  CHATD_STORE_CHECK(read(page, 1, bytes));
  const bool is_whole = field<std::uint64_t>(bytes, 0) == page &&
                        field<std::uint16_t>(bytes, layout::kPageFlags) == layout::kMeta &&
                        field<std::uint32_t>(bytes, layout::kMetaMagic) == layout::kMagic &&
                        field<std::uint32_t>(bytes, layout::kMetaVersion) == layout::kVersion &&
                        field<std::uint32_t>(bytes, layout::kMetaFree) == page_bytes_;
  const Meta meta{.transaction = field<std::uint64_t>(bytes, layout::kMetaTransaction),
                  .last_page = field<std::uint64_t>(bytes, layout::kMetaLastPage),
                  .free = layout::table(std::string_view(bytes).substr(layout::kMetaFree)),
                  .main = layout::table(std::string_view(bytes).substr(layout::kMetaMain))};
  if (!is_whole || meta.last_page < 1)
    return damaged("page " + std::to_string(page) + ", where the file's state stands, is damaged");
  if (meta.last_page >= pages_ + kMostMissingPages) return damaged("the file was cut off");
  return meta;
}

Result<PageFile::Meta> PageFile::newest() const {
  CHATD_STORE_TRY(const Meta one, read_meta(0));
  CHATD_STORE_TRY(const Meta other, read_meta(1));
  return one.transaction > other.transaction ? one : other;
}

Status PageFile::verify(std::size_t max_pages, std::uint64_t transaction) const {
  CHATD_STORE_TRY(Meta meta, newest());
  for (std::uint64_t page = 0; transaction != 0 && page < layout::kMetaPages; ++page) {
    CHATD_STORE_TRY(const Meta either, read_meta(page));
    if (either.transaction == transaction) meta = either;
  }
  if (transaction != 0 && meta.transaction != transaction)
    return fail(CHATD_E_UNAVAILABLE, file_.string() + ": changed while it was looked at");
  PageWalk walk(*this, max_pages, true);
  CHATD_STORE_CHECK(walk.walk(meta));
  // Pages that were never written because nothing ever stood in them may be missing at the end; of
  // a file that misses more than was looked at we can't know, so look at all of it.
  if (walk.is_complete() || pages_ > meta.last_page) return {};
  return PageWalk(*this, std::numeric_limits<std::size_t>::max(), true).walk(meta);
}

Result<std::uint64_t> PageFile::scrub() const {
  CHATD_STORE_TRY(const Meta meta, newest());
  PageWalk quick(*this, std::numeric_limits<std::size_t>::max(), false);
  CHATD_STORE_CHECK(quick.walk(meta));
  PageWalk thorough(*this, std::numeric_limits<std::size_t>::max(), true);
  if (!quick.has_exact_counts()) CHATD_STORE_CHECK(thorough.walk(meta));
  const PageWalk& walk = quick.has_exact_counts() ? quick : thorough;

  std::string bytes;
  for (const PageWalk::Gap& gap : walk.gaps()) CHATD_STORE_CHECK(zero(gap.offset, gap.size));
  std::uint64_t given_back = 0;
  for (std::uint64_t page = layout::kMetaPages; page < pages_;) {
    const std::uint64_t first = page;
    while (page < pages_ && !walk.is_reached(page)) ++page;
    if (page > first) CHATD_STORE_CHECK(give_back(first, page - first));
    given_back += page - first;
    while (page < pages_ && walk.is_reached(page)) ++page;
  }
  if (::fdatasync(fd_) != 0)
    return fail(CHATD_E_INTERNAL, file_.string() + ": can't be synced: " + std::strerror(errno));
  return given_back;
}

Status PageFile::zero(std::uint64_t offset, std::uint64_t size) const {
  std::string bytes(std::min<std::uint64_t>(size, kZeroChunk), '\0');
  for (std::uint64_t done = 0; done < size;) {
    const std::size_t part = std::min<std::uint64_t>(size - done, bytes.size());
    const auto at = static_cast<off_t>(offset + done);
    // Most gaps are clean already: reading is cheaper than making the disk write.
    if (::pread(fd_, bytes.data(), part, at) != static_cast<ssize_t>(part))
      return fail(CHATD_E_INTERNAL, file_.string() + ": can't be read: " + std::strerror(errno));
    const bool is_clean = bytes.find_first_not_of('\0') >= part;
    std::fill_n(bytes.begin(), part, '\0');
    if (!is_clean && ::pwrite(fd_, bytes.data(), part, at) != static_cast<ssize_t>(part))
      return fail(CHATD_E_INTERNAL, file_.string() + ": can't be written: " + std::strerror(errno));
    done += part;
  }
  return {};
}

Status PageFile::give_back(std::uint64_t first_page, std::uint64_t count) const {
  const std::uint64_t offset = first_page * page_bytes_;
  const std::uint64_t size = count * page_bytes_;
  if (::fallocate(fd_, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset),
                  static_cast<off_t>(size)) == 0)
    return {};
  return zero(offset, size);  // a file system without holes
}

Status PageFile::read(std::uint64_t page, std::size_t count, std::string& into) const {
  into.resize(count * page_bytes_);
  const auto got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(page * page_bytes_));
  if (got != static_cast<ssize_t>(into.size()))
    return got < 0 ? Status(fail(CHATD_E_INTERNAL,
                                 file_.string() + ": can't be read: " + std::strerror(errno)))
                   : Status(damaged("the file was cut off"));
  return {};
}

tl::unexpected<Error> PageFile::damaged(const std::string& what) const {
  return fail(CHATD_E_CORRUPT, file_.string() + " is damaged: " + what);
}

}  // namespace chatd::storage_lmdb
