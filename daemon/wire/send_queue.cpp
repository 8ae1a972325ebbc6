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
    append(std::move(packet), delivery);
    return Outcome::queued;
  }
  if (is_behind_) return Outcome::dropped;
  const bool fits = live_packets_ == 0 || (live_packets_ < policy_->max_live_packets &&
                                           live_bytes_ + size <= policy_->max_live_bytes);
  if (fits) {
    append(std::move(packet), delivery);
    return Outcome::queued;
  }
  is_behind_ = true;
  if (policy_->behind) append(policy_->behind, Delivery::reply);
  return Outcome::fell_behind;
}

void SendQueue::append(Packet packet, Delivery delivery) {
  // Without this a queue that never quite drains would grow at its front.
  if (head_ > 0 && head_ * 2 >= waiting_.size()) {
    waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(head_));
    head_ = 0;
  }
  bytes_ += packet.frame().size();
  if (delivery == Delivery::live) {
    live_bytes_ += packet.frame().size();
    ++live_packets_;
  }
  waiting_.push_back({std::move(packet), delivery});
}

void SendQueue::pop() {
  CHATD_ASSERT(!empty());
  Waiting& first = waiting_[head_];
  const std::size_t size = first.packet.frame().size();
  bytes_ -= size;
  if (first.delivery == Delivery::live) {
    live_bytes_ -= size;
    --live_packets_;
  }
  first.packet = Packet();  // the last holder frees it now
  ++head_;
  if (!empty()) return;
  head_ = 0;
  waiting_.clear();
  if (waiting_.capacity() > kKeptCapacity) waiting_.shrink_to_fit();
}

}  // namespace chatd::wire
