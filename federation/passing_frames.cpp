#include "federation/passing_frames.hpp"

#include "daemon/base/overloaded.hpp"
#include "daemon/wire/json_text.hpp"
#include "daemon/wire/limits.hpp"
#include "federation/frame_fields.hpp"

#include <fmt/format.h>

#include <utility>
#include <variant>
#include <vector>

namespace chatd::federation {
namespace {

using core::PresenceLease;
using core::PresenceNews;
using core::ProfileAnswer;
using core::ProfileQuestion;
using core::ReadMark;
using core::Typing;

void write_presence_lease(ByteWriter& out, const PresenceLease& lease) {
  out.varint(lease.number);
  out.varint(lease.wishes.size());
  for (const PresenceLease::Wish& wish : lease.wishes) {
    out.blob(wish.user.text());
    out.raw(wish.room.bytes());
  }
}

void write_users(ByteWriter& out, const std::vector<UserId>& users) {
  out.varint(users.size());
  for (const UserId& user : users) out.blob(user.text());
}

Result<std::vector<UserId>> read_users(ByteReader& in, std::size_t max) {
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > max) return refuse(fmt::format("it has more than {} users in a list", max));
  std::vector<UserId> users;
  for (std::uint64_t i = 0; i < count; ++i) {
    CHATD_TRY(UserId user, read_user(in));
    users.push_back(std::move(user));
  }
  return users;
}

void write_presence(ByteWriter& out, const PresenceNews& news) {
  out.varint(news.answers);
  out.varint(news.seen.size());
  for (const PresenceNews::Seen& seen : news.seen) {
    out.blob(seen.user.text());
    out.u8(static_cast<std::uint8_t>(seen.state));
    out.varint(static_cast<std::uint64_t>(seen.last_seen));
    write_users(out, seen.hidden_from);
  }
  write_users(out, news.gone);
}

Result<PresenceNews::Seen> read_seen(ByteReader& in) {
  PresenceNews::Seen seen;
  CHATD_TRY(seen.user, read_user(in));
  CHATD_TRY(const std::uint8_t state, in.u8());
  if (state >= wire::Words<wire::PresenceState>::kList.size())
    return refuse("it has a presence that this version does not know");
  seen.state = static_cast<wire::PresenceState>(state);
  CHATD_TRY(seen.last_seen, in.time());
  CHATD_TRY(seen.hidden_from, read_users(in, core::kMaxHiddenFrom));
  return seen;
}

// Of at most so many characters.
Result<std::string> read_text(ByteReader& in, std::size_t max_characters) {
  CHATD_TRY(const std::string_view text, in.blob(4 * max_characters));
  if (!wire::is_utf8(text)) return refuse("a profile is no text");
  return std::string(text);
}

}  // namespace

std::string encode(const core::Passing& what) {
  return std::visit(overloaded{[](const PresenceLease& lease) {
                                 ByteWriter out = begin(FrameKind::presence_lease);
                                 write_presence_lease(out, lease);
                                 return out.take();
                               },
                               [](const PresenceNews& news) {
                                 ByteWriter out = begin(FrameKind::presence);
                                 write_presence(out, news);
                                 return out.take();
                               },
                               [](const Typing& typing) {
                                 ByteWriter out = begin(FrameKind::typing);
                                 out.raw(typing.room.bytes());
                                 out.blob(typing.user.text());
                                 out.u8(typing.is_typing ? 1 : 0);
                                 return out.take();
                               },
                               [](const ReadMark& mark) {
                                 ByteWriter out = begin(FrameKind::read);
                                 out.raw(mark.room.bytes());
                                 out.blob(mark.user.text());
                                 out.varint(mark.seq);
                                 return out.take();
                               },
                               [](const ProfileQuestion& question) {
                                 ByteWriter out = begin(FrameKind::profile_get);
                                 out.varint(question.number);
                                 out.blob(question.user.text());
                                 out.raw(question.room.bytes());
                                 return out.take();
                               },
                               [](const ProfileAnswer& answer) {
                                 ByteWriter out = begin(FrameKind::profile);
                                 out.varint(answer.number);
                                 out.u8(answer.is_known ? 1 : 0);
                                 if (answer.is_known) out.blob(answer.display_name);
                                 if (answer.is_known) out.blob(answer.status_text);
                                 return out.take();
                               }},
                    what);
}

Result<PresenceLease> read_presence_lease(ByteReader& in) {
  PresenceLease lease;
  CHATD_TRY(lease.number, in.varint());
  if (lease.number == 0) return refuse("a lease's number is 0");
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count == 0 || count > core::kMaxLeaseUsers)
    return refuse(fmt::format("it is not about 1 to {} users", core::kMaxLeaseUsers));
  for (std::uint64_t i = 0; i < count; ++i) {
    PresenceLease::Wish wish;
    CHATD_TRY(wish.user, read_user(in));
    CHATD_TRY(wish.room, read_room(in));
    lease.wishes.push_back(std::move(wish));
  }
  return lease;
}

Result<PresenceNews> read_presence(ByteReader& in) {
  PresenceNews news;
  CHATD_TRY(news.answers, in.varint());
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count > core::kMaxLeaseUsers)
    return refuse(fmt::format("it is about more than {} users", core::kMaxLeaseUsers));
  for (std::uint64_t i = 0; i < count; ++i) {
    CHATD_TRY(PresenceNews::Seen seen, read_seen(in));
    news.seen.push_back(std::move(seen));
  }
  CHATD_TRY(news.gone, read_users(in, core::kMaxLeaseUsers));
  return news;
}

Result<Typing> read_typing(ByteReader& in) {
  Typing typing;
  CHATD_TRY(typing.room, read_room(in));
  CHATD_TRY(typing.user, read_user(in));
  CHATD_TRY(const std::uint8_t is_typing, in.u8());
  if (is_typing > 1) return refuse("somebody neither types nor does not");
  typing.is_typing = is_typing == 1;
  return typing;
}

Result<ReadMark> read_read_mark(ByteReader& in) {
  ReadMark mark;
  CHATD_TRY(mark.room, read_room(in));
  CHATD_TRY(mark.user, read_user(in));
  CHATD_TRY(mark.seq, read_seq(in));
  return mark;
}

Result<ProfileQuestion> read_profile_get(ByteReader& in) {
  ProfileQuestion question;
  CHATD_TRY(question.number, in.varint());
  if (question.number == 0) return refuse("a question's number is 0");
  CHATD_TRY(question.user, read_user(in));
  CHATD_TRY(question.room, read_room(in));
  return question;
}

Result<ProfileAnswer> read_profile(ByteReader& in) {
  ProfileAnswer answer;
  CHATD_TRY(answer.number, in.varint());
  CHATD_TRY(const std::uint8_t is_known, in.u8());
  if (is_known > 1) return refuse("a profile is neither known nor not");
  answer.is_known = is_known == 1;
  if (!answer.is_known) return answer;
  CHATD_TRY(answer.display_name, read_text(in, wire::kMaxNameCharacters));
  CHATD_TRY(answer.status_text, read_text(in, wire::kMaxStatusCharacters));
  return answer;
}

}  // namespace chatd::federation
