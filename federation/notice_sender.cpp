#include "federation/notice_sender.hpp"

#include "federation/limits.hpp"

#include <utility>

namespace chatd::federation {

void NoticeSender::pump() {
  has_more_ = true;
  if (is_reading_ || channel_.is_over() || told_.size() >= kNoticePage) return;
  has_more_ = false;
  is_reading_ = true;
  const auto take_page = [this](const Result<std::vector<core::Notice>>& notices) {
    is_reading_ = false;
    if (!notices) return;  // again at the next occasion
    for (const core::Notice& notice : *notices)
      if (told_.emplace(std::tuple(notice.room, notice.seq, notice.user), notice).second)
        channel_.send(NoticeFrame{notice});
    if (notices->size() >= kNoticePage) has_more_ = true;
    if (has_more_ && told_.size() < kNoticePage) pump();
  };
  env_.service.notices(server_, kNoticePage, lifeline_.guard(take_page));
}

void NoticeSender::take(const Noticed& frame) {
  const auto told = told_.extract(std::tuple(frame.room, frame.seq, frame.user));
  if (told.empty()) return channel_.refuse(Fault::out_of_turn);
  env_.service.knows(server_, told.mapped());
  if (has_more_ && told_.empty()) pump();
}

}  // namespace chatd::federation
