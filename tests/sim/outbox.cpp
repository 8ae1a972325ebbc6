#include "tests/sim/device.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

// What a device has to say, and how it is said until it is heard.
namespace chatd::sim {
namespace {

// Whether the same request may be taken later.
bool is_busy(const std::string& error) {
  return error == "closed" || error == "unavailable" || error == "read_only" ||
         error == "rate_limited" || error == "internal" || error == "unauthenticated";
}

}  // namespace

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
  const Seq have = rooms_.at(room).have();
  ask("receipt.read", fmt::format(R"({{"room":"{}","seq":{}}})", room, have), [](const Reply&) {});
}

void Device::enqueue(Outgoing outgoing) {
  outbox_.push_back(std::move(outgoing));
  if (is_synced_) send_outgoing(outbox_.back());
}

std::vector<Outgoing>::iterator Device::find_outgoing(const std::string& id) {
  return std::find_if(outbox_.begin(), outbox_.end(),
                      [&](const Outgoing& each) { return each.id == id; });
}

void Device::flush_outbox() {
  for (Outgoing& outgoing : outbox_)
    if (!outgoing.is_in_flight) send_outgoing(outgoing);
}

void Device::send_outgoing(Outgoing& outgoing) {
  outgoing.is_in_flight = true;
  outgoing.was_resent = outgoing.was_sent;
  if (!std::exchange(outgoing.was_sent, true)) outgoing.after = newest_pending_;
  std::string params =
      fmt::format(R"({{"room":"{}","client_msg_id":"{}")", outgoing.room, outgoing.id);
  if (outgoing.target != 0) params += fmt::format(R"(,"target":{})", outgoing.target);
  if (!outgoing.text.empty()) params += fmt::format(R"(,"content":{{"text":"{}"}})", outgoing.text);
  if (outgoing.method == "message.react") params += R"(,"reaction":"+1","set":true)";
  params += '}';
  // Now and then a message goes out twice: a proxy, a bug, a double tap.
  const unsigned times = world_.chance(5) ? 2 : 1;
  for (unsigned i = 0; i < times; ++i) {
    ask(outgoing.method, params,
        [this, id = outgoing.id, room = outgoing.room](const Reply& reply) {
          // The answer stands for the event, also when the same was refused a moment before.
          if (reply.result) hear_of(room, (*reply.result)["seq"].get_uint64().value());
          const auto said = find_outgoing(id);
          if (said == outbox_.end()) return;
          on_reply(*said, reply);
          if (reply.result || !is_busy(reply.error)) outbox_.erase(said);
        });
  }
}

void Device::on_reply(Outgoing& said, const Reply& reply) {
  if (reply.result) {
    const Seq seq = (*reply.result)["seq"].get_uint64().value();
    std::uint64_t pending = 0;
    if ((*reply.result)["pending"].get(pending) == simdjson::SUCCESS) on_pending(said, pending);
    acked_.push_back(
        {said.id, said.room, said.method, seq, pending, said.target, said.text, said.was_resent});
    return;
  }
  said.is_in_flight = false;
  if (session_ == SessionId()) return;  // goes out again after the next login
  world_.after(Millis(world_.between(200, 800)), [this, id = said.id] {
    const auto late = find_outgoing(id);
    if (late != outbox_.end() && is_synced_ && !late->is_in_flight) send_outgoing(*late);
  });
}

void Device::on_pending(const Outgoing& said, std::uint64_t pending) {
  unnumbered_[said.id] = acked_.size();
  if (settled_.contains(pending))
    complaints_.push_back(
        fmt::format("{} hears that {} is settled before it is pending", name_, pending));
  if (pending <= said.after)
    complaints_.push_back(
        fmt::format("{} said something after {}, and it is {}", name_, said.after, pending));
  pending_.emplace(pending, said.id);
  newest_pending_ = std::max(newest_pending_, pending);
}

void Device::note_numbered(const std::string& id, Seq seq) {
  const auto acked = unnumbered_.find(id);
  if (acked == unnumbered_.end()) return;
  acked_[acked->second].seq = seq;
  unnumbered_.erase(acked);
}

void Device::learn_pending(const Json& pending, std::uint64_t version) {
  const std::uint64_t number = pending["number"].get_uint64().value();
  if (settled_.contains(number) || told_at_[number] > version) return;
  told_at_[number] = version;
  newest_pending_ = std::max(newest_pending_, number);
  std::string_view id;
  if (pending["client_msg_id"].get(id) != simdjson::SUCCESS) id = {};  // of a change of the room
  std::string_view refused;
  if (pending["refused"].get(refused) != simdjson::SUCCESS) {
    pending_.emplace(number, id);
    return;
  }
  pending_.erase(number);
  // Whoever was told need not be told again.
  if (!refused_.emplace(number, id).second || !world_.chance(50)) return;
  dismissed_.emplace(number, id);
  cancel(number);
}

void Device::take_back(std::uint64_t pending) {
  cancelled_.emplace(pending, pending_.at(pending));
  cancel(pending);
}

void Device::cancel(std::uint64_t pending) {
  ask("message.cancel", fmt::format(R"({{"pending":{}}})", pending),
      [this, pending](const Reply& reply) {
        if (reply.result) pending_.erase(pending);
      });
}

}  // namespace chatd::sim
