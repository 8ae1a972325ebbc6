#include "daemon/host/event_batch.hpp"

#include "daemon/host/status_words.hpp"

#include <utility>

namespace chatd::host {

Status EventBatch::add(const RoomId& room, const core::StoredRecord& stored) {
  CHATD_TRY(wire::Record record, wire::decode_stored(room, stored.seq, stored.bytes));
  Row& row = rows_.emplace_back();
  row.record = std::move(record);
  row.room = room.text();
  if (row.record.device != DeviceId()) row.device = row.record.device.text();
  if (!row.record.client_msg_id.empty()) row.client_msg_id = row.record.client_msg_id.text();

  chatd_event& event = row.event;
  event.size = sizeof event;
  event.is_erased = row.record.is_erased ? 1 : 0;
  event.room = str(row.room);
  event.seq = row.record.seq;
  event.time_ms = row.record.time;
  event.kind = str(wire::name(row.record.kind));
  event.sender = str(row.record.sender.text());
  event.origin = str(row.record.origin);
  event.device = str(row.device);
  event.client_msg_id = str(row.client_msg_id);
  event.content = str(row.record.content);
  event.target = row.record.target;
  pointers_.push_back(&event);
  bytes_ += stored.bytes.size();
  return {};
}

void EventBatch::clear() {
  rows_.clear();
  pointers_.clear();
  bytes_ = 0;
}

}  // namespace chatd::host
