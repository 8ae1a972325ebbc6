#pragma once

#include "tests/bench/load/scenarios.hpp"

namespace chatd::bench {

// Messages in rooms: each of a room's `in_flight` slots has one message under way. It is done when
// the server has acknowledged it and every other member has got it; then the slot's next one is
// sent by another member. Latency counts from when a message was due. No client has two under way,
// so an acknowledgement needs no name.
class Talk final : public Listener {
 public:
  struct Shape {
    std::size_t rooms;
    std::size_t members;  // of each; client number = room * members + place
    std::size_t in_flight;
  };

  Talk(Crowd& crowd, const Shape& shape, double rate);

  // Ends early at the first failure. `beside` has its say in each turn.
  void run_for(std::chrono::seconds time, const std::function<void()>& beside = {});
  // Until so many messages are done; false: it took longer than this.
  [[nodiscard]] bool run_until(std::uint64_t messages, std::chrono::seconds at_most);
  // Lets what is under way come to its end; what then isn't done is lost.
  void drain();
  void forget_figures();

  [[nodiscard]] std::uint64_t deliveries() const { return deliveries_; }
  [[nodiscard]] const Histogram& delivery_times() const { return delivery_times_; }
  [[nodiscard]] const Histogram& ack_times() const { return ack_times_; }
  [[nodiscard]] std::uint64_t messages() const { return messages_; }

  // Since the beginning
  [[nodiscard]] std::uint64_t sent_in(std::size_t room) const { return sent_[room]; }
  // Sent, and acknowledged or delivered: what must not be lost any more.
  [[nodiscard]] std::uint64_t known_in(std::size_t room) const;
  [[nodiscard]] std::uint64_t lost() const { return under_way_; }
  [[nodiscard]] std::uint64_t doubled() const { return doubled_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

 private:
  struct Flight {
    std::size_t room;
    std::size_t slot;
    std::uint64_t number = 0;  // of the latest message: 1, 2, 3 ...
    Clock::time_point due;
    bool is_under_way = false;
    bool is_acked = false;
    std::size_t missing = 0;               // members that have not got it
    std::vector<std::uint64_t> latest_by;  // place: the number that last came there
  };

  void delivered(Client& client, std::string_view text) override;
  void acked(Client& client) override;
  void page(Client&, std::size_t) override {}
  void presence(Client&, bool) override {}
  void failed(Client& client, std::string_view why) override;

  [[nodiscard]] Flight& flight_of(const Client& sender);
  [[nodiscard]] std::size_t sender_of(std::size_t slot, std::uint64_t number) const;
  void start(Flight& flight, Clock::time_point due);
  void start_due();
  void finish_if_done(Flight& flight);

  // Constant after construction
  Crowd& crowd_;
  const Shape shape_;
  const std::chrono::nanoseconds interval_;  // of one flight; 0: as fast as it goes

  std::vector<Flight> flights_;
  std::vector<std::uint64_t> sent_;  // by room
  bool is_draining_ = false;
  Histogram delivery_times_;
  Histogram ack_times_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t under_way_ = 0;
  std::uint64_t doubled_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace chatd::bench
