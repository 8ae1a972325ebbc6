#include "tests/sim/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

// What a device has to say, and how it is said until it is heard.
namespace chatd::sim {

std::string Device::new_id() {
  id_time_ += world_.between(1, 50);
  const std::uint64_t low = world_.u64();
  return fmt::format("{:08x}-{:04x}-7{:03x}-8{:03x}-{:012x}", id_time_ >> 16, id_time_ & 0xffff,
                     low & 0xfff, (low >> 12) & 0xfff, low >> 16);
}

void Device::say(std::string room, std::string text) {
  enqueue({new_id(), std::move(room), "message.send", 0, std::move(text)});
}
void Device::edit(std::string room, Seq target, std::string text) {
  enqueue({new_id(), std::move(room), "message.edit", target, std::move(text)});
}
void Device::redact(std::string room, Seq target) {
  enqueue({new_id(), std::move(room), "message.redact", target, {}});
}
void Device::react(std::string room, Seq target) {
  enqueue({new_id(), std::move(room), "message.react", target, {}});
}

void Device::mark_read(std::string room) {
  const Seq have = rooms_[room].have();
  if (have == 0) return;
  ask("receipt.read", fmt::format(R"({{"room":"{}","seq":{}}})", room, have),
      [](std::optional<Json>) {});
}

void Device::enqueue(Outgoing outgoing) {
  outbox_.push_back(std::move(outgoing));
  if (is_synced_) send_outgoing(outbox_.back());
}

void Device::flush_outbox() {
  for (Outgoing& outgoing : outbox_)
    if (!outgoing.is_in_flight) send_outgoing(outgoing);
}

void Device::send_outgoing(Outgoing& outgoing) {
  outgoing.is_in_flight = true;
  std::string params =
      fmt::format(R"({{"room":"{}","client_msg_id":"{}")", outgoing.room, outgoing.id);
  if (outgoing.target != 0) params += fmt::format(R"(,"target":{})", outgoing.target);
  if (!outgoing.text.empty()) params += fmt::format(R"(,"content":{{"text":"{}"}})", outgoing.text);
  if (outgoing.method == "message.react") params += R"(,"reaction":"+1","set":true)";
  params += '}';
  // Now and then a message goes out twice: a proxy, a bug, a double tap.
  const unsigned times = world_.chance(5) ? 2 : 1;
  for (unsigned i = 0; i < times; ++i) {
    ask(outgoing.method, params, [this, id = outgoing.id](std::optional<Json> result) {
      const auto said = std::find_if(outbox_.begin(), outbox_.end(),
                                     [&](const Outgoing& each) { return each.id == id; });
      if (said == outbox_.end()) return;
      if (result) {
        std::uint64_t seq = 0;
        if ((*result)["seq"].get(seq) != simdjson::SUCCESS) return;
        hear_of(said->room, seq);  // the answer stands for the event
        acked_.push_back({id, said->room, said->method, seq, said->target, said->text});
        outbox_.erase(said);
        return;
      }
      if (session_ == SessionId()) return;  // goes out again after the next login
      // Refused: edits of erased messages are, for good; what is only busy is tried again.
      said->is_in_flight = false;
      if (said->method != "message.send") {
        outbox_.erase(said);
        return;
      }
      world_.after(Millis(world_.between(200, 800)), [this] {
        if (is_synced_) flush_outbox();
      });
    });
  }
}

}  // namespace chatd::sim
