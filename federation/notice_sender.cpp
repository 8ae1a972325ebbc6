#include "federation/notice_sender.hpp"

#include "federation/limits.hpp"

#include <algorithm>
#include <utility>

namespace chatd::federation {

void NoticeSender::pump() {
  has_more_ = true;
  if (env_.clock.now() < not_before_) return;  // tick()
  if (is_reading_ || channel_.is_over() || told_.size() >= kNoticePage) return;
  has_more_ = false;
  is_reading_ = true;
  const auto take_page = [this](const Result<std::vector<core::Notice>>& notices) {
    is_reading_ = false;
    if (!notices) return;  // again at the next occasion
    for (const core::Notice& notice : *notices)
      if (told_
              .emplace(std::tuple(notice.room, notice.seq, notice.user),
                       Told{notice, env_.clock.now()})
              .second)
        channel_.send(NoticeFrame{notice});
    if (notices->size() >= kNoticePage) has_more_ = true;
    if (has_more_ && told_.size() < kNoticePage) pump();
  };
  env_.service.notices(server_, kNoticePage, lifeline_.guard(take_page));
}

void NoticeSender::take(const Noticed& frame) {
  const auto told = told_.extract(std::tuple(frame.room, frame.seq, frame.user));
  if (told.empty()) return channel_.refuse(Fault::out_of_turn);
  env_.service.knows(told.mapped().notice);
  look_again_at_ = env_.clock.now() + kAnswerDeadline;
  if (has_more_ && told_.empty()) pump();
}

void NoticeSender::take(const Failure& frame) {
  if (frame.code != Code::rate_limited) return;
  not_before_ =
      env_.clock.now() + std::clamp(Millis(frame.retry_after_ms), kRetryAfter, kMaxRetryAfter);
}

void NoticeSender::tick() {
  const auto is_late = [&](const auto& told) {
    return env_.clock.now() - told.second.at > kAnswerDeadline;
  };
  const bool is_due = look_again_at_ != Monotonic() && env_.clock.now() >= look_again_at_;
  if (is_due) look_again_at_ = {};
  const bool may_go_on = not_before_ != Monotonic() && env_.clock.now() >= not_before_;
  if (may_go_on) not_before_ = {};
  if (std::erase_if(told_, is_late) > 0 || is_due || may_go_on) pump();
}

}  // namespace chatd::federation
