#include "federation/channel.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::federation {

void Channel::send(std::string frame) {
  if (is_over_) return;
  ++counters_->frames_sent;
  counters_->bytes_sent += frame.size();
  sent_at_ = clock_.now();
  links_.send(id_, std::move(frame));
}

void Channel::received(std::size_t bytes) {
  ++counters_->frames_received;
  counters_->bytes_received += bytes;
  received_at_ = clock_.now();
}

void Channel::refuse(Fault fault) { ++counters_->refused[static_cast<std::size_t>(fault)]; }

void Channel::refuse_and_end(Fault fault, std::string why) {
  if (is_over_) return;
  refuse(fault);
  has_misbehaved_ = true;
  end(fmt::format("{}: {}", name(fault), why));
}

void Channel::end(std::string why) {
  if (is_over_) return;
  is_over_ = true;
  why_ = std::move(why);
  links_.close(id_);
}

}  // namespace chatd::federation
