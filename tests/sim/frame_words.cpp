#include "tests/sim/frame_words.hpp"

#include "daemon/base/overloaded.hpp"
#include "federation/frames.hpp"

#include <fmt/format.h>

#include <variant>

namespace chatd::sim {
namespace {

using namespace federation;

// Of a room's id: enough to find it in the story.
std::string short_of(const RoomId& room) { return room.text().substr(0, 6); }

std::string words_of(const Submitted& frame) {
  return std::visit(
      overloaded{[&](const Accepted& said) {
                   return fmt::format("submitted {}: it is {}", frame.entry, said.seq);
                 },
                 [&](const Retry& said) {
                   return fmt::format("submitted {}: again, {}", frame.entry, name(said.code));
                 },
                 [&](const Refused& said) {
                   return fmt::format("submitted {}: no, {}", frame.entry, name(said.code));
                 }},
      frame.outcome);
}

std::string words_of(const core::Notice& notice) {
  const std::string about = notice.erased == 0 ? "for " + notice.user.text()
                                               : fmt::format("that {} is erased", notice.erased);
  return fmt::format("notice {} of {} {}", notice.seq, short_of(notice.room), about);
}

std::string words_of(const core::Passing& what) {
  return std::visit(
      overloaded{[](const core::PresenceLease& lease) {
                   return fmt::format("presence lease {} of {} users", lease.number,
                                      lease.wishes.size());
                 },
                 [](const core::PresenceNews& news) {
                   return fmt::format("presence of {} users", news.seen.size());
                 },
                 [](const core::Typing& typing) {
                   return fmt::format("{} types in {}", typing.user.text(), short_of(typing.room));
                 },
                 [](const core::ReadMark& mark) {
                   return fmt::format("{} has read {} of {}", mark.user.text(), mark.seq,
                                      short_of(mark.room));
                 },
                 [](const core::ProfileQuestion& question) {
                   return fmt::format("profile {} of {}?", question.number, question.user.text());
                 },
                 [](const core::ProfileAnswer& answer) {
                   return fmt::format("profile {}", answer.number);
                 }},
      what);
}

}  // namespace

std::string words_of(std::string_view bytes) {
  const auto decoded = decode_frame(bytes);
  if (!decoded) return "a message of the handshake";
  return std::visit(
      overloaded{
          [](const Hello& frame) { return fmt::format("hello, {} rooms", frame.heads.size()); },
          [](const Heads& frame) { return fmt::format("heads, {} rooms", frame.heads.size()); },
          [](const Submit& frame) {
            return fmt::format("submit {} in {}: {}", frame.entry, short_of(frame.draft.room),
                               std::string_view(frame.draft.content).substr(0, 60));
          },
          [](const Submitted& frame) { return words_of(frame); },
          [](const Feed& frame) {
            return fmt::format("feed {} of {}, {} records{}", frame.first, short_of(frame.room),
                               frame.stored.size(), frame.head ? ", signed" : "");
          },
          [](const Ack& frame) {
            return fmt::format("ack {} of {}", frame.seq, short_of(frame.room));
          },
          [](const RangeRequest& frame) {
            return fmt::format("range {} of {}", frame.first, short_of(frame.room));
          },
          [](const Failure& frame) {
            return fmt::format("failure about {}: {}", short_of(frame.room), name(frame.code));
          },
          [](const NoticeFrame& frame) { return words_of(frame.notice); },
          [](const Noticed& frame) {
            return fmt::format("noticed {} of {}", frame.seq, short_of(frame.room));
          },
          [](const Alive&) { return std::string("alive"); },
          [](const CheckRequest&) { return std::string("check"); },
          [](const Checked& frame) { return fmt::format("checked, {} steps", frame.steps.size()); },
          [](const PreviewFrame& frame) {
            return fmt::format("preview of {} from {} on", short_of(frame.preview.room),
                               frame.preview.first);
          },
          [](const Ahead& frame) {
            return fmt::format("ahead {} of {}", frame.head.seq, short_of(frame.head.room));
          },
          [](const core::Passing& what) { return words_of(what); },
          [](const Proof& frame) {
            return fmt::format("proof of {} up to {}", short_of(frame.head.room), frame.head.seq);
          },
          [](const Recalled& frame) {
            return fmt::format("recalled {} of {}, {} records", frame.first, short_of(frame.room),
                               frame.stored.size());
          },
          [](const Handover& frame) {
            return fmt::format("handover of {} at {}: {} {}", short_of(frame.head.room),
                               frame.head.seq, static_cast<int>(frame.step), frame.words);
          },
          [](const Moved& frame) {
            return fmt::format("moved {} to {}", short_of(frame.room), frame.to);
          },
          [](const UnknownFrame&) { return std::string("something unknown"); }},
      *decoded);
}

}  // namespace chatd::sim
