#pragma once

#include "daemon/wire/packet.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace chatd::wire {

// How much a packet matters to the one connection it waits for.
enum class Delivery : std::uint8_t {
  reply,  // was asked for and must arrive, or the connection ends
  live,   // a hint: the reader can fetch the range instead
};

// What waits for one connection that reads more slowly than others write. Bounded: a reader that
// falls behind gets no more live packets, but one `sync.behind`, until it has caught up by reading
// and resume_live() says so. No I/O, no clock: net and the simulation use the same one. Owned by
// its connection, on that one's thread.
class SendQueue {
 public:
  // Shared by the connections of one kind; outlives them.
  struct Policy {
    std::size_t max_live_bytes;  // of waiting live packets: above either they stop
    std::size_t max_live_packets;
    std::size_t max_bytes;  // a reply that would go over ends the connection
    Packet behind;          // what tells the reader that live packets stopped
  };
  enum class Outcome : std::uint8_t {
    queued,
    fell_behind,  // live: dropped, and `behind` was queued in its place
    dropped,      // live: was behind already
    overflow,     // reply: does not fit; the connection must be closed
  };

  explicit SendQueue(const Policy& policy) : policy_(&policy) {}

  [[nodiscard]] Outcome push(Packet packet, Delivery delivery);
  // The reader has caught up: live packets may come again.
  void resume_live() { is_behind_ = false; }

  [[nodiscard]] bool is_behind() const { return is_behind_; }
  [[nodiscard]] bool empty() const { return head_ == waiting_.size(); }
  [[nodiscard]] std::size_t size() const { return waiting_.size() - head_; }
  // Of all waiting frames, headers included.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  // The oldest; only when not empty.
  [[nodiscard]] const Packet& front() const { return waiting_[head_].packet; }
  void pop();

 private:
  struct Waiting {
    Packet packet;
    Delivery delivery;
  };

  void append(Packet packet, Delivery delivery);

  // Constant after construction
  const Policy* policy_;

  std::vector<Waiting> waiting_;  // a vector, since most queues are empty and must cost nothing
  std::size_t head_ = 0;          // those before it have left
  std::size_t bytes_ = 0;
  // Of these, live: a long answer that waits must not make its reader look slow.
  std::size_t live_bytes_ = 0;
  std::size_t live_packets_ = 0;
  bool is_behind_ = false;
};

}  // namespace chatd::wire
