#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/feed.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/wire/record.hpp"

#include <coroutine>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

namespace chatd::core {

// A batch of writes in the making or on its way to the disk; they grow by one.
using Ticket = std::uint64_t;

// The one way to the disk. What commands write during one turn of the loop is collected, goes out
// as one batch at the turn's end, and is answered together: durable, then visible. Loop only; owned
// by the core.
class Committer {
 public:
  // Called for each record once it is durable, in order; `from` is the session that sent it.
  using OnStored = std::function<void(const wire::Record& record, SessionId from)>;
  // Called when a commit failed, before those who wait are told: all state that was built on
  // uncommitted writes must go.
  using OnLost = std::function<void()>;

  Committer(StorePort& store, Clock& clock) : store_(store), clock_(clock) {}
  Committer(const Committer&) = delete;
  Committer& operator=(const Committer&) = delete;

  void listen(OnStored on_stored, OnLost on_lost) {
    on_stored_ = std::move(on_stored);
    on_lost_ = std::move(on_lost);
  }
  // From now on each batch with records that are fed also writes a row of the commit feed after
  // `position`.
  void keep_feed(std::uint64_t position, FeedListener* listener) {
    keeps_feed_ = true;
    feed_position_ = position;
    feed_listener_ = listener;
  }

  // Whether new work may be taken: `unavailable` while too much waits, `read_only` or `internal`
  // for a moment after the disk refused.
  [[nodiscard]] Status accepting() const;

  // Into the open batch; the answer is its ticket. A record that is not fed is not named in the
  // commit feed.
  Ticket add(Write write);
  Ticket append(wire::Record&& record, SessionId from, bool is_fed = true);
  // Names these, which were not fed: before what is appended from now on.
  void feed(const FeedEntry& records);
  // A record that is ahead of its room's log and stands in this row.
  Ticket show(Put row, wire::Record record, SessionId from);

  // co_await committer.committed(ticket): durable, or why not.
  struct Awaiter {
    Committer& committer;
    Ticket ticket;
    Status status{};
    bool await_ready() const noexcept { return ticket <= committer.completed_; }
    void await_suspend(std::coroutine_handle<> self) { committer.wait(*this, self); }
    Status await_resume() { return std::move(status); }
  };
  [[nodiscard]] Awaiter committed(Ticket ticket) { return Awaiter{*this, ticket}; }

  // The end of a turn: the open batch goes to the store.
  void flush();

  // All up to here is answered.
  [[nodiscard]] Ticket completed() const { return completed_; }
  [[nodiscard]] std::uint64_t records_stored() const { return records_stored_; }
  [[nodiscard]] std::size_t pending() const { return pending_writes_; }
  [[nodiscard]] bool is_read_only() const { return !last_failure_.message.empty(); }

 private:
  struct Waiter {
    std::coroutine_handle<> task;
    Awaiter* awaiter;
  };
  struct Stored {
    wire::Record record;
    SessionId from;
    bool is_fed = true;
  };
  struct Collected {
    Batch batch;              // empty once it is on its way
    std::uint64_t epoch = 0;  // of the batch, once it is on its way
    std::size_t writes = 0;   // in it, once it is on its way
    std::vector<Stored> stored;
    std::vector<FeedEntry> fed_late;
    bool is_fed = false;  // it writes a row of the feed
    std::vector<Waiter> waiters;
  };

  void wait(Awaiter& awaiter, std::coroutine_handle<> task);
  void add_feed_row(Collected& open);
  void on_answer(Ticket ticket, Status status);
  void on_durable(Collected& done);
  void on_failed(const Error& error);

  // Constant after construction
  StorePort& store_;
  Clock& clock_;
  OnStored on_stored_;
  OnLost on_lost_;

  // Loop only
  std::uint64_t epoch_ = 1;
  std::deque<Collected> batches_{1};  // in flight, oldest first; the last one is open
  Ticket completed_ = 0;              // batches_[0] has ticket completed_ + 1
  std::size_t pending_writes_ = 0;
  std::uint64_t records_stored_ = 0;
  Error last_failure_;  // empty message: the disk is well
  Monotonic refuse_until_{};
  bool keeps_feed_ = false;
  std::uint64_t feed_position_ = 0;
  FeedListener* feed_listener_ = nullptr;
};

}  // namespace chatd::core
