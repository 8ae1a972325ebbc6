#include "federation/handover.hpp"

#include "federation/limits.hpp"

#include <fmt/format.h>

#include <vector>

namespace chatd::federation {
namespace {

constexpr Millis kHandoverDeadline = std::chrono::seconds(5);
// Each makes us look at a room.
constexpr core::Rate kHandoverRate{60, Millis{60'000}};

}  // namespace

void Handovers::ask(const core::SharedRoom& room, Done done) {
  const RoomHead head{room.room, room.term, room.head, room.head_hash};
  finish(room.room, fail(Code::unavailable, "it is asked anew"));
  asked_[room.room] = {head, std::move(done), env_.clock.now() + kHandoverDeadline};
  channel_.send(Handover{head, Handover::Step::asked, {}});
}

void Handovers::take(const Handover& frame) {
  using Step = Handover::Step;
  if (frame.step == Step::asked) return answer_to(frame);
  const auto question = asked_.find(frame.head.room);
  // Or one about an older head.
  if (question == asked_.end() || question->second.head != frame.head)
    return channel_.refuse(Fault::out_of_turn);
  Status status;
  if (frame.step == Step::not_yet)
    status = fail(Code::timeout, fmt::format("{} has not all of the room yet", peer_));
  if (frame.step == Step::refused)
    status = fail(Code::denied, fmt::format("{} refuses: {}", peer_, frame.words));
  finish(frame.head.room, std::move(status));
}

void Handovers::answer_to(const Handover& question) {
  if (!env_.rates.take("handover", peer_, kHandoverRate)) return channel_.refuse(Fault::flood);
  const RoomHead& head = question.head;
  env_.service.may_take_over(
      peer_, core::SharedRoom{head.room, false, head.term, head.seq, head.hash, 0},
      lifeline_.guard([this, head](const Status& status) {
        Handover answer{head, Handover::Step::agreed, {}};
        if (!status) {
          const bool is_early = core::is_worth_retrying(status.error().code);
          answer.step = is_early ? Handover::Step::not_yet : Handover::Step::refused;
          if (!is_early) answer.words = status.error().message;
        }
        channel_.send(answer);
      }));
}

void Handovers::take(const Moved& frame) { env_.service.moved(peer_, frame.room, frame.to); }

void Handovers::finish(const RoomId& room, Status status) {
  const auto question = asked_.find(room);
  if (question == asked_.end()) return;
  const Done done = std::move(question->second.done);
  asked_.erase(question);
  done(std::move(status));
}

void Handovers::tick() {
  std::vector<RoomId> late;
  for (const auto& [room, question] : asked_)
    if (env_.clock.now() >= question.until) late.push_back(room);
  for (const RoomId& room : late)
    finish(room, fail(Code::timeout,
                      fmt::format("{} does not answer: maybe its version is older", peer_)));
}

void Handovers::give_up() {
  while (!asked_.empty())
    finish(asked_.begin()->first,
           fail(Code::unavailable, fmt::format("the link with {} ended", peer_)));
}

}  // namespace chatd::federation
