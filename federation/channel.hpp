#pragma once

#include "daemon/base/clock.hpp"
#include "federation/frames.hpp"
#include "federation/ports/links.hpp"
#include "federation/status.hpp"

#include <string>
#include <utility>

namespace chatd::federation {

// One connection as those see it who speak on it. Owned by Federation; loop only.
class Channel {
 public:
  Channel(LinkPort& links, Clock& clock, LinkId id)
      : links_(links), clock_(clock), id_(id), sent_at_(clock.now()), received_at_(clock.now()) {}

  // All that is counted here is that peer's from now on, and what was so far.
  void count_for(Counters& counters) {
    counters += std::exchange(unknown_, {});
    counters_ = &counters;
  }

  void send(std::string frame);
  void send(const auto& frame) { send(encode(frame)); }
  void received(std::size_t bytes);
  [[nodiscard]] std::size_t queued() const { return links_.queued(id_); }

  // Counts what has to wait since the peer has spent all that it may.
  void limit(Spend what) { ++counters_->limited[static_cast<std::size_t>(what)]; }
  // Counts a frame that had no effect.
  void refuse(Fault fault);
  // The same; no honest peer sends such a frame: the link ends.
  void refuse_and_end(Fault fault, std::string why);
  // Nothing is sent or taken any more. `why` is for the admin.
  void end(std::string why);
  [[nodiscard]] bool is_over() const { return is_over_; }
  [[nodiscard]] const std::string& why() const { return why_; }
  [[nodiscard]] bool has_misbehaved() const { return has_misbehaved_; }

  [[nodiscard]] LinkId id() const { return id_; }
  [[nodiscard]] Monotonic sent_at() const { return sent_at_; }
  [[nodiscard]] Monotonic received_at() const { return received_at_; }
  [[nodiscard]] Counters& counters() { return *counters_; }

 private:
  // Constant after construction
  LinkPort& links_;
  Clock& clock_;
  LinkId id_;
  // Loop only
  Counters unknown_;  // until it is known whose link it is
  Counters* counters_ = &unknown_;
  Monotonic sent_at_;
  Monotonic received_at_;
  bool is_over_ = false;
  bool has_misbehaved_ = false;
  std::string why_;
};

}  // namespace chatd::federation
