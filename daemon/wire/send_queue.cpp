#include "daemon/wire/send_queue.hpp"

#include "daemon/base/assert.hpp"

#include <utility>

namespace chatd::wire {
namespace {

// A drained queue gives its memory back above this: a burst must not be paid for ever.
constexpr std::size_t kKeptCapacity = 16;

}  // namespace

SendQueue::Outcome SendQueue::push(Packet packet, Delivery delivery) {
  const std::size_t size = packet.frame().size();
  if (delivery == Delivery::reply) {
    // Into an empty queue anything goes: its size was bounded by whoever made it.
    if (!empty() && bytes_ + size > policy_->max_bytes) return Outcome::overflow;
    append(std::move(packet));
    return Outcome::queued;
  }
  if (is_behind_) return Outcome::dropped;
  const bool fits = this->size() < policy_->max_live_packets &&
                    (empty() || bytes_ + size <= policy_->max_live_bytes);
  if (fits) {
    append(std::move(packet));
    return Outcome::queued;
  }
  is_behind_ = true;
  if (policy_->behind) append(policy_->behind);
  return Outcome::fell_behind;
}

void SendQueue::append(Packet packet) {
  // Without this a queue that never quite drains would grow at its front.
  if (head_ > 0 && head_ * 2 >= packets_.size()) {
    packets_.erase(packets_.begin(), packets_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  bytes_ += packet.frame().size();
  packets_.push_back(std::move(packet));
}

void SendQueue::pop() {
  CHATD_ASSERT(!empty());
  bytes_ -= packets_[head_].frame().size();
  packets_[head_] = Packet();  // the last holder frees it now
  ++head_;
  if (!empty()) return;
  head_ = 0;
  packets_.clear();
  if (packets_.capacity() > kKeptCapacity) packets_.shrink_to_fit();
}

}  // namespace chatd::wire
