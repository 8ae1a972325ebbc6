#include "record.hpp"

namespace client {
namespace {

void take_content(Message& message, const json& content) {
  message.text = text_of(content, "text");
  message.is_encrypted = message.text.empty() && !text_of(content, "ciphertext").empty();
}

void take_reaction(Message& message, const Record& record) {
  const std::string reaction = text_of(record.content, "reaction");
  if (reaction.empty()) return;
  std::set<std::string>& who = message.reactions[reaction];
  if (flag_of(record.content, "set")) {
    who.insert(record.sender);
  } else {
    who.erase(record.sender);
  }
  if (who.empty()) message.reactions.erase(reaction);
}

}  // namespace

std::optional<Record> read_record(const json& value) {
  Record record;
  record.seq = number_of(value, "seq");
  record.kind = text_of(value, "kind");
  if (record.seq == 0 || record.kind.empty()) return std::nullopt;
  record.sender = text_of(value, "sender");
  record.device = text_of(value, "device");
  record.client_msg_id = text_of(value, "client_msg_id");
  record.time = time_of(value, "time");
  record.target = number_of(value, "target");
  record.is_erased = flag_of(value, "erased");
  record.content = member_of(value, "content");
  return record;
}

json write_record(const Record& record) {
  json value{{"seq", record.seq},       {"kind", record.kind}, {"sender", record.sender},
             {"device", record.device}, {"time", record.time}, {"content", record.content}};
  if (!record.client_msg_id.empty()) value["client_msg_id"] = record.client_msg_id;
  if (record.target != 0) value["target"] = record.target;
  if (record.is_erased) value["erased"] = true;
  return value;
}

Message fold(const Record& record, const std::vector<Record>& about) {
  Message message;
  message.seq = record.seq;
  message.sender = record.sender;
  message.time = record.time;
  message.is_erased = record.is_erased;
  message.reply_to = number_of(record.content, "reply_to");
  take_content(message, record.content);
  for (const Record& later : about) {
    if (later.kind == "redact") {
      message.is_erased = true;
    } else if (later.kind == "reaction") {
      take_reaction(message, later);
    } else if (later.kind == "edit" && later.sender == record.sender && !later.is_erased) {
      take_content(message, later.content);
      message.is_edited = true;
    }
  }
  if (message.is_erased) {
    message.text.clear();
    message.reactions.clear();
  }
  return message;
}

}  // namespace client
