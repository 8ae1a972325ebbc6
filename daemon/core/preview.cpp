#include "daemon/core/preview.hpp"

#include "daemon/base/bytes.hpp"

namespace chatd::core {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kMaxSignature = 512;
constexpr std::size_t kMaxState = 1024 * 1024;

}  // namespace

std::string encode_preview(const PreviewHead& head) {
  ByteWriter out;
  out.u8(kVersion);
  out.varint(head.first);
  out.varint(head.claim.seq);
  out.raw(head.claim.head_hash);
  out.raw(head.claim.state_hash);
  out.blob(head.claim.signature);
  out.blob(head.state);
  return out.take();
}

Result<PreviewHead> decode_preview(std::string_view row) {
  ByteReader in(row);
  PreviewHead head;
  CHATD_TRY(const std::uint8_t version, in.u8());
  if (version != kVersion) return fail(Code::internal, "a row of a preview is of another version");
  CHATD_TRY(head.first, in.varint());
  CHATD_TRY(head.claim.seq, in.varint());
  CHATD_TRY(head.claim.head_hash, in.array<32>());
  CHATD_TRY(head.claim.state_hash, in.array<32>());
  CHATD_TRY(head.claim.signature, in.blob(kMaxSignature));
  CHATD_TRY(head.state, in.blob(kMaxState));
  return head;
}

}  // namespace chatd::core
