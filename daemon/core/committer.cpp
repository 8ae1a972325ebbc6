#include "daemon/core/committer.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/bytes.hpp"
#include "daemon/base/log.hpp"
#include "daemon/core/keys.hpp"

#include <utility>

namespace chatd::core {
namespace {

// Writes on their way: a second's work of a fast disk. Beyond it clients are told to wait, so that
// memory stays bounded when the disk is slow.
constexpr std::size_t kMaxPendingWrites = 50'000;
constexpr std::uint32_t kBusyRetryMs = 500;
// After a failed commit new work is refused for so long; then one batch tries again.
constexpr Millis kRefuseAfterFailure{1000};

}  // namespace

Status Committer::accepting() const {
  if (pending_writes_ >= kMaxPendingWrites)
    return fail(Code::unavailable, "too many writes wait for the disk", kBusyRetryMs);
  if (!last_failure_.message.empty() && clock_.now() < refuse_until_) return fail(last_failure_);
  return {};
}

Ticket Committer::add(Write write) {
  batches_.back().batch.writes.push_back(std::move(write));
  ++pending_writes_;
  return completed_ + batches_.size();
}

Ticket Committer::append(wire::Record&& record, SessionId from, bool is_fed) {
  const Ticket ticket = add(Append{record.room, record.seq, wire::encode_stored(record)});
  batches_.back().stored.emplace_back(std::move(record), from, is_fed);
  return ticket;
}

Ticket Committer::show(Put row, wire::Record record, SessionId from) {
  const Ticket ticket = add(std::move(row));
  batches_.back().stored.emplace_back(std::move(record), from, false);
  return ticket;
}

void Committer::feed(const FeedEntry& records) {
  if (keeps_feed_) batches_.back().fed_late.push_back(records);
}

void Committer::wait(Awaiter& awaiter, std::coroutine_handle<> task) {
  CHATD_ASSERT(awaiter.ticket > completed_ && awaiter.ticket <= completed_ + batches_.size());
  batches_[awaiter.ticket - completed_ - 1].waiters.push_back({task, &awaiter});
}

void Committer::add_feed_row(Collected& open) {
  std::vector<FeedEntry> entries = std::move(open.fed_late);
  for (const Stored& stored : open.stored) {
    const Seq seq = stored.record.seq;
    if (!stored.is_fed) continue;
    if (!entries.empty() && entries.back().room == stored.record.room &&
        entries.back().last + 1 == seq) {
      entries.back().last = seq;
    } else {
      entries.push_back({stored.record.room, seq, seq});
    }
  }
  if (entries.empty()) return;
  open.is_fed = true;
  ++feed_position_;
  ByteWriter position;
  position.u64(feed_position_);
  add(Put{feed_key(feed_position_), encode_feed(entries)});
  add(Put{std::string(keys::kFeedPosition), position.take()});
}

void Committer::flush() {
  Collected& open = batches_.back();
  if (open.batch.writes.empty()) return;
  if (keeps_feed_) add_feed_row(open);
  open.batch.epoch = open.epoch = epoch_;
  open.writes = open.batch.writes.size();
  const Ticket ticket = completed_ + batches_.size();
  Batch batch = std::move(open.batch);
  batches_.emplace_back();
  store_.commit(std::move(batch),
                [this, ticket](Status status) { on_answer(ticket, std::move(status)); });
}

void Committer::on_answer(Ticket ticket, Status status) {
  CHATD_ASSERT(ticket == completed_ + 1);
  if (!status) on_failed(status.error());
  Collected done = std::move(batches_.front());
  batches_.pop_front();
  completed_ = ticket;
  pending_writes_ -= done.writes;
  if (status) on_durable(done);
  for (const Waiter& waiter : done.waiters) waiter.awaiter->status = status;
  for (const Waiter& waiter : done.waiters) waiter.task.resume();
}

void Committer::on_durable(Collected& done) {
  if (!last_failure_.message.empty()) {
    log::info("the disk takes writes again");
    last_failure_ = {};
  }
  records_stored_ += done.stored.size();
  for (const Stored& stored : done.stored) on_stored_(stored.record, stored.from);
  if (done.is_fed) feed_listener_->on_feed(feed_position_);
}

void Committer::on_failed(const Error& error) {
  // Later batches in flight were built on this one: the store fails them too, unseen by the disk,
  // because their epoch is over. The open one is failed here for the same reason.
  const bool is_first = batches_.front().epoch == epoch_;
  if (!is_first) return;
  ++epoch_;
  log::error("a commit failed: nothing is accepted",
             {{"code", name(error.code)}, {"reason", error.message}});
  last_failure_ = error;
  if (last_failure_.message.empty()) last_failure_.message = sentence(error.code);
  refuse_until_ = clock_.now() + kRefuseAfterFailure;
  on_lost_();
  Collected& open = batches_.back();
  pending_writes_ -= open.batch.writes.size();
  open.batch.writes.clear();
  open.stored.clear();
  open.fed_late.clear();
  auto& told = batches_.front().waiters;
  told.insert(told.end(), open.waiters.begin(), open.waiters.end());
  open.waiters.clear();
}

}  // namespace chatd::core
