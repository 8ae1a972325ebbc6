#include "daemon/host/draft_view.hpp"

#include "daemon/host/status_words.hpp"
#include "daemon/wire/content.hpp"
#include "daemon/wire/limits.hpp"

#include <simdjson.h>

namespace chatd::host {
namespace {

// Loop only, and so are all who ask; keeps its memory from one message to the next.
simdjson::dom::parser& parser() {
  thread_local simdjson::dom::parser parser;
  return parser;
}

simdjson::simdjson_result<simdjson::dom::element> parse(std::string_view text) {
  if (text.size() > wire::kMaxFrameBytes) return simdjson::CAPACITY;
  return parser().parse(text.data(), text.size(), true);
}

}  // namespace

DraftView::DraftView(const core::Draft& draft)
    : room_(draft.room.text()),
      device_(draft.device == DeviceId() ? "" : draft.device.text()),
      client_msg_id_(draft.client_msg_id.empty() ? "" : draft.client_msg_id.text()),
      text_(text_of(draft.content)) {
  view_.size = sizeof view_;
  view_.room = str(room_);
  view_.kind = str(wire::name(draft.kind));
  view_.sender = str(draft.sender.text());
  view_.origin = str(draft.sender.empty() ? std::string_view() : draft.sender.server());
  view_.device = str(device_);
  view_.client_msg_id = str(client_msg_id_);
  view_.content = str(draft.content);
  view_.text = str(text_);
  view_.target = draft.target;
}

std::string text_of(std::string_view content) {
  std::string_view text;
  if (parse(content)["text"].get(text) != simdjson::SUCCESS) return "";
  return std::string(text);
}

bool is_content(wire::RecordKind kind, const std::string& content) {
  simdjson::dom::element json;
  if (parse(content).get(json) != simdjson::SUCCESS || !json.is_object()) return false;
  if (kind != wire::RecordKind::message && kind != wire::RecordKind::edit) return true;
  wire::Content parsed;
  return wire::Content::read_json(json, parsed).has_value();
}

bool is_json(std::string_view text) { return parse(text).error() == simdjson::SUCCESS; }

}  // namespace chatd::host
