#include "federation/submit_sender.hpp"

#include "federation/limits.hpp"
#include "federation/origin.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace chatd::federation {

bool SubmitSender::has_place() const {
  if (in_flight_.empty()) return true;
  return in_flight_.size() < kSubmitWindow && bytes_ < kSubmitWindowBytes &&
         channel_.queued() < kLinkQueueBytes;
}

void SubmitSender::flush() {
  if (!is_due_ || channel_.is_over()) return;
  const KeyPair* const key = env_.identity.signer(env_.clock.wall_ms());
  if (key == nullptr) return;
  is_due_ = false;
  collect();
  for (std::span<Submit> rest(leaving_); !rest.empty();) {
    const auto batch = rest.first(std::min(rest.size(), kMaxRecordBatch));
    std::vector<std::string> forms;
    for (const Submit& submit : batch) forms.push_back(origin_form(submit.draft));
    const std::string& self = env_.identity.server();
    auto signatures = sign_batch(*key, Purpose::record, self, forms);
    env_.signatures.knows(signatures[0], key->public_key(), Purpose::record, self, forms[0]);
    for (std::size_t i = 0; i < batch.size(); ++i) {
      batch[i].origin = std::move(signatures[i]);
      channel_.send(batch[i]);
    }
    rest = rest.subspan(batch.size());
  }
  leaving_.clear();
}

void SubmitSender::collect() {
  for (auto held = held_.begin(); held != held_.end();) {
    if (!resend(held->first, held->second)) return;
    held = held->second.entries.empty() ? held_.erase(held) : std::next(held);
  }
  const auto& outbox = env_.service.outbox(hub_);
  for (auto next = outbox.upper_bound(newest_); next != outbox.end() && has_place(); ++next) {
    newest_ = next->first;
    if (in_flight_.contains(next->first)) continue;
    const auto held = held_.find(next->second.draft.room);
    if (held != held_.end())
      held->second.entries.insert(next->first);
    else
      add(next->second);
  }
}

void SubmitSender::look_again() {
  newest_ = 0;
  wake();
}

bool SubmitSender::resend(const RoomId& room, Held& held) {
  // All that was sent after the first refusal has been refused too, before it is sent anew.
  if (!held.is_resending && (in_flight_of_.contains(room) || env_.clock.now() < held.until))
    return true;
  held.is_resending = true;
  const auto& outbox = env_.service.outbox(hub_);
  while (!held.entries.empty()) {
    if (!has_place()) return false;
    const auto entry = outbox.find(*held.entries.begin());
    held.entries.erase(held.entries.begin());
    if (entry != outbox.end()) add(entry->second);  // else it was given up
  }
  return true;
}

void SubmitSender::add(const core::Submission& submission) {
  const std::size_t bytes = submission.draft.content.size();
  in_flight_[submission.entry] = {submission.draft.room, bytes, env_.clock.now()};
  ++in_flight_of_[submission.draft.room];
  bytes_ += bytes;
  env_.service.handed_in(hub_, submission.entry);
  leaving_.push_back({submission.entry, submission.draft, {}});
}

void SubmitSender::take(const Submitted& frame) {
  const auto found = in_flight_.find(frame.entry);
  if (found == in_flight_.end()) return channel_.refuse(Fault::out_of_turn);
  const RoomId room = found->second.room;
  bytes_ -= found->second.bytes;
  in_flight_.erase(found);
  const auto count = in_flight_of_.find(room);
  if (--count->second == 0) in_flight_of_.erase(count);

  if (const auto* const retry = std::get_if<Retry>(&frame.outcome))
    hold(frame.entry, room, *retry);
  else
    pass_on(frame);
  wake();
}

void SubmitSender::pass_on(const Submitted& answer) {
  if (!env_.service.outbox(hub_).contains(answer.entry)) return;
  answered_.push_back({answer, env_.clock.now()});
  if (const auto* const said = std::get_if<Accepted>(&answer.outcome))
    env_.service.accepted(hub_, answer.entry, said->seq);
  if (const auto* const said = std::get_if<Refused>(&answer.outcome))
    env_.service.refused(hub_, answer.entry, Error{said->code, said->words, 0});
}

void SubmitSender::hold(std::uint64_t entry, const RoomId& room, const Retry& retry) {
  Held& held = held_[room];
  held.entries.insert(entry);
  held.is_resending = false;
  held.why = retry.code;
  held.until =
      env_.clock.now() + std::clamp(Millis(retry.retry_after_ms), kRetryAfter, kMaxRetryAfter);
}

void SubmitSender::tick() {
  for (const auto& [entry, sent] : in_flight_)
    if (env_.clock.now() - sent.sent > kAnswerDeadline)
      return channel_.end("the hub does not answer what is handed in");
  for (std::size_t left = answered_.size(); left > 0; --left) {
    if (env_.clock.now() - answered_.front().at <= kAnswerDeadline) break;
    const Submitted answer = answered_.front().answer;
    answered_.pop_front();
    pass_on(answer);
  }
  wake();
}

}  // namespace chatd::federation
