#pragma once

#include "daemon/base/result.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/wire/record.hpp"
#include <chatd/events.h>

#include <cstddef>
#include <deque>
#include <string>
#include <vector>

namespace chatd::host {

// Stored records on their way to a plugin as chatd_event. One thread.
class EventBatch {
 public:
  static constexpr std::size_t kMaxEvents = 256;
  static constexpr std::size_t kMaxBytes = 1024 * 1024;

  // An error when the record can't be decoded.
  [[nodiscard]] Status add(const RoomId& room, const core::StoredRecord& stored);

  [[nodiscard]] bool is_full() const { return size() >= kMaxEvents || bytes_ >= kMaxBytes; }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  // Valid until the batch changes.
  [[nodiscard]] const chatd_event* const* data() const { return pointers_.data(); }
  void clear();

 private:
  struct Row {
    wire::Record record;
    std::string room;
    std::string device;
    std::string client_msg_id;
    chatd_event event{};
  };

  std::deque<Row> rows_;  // grows without moving what the events point to
  std::vector<const chatd_event*> pointers_;
  std::size_t bytes_ = 0;
};

}  // namespace chatd::host
