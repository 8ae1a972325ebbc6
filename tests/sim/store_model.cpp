#include "tests/sim/store_model.hpp"

#include "daemon/base/overloaded.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::sim {

Status ModelMedium::commit(const std::vector<core::Write>& writes) {
  // Checked on a copy of the heads first: all or nothing.
  std::map<RoomId, std::size_t> heads;
  for (const core::Write& write : writes) {
    if (const auto* const append = std::get_if<core::Append>(&write)) {
      const auto at = heads.try_emplace(append->room, rooms_[append->room].size()).first;
      if (append->seq != ++at->second) return fail(Code::internal, "a record leaves a gap");
    }
  }
  for (const core::Write& write : writes) {
    std::visit(overloaded{[&](const core::Append& append) {
                            rooms_[append.room].push_back(append.record);
                          },
                          [&](const core::Replace& replace) {
                            rooms_[replace.room].at(replace.seq - 1) = replace.record;
                          },
                          [&](const core::Put& put) { keys_[put.key] = put.value; },
                          [&](const core::Delete& gone) { keys_.erase(gone.key); }},
               write);
  }
  return {};
}

Result<std::vector<core::StoredRecord>> ModelMedium::read(const core::Range& range) {
  std::vector<core::StoredRecord> out;
  const auto found = rooms_.find(range.room);
  if (found == rooms_.end()) return out;
  const auto& records = found->second;
  const Seq first = std::max<Seq>(1, range.first);
  const Seq last = std::min<Seq>(range.last, records.size());
  std::size_t bytes = 0;
  for (Seq i = first; i <= last && out.size() < range.max_records; ++i) {
    const Seq seq = range.newest_first ? last - (i - first) : i;
    const std::string& record = records[seq - 1];
    bytes += record.size();
    if (bytes > range.max_bytes && !out.empty()) break;
    out.push_back({seq, record});
  }
  return out;
}

Result<Seq> ModelMedium::head(const RoomId& room) {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? 0 : found->second.size();
}

Result<std::optional<std::string>> ModelMedium::get(const std::string& key) {
  const auto found = keys_.find(key);
  return found == keys_.end() ? std::nullopt : std::optional(found->second);
}

Result<std::vector<core::KeyValue>> ModelMedium::scan(const std::string& prefix,
                                                      const std::string& after, std::size_t limit) {
  std::vector<core::KeyValue> out;
  for (auto row = keys_.lower_bound(std::max(prefix, after)); row != keys_.end(); ++row) {
    if (!row->first.starts_with(prefix) || out.size() == limit) break;
    if (row->first > after) out.emplace_back(*row);
  }
  return out;
}

std::vector<std::string> ModelMedium::examine(const std::vector<std::string>& gone) {
  std::vector<std::string> problems;
  const auto look = [&](std::string_view bytes, const std::string& text) {
    if (bytes.find(text) == std::string_view::npos) return;
    problems.push_back(fmt::format("\"{}\" was erased and is still on the disk", text));
  };
  for (const std::string& text : gone) {
    for (const auto& [room, records] : rooms_)
      for (const std::string& record : records) look(record, text);
    for (const auto& [key, value] : keys_) look(value, text);
  }
  return problems;
}

}  // namespace chatd::sim
