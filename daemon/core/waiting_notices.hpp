#pragma once

#include "daemon/core/committer.hpp"
#include "daemon/core/peer_service.hpp"
#include "daemon/core/task.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace chatd::core {

struct Context;

// The notices that wait for other servers (see Notice): how many there are, and whether there may
// be more. They are bounded for each server and in all, since for one that never comes back they
// would pile up; what takes something back is written all the same.
//
// Only numbers are in memory. Where a notice is written it is not known whether it takes the place
// of another one, nor whether its commit succeeds. So a number may be too large, never too small,
// and is counted anew before anything is refused for it. Loop only; owned by the core.
class WaitingNotices {
 public:
  explicit WaitingNotices(Context& core) : core_(core) {}
  WaitingNotices(const WaitingNotices&) = delete;
  WaitingNotices& operator=(const WaitingNotices&) = delete;

  // At the start: counts all.
  [[nodiscard]] Task<Status> load();

  // Whether so many more may wait for a server; `limit_reached`. The first gives exact numbers to
  // the second, where they speak against it.
  [[nodiscard]] Task<void> count_if_full(std::string server, std::size_t more = 1);
  [[nodiscard]] Status has_place(std::string_view server, std::size_t more = 1) const;
  // Whether this one would take the place of one that waits; asked only where no more may wait,
  // which is made sure as above.
  [[nodiscard]] Task<bool> replaces_one(Notice notice);

  // Into the open batch. The second may have nothing to erase.
  Ticket put(const Notice& notice);
  Ticket erase(const Notice& notice);
  // One that surely waits, and whose erasure nobody else has begun; returns once it is on disk.
  [[nodiscard]] Task<void> erase_known(Notice notice);

  // How many wait for a server, exactly.
  [[nodiscard]] Task<std::size_t> count(std::string server);

 private:
  struct Waiting {
    std::size_t rows = 0;       // not fewer than there are
    std::size_t added = 0;      // of these, since it was begun to count them
    bool is_loose = false;      // there may be fewer
    Ticket last = 0;            // of the newest change
    std::uint64_t counted = 0;  // another number each time they are counted
  };
  using Servers = std::map<std::string, Waiting, std::less<>>;

  void note_change(Servers::iterator server, Ticket ticket);
  void set_rows(Servers::iterator server, std::size_t rows);
  // Nothing changes where the rows can't be read.
  [[nodiscard]] Task<void> count_anew(std::string server);
  [[nodiscard]] Task<Result<std::size_t>> count_rows(std::string server);

  // Constant after construction
  Context& core_;

  // Loop only
  Servers servers_;  // for which something waits
  std::set<std::string, std::less<>> loose_;
  std::size_t total_ = 0;
  std::uint64_t counts_ = 0;
};

}  // namespace chatd::core
