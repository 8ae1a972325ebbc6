#include "federation/origin.hpp"

#include "daemon/base/bytes.hpp"

namespace chatd::federation {
namespace {

// Of a draft and of a record: they name these fields alike.
std::string form(const auto& said, const Hash256& content_hash) {
  ByteWriter out;
  out.raw(said.room.bytes());
  out.varint(static_cast<std::uint64_t>(said.kind));
  out.blob(said.sender.text());
  out.u64(said.device.value());
  out.raw(said.client_msg_id.bytes());
  out.varint(said.target);
  out.raw(content_hash);
  return out.take();
}

}  // namespace

std::string origin_form(const core::Draft& draft) {
  return form(draft, blake2b_256(draft.content));
}
std::string origin_form(const wire::Record& record) { return form(record, record.content_hash); }

}  // namespace chatd::federation
