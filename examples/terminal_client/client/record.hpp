#pragma once

#include "json.hpp"
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace client {

// One entry of a room's log, as the server sends it.
struct Record {
  std::uint64_t seq = 0;
  std::string kind;  // create, member, meta, message, edit, redact, reaction; others may come
  std::string sender;
  std::string device;
  std::string client_msg_id;
  std::int64_t time = 0;     // the server's clock, ms since 1970
  std::uint64_t target = 0;  // what an edit, redaction or reaction is about
  bool is_erased = false;
  json content;
};

// Nothing if it has no number or no kind.
[[nodiscard]] std::optional<Record> read_record(const json& value);
[[nodiscard]] json write_record(const Record& record);

// A message as a person sees it: the record with all that was said about it later.
struct Message {
  std::uint64_t seq = 0;
  std::string sender;
  std::int64_t time = 0;
  std::string text;
  std::uint64_t reply_to = 0;
  bool is_edited = false;
  bool is_erased = false;
  bool is_encrypted = false;                               // end to end; this client has no key
  std::map<std::string, std::set<std::string>> reactions;  // reaction -> who
};

// `about`: the records whose target it is, in order of their numbers.
[[nodiscard]] Message fold(const Record& message, const std::vector<Record>& about);

}  // namespace client
