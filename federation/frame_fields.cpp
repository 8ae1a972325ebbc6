#include "federation/frame_fields.hpp"

#include "daemon/base/utf8.hpp"
#include "federation/check_steps.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::federation {

ByteWriter begin(FrameKind kind) {
  ByteWriter out;
  out.varint(static_cast<std::uint64_t>(kind));
  return out;
}

tl::unexpected<Error> refuse(std::string message) {
  return fail(Code::invalid_request, std::move(message));
}

Result<RoomId> read_room(ByteReader& in) {
  CHATD_TRY(const Hash256 room, in.array<32>());
  return RoomId(room);
}

Result<Seq> read_seq(ByteReader& in) {
  CHATD_TRY(const Seq seq, in.varint());
  if (seq == 0) return refuse("a record's number is 0");
  return seq;
}

Result<std::vector<std::string>> read_stored(ByteReader& in, Seq first, std::uint64_t max) {
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count == 0 || count > max) return refuse(fmt::format("it has not 1 to {} records", max));
  if (first > UINT64_MAX - count) return refuse("a record's number is too large");
  std::vector<std::string> records;
  for (std::uint64_t i = 0; i < count; ++i) {
    CHATD_TRY(const std::string_view stored, in.blob(kMaxLinkFrameBytes));
    records.emplace_back(stored);
  }
  return records;
}

void write_stored(ByteWriter& out, const std::vector<std::string>& records) {
  out.varint(records.size());
  for (const std::string& record : records) out.blob(record);
}

Result<UserId> read_user_or_server(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxUserIdBytes));
  if (text.empty()) return UserId();
  return UserId::parse(text);
}

Result<UserId> read_user(ByteReader& in) {
  CHATD_TRY(const std::string_view text, in.blob(kMaxUserIdBytes));
  return UserId::parse(text);
}

void write_words(ByteWriter& out, std::string_view words) {
  out.blob(is_line(words) ? first_bytes(words, kMaxWordsBytes) : std::string_view());
}

Result<std::string> read_words(ByteReader& in) {
  CHATD_TRY(const std::string_view words, in.blob(kMaxWordsBytes));
  if (!words.empty() && !is_line(words)) return refuse("its words are no line of text");
  return std::string(words);
}

}  // namespace chatd::federation
