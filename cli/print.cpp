#include "cli/print.hpp"

#include "cli/argument.hpp"
#include "cli/safe_text.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <utility>
#include <vector>

namespace chatd::cli {
namespace {

using Row = std::vector<std::string>;
constexpr std::string_view kNone = "-";
constexpr std::string_view kNextPage = "next";  // for the next request, not for people

// Rows whose cells stand below each other; nothing behind the last cell of a row.
std::string aligned(const std::vector<Row>& rows) {
  std::vector<std::size_t> widths;
  for (const Row& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i)
      widths[i] = std::max(widths[i], display_width(row[i]));
  }
  std::string out;
  for (const Row& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += row[i];
      if (i + 1 < row.size()) line.append(widths[i] - display_width(row[i]) + 2, ' ');
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

std::string label(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '_', ' ');
  return out;
}

// Any single value as text; lists and objects as JSON.
std::string plain_text(const Json& json) {
  std::string_view text;
  if (json.get(text) == simdjson::SUCCESS) return std::string(text);
  if (json.is_null()) return std::string(kNone);
  return simdjson::minify(json);
}

std::string value_text(const Json& json, Look look) {
  bool is_set = false;
  std::int64_t time = 0;
  if (look == Look::yes_no && json.get(is_set) == simdjson::SUCCESS) return is_set ? "yes" : "no";
  if (look == Look::time && json.get(time) == simdjson::SUCCESS) return time_text(time);
  std::string text = plain_text(json);
  return text.empty() ? std::string(kNone) : text;
}

std::vector<std::string> list_texts(const Json& json, const Shape& item) {
  std::vector<std::string> out;
  simdjson::dom::array list;
  if (json.get(list) == simdjson::SUCCESS)
    for (const Json each : list) out.push_back(value_text(each, item.look));
  return out;
}

std::string cell(const Json& object, const NamedShape& column) {
  Json json;
  if (object.at_key(column.name).get(json) != simdjson::SUCCESS) return std::string(kNone);
  if (column.shape.look != Look::list) return safe_line(value_text(json, column.shape.look));
  const auto texts = list_texts(json, column.shape.parts.front().shape);
  return texts.empty() ? std::string(kNone) : safe_line(fmt::format("{}", fmt::join(texts, ", ")));
}

bool is_table(const Shape& shape) {
  return shape.look == Look::list && shape.parts.front().shape.look == Look::object;
}

bool is_chosen(std::string_view columns, std::string_view name) {
  if (columns.empty()) return true;
  while (!columns.empty()) {
    const std::size_t end = std::min(columns.find(' '), columns.size());
    if (columns.substr(0, end) == name) return true;
    columns.remove_prefix(std::min(end + 1, columns.size()));
  }
  return false;
}

std::string table(const Json& json, const Shape& item, std::string_view columns) {
  simdjson::dom::array list;
  if (json.get(list) != simdjson::SUCCESS || list.size() == 0) return "none\n";
  std::vector<Row> rows(1);
  for (const NamedShape& column : item.parts)
    if (is_chosen(columns, column.name)) rows.front().push_back(upper(label(column.name)));
  for (const Json each : list) {
    Row row;
    for (const NamedShape& column : item.parts)
      if (is_chosen(columns, column.name)) row.push_back(cell(each, column));
    rows.push_back(std::move(row));
  }
  return aligned(rows);
}

// Adds "label  first line" and the further lines below the first.
void add_lines(std::vector<Row>& rows, std::string_view name, std::string_view text) {
  std::string first = label(name);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    rows.push_back({std::exchange(first, ""), safe_line(text.substr(0, end))});
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

void add_single(std::vector<Row>& rows, const Json& json, const NamedShape& part) {
  simdjson::dom::object object;
  if (part.shape.look == Look::json && json.get(object) == simdjson::SUCCESS) {
    for (const auto field : object)
      add_lines(rows, fmt::format("{} {}", part.name, safe_line(field.key)),
                plain_text(field.value));
  } else if (part.shape.look == Look::list) {
    const auto texts = list_texts(json, part.shape.parts.front().shape);
    add_lines(rows, part.name,
              texts.empty() ? std::string(kNone) : fmt::format("{}", fmt::join(texts, "\n")));
  } else {
    add_lines(rows, part.name, value_text(json, part.shape.look));
  }
}

void add_object(std::vector<Row>& rows, const Json& json, const Shape& shape) {
  for (const NamedShape& part : shape.parts) {
    Json value;
    if (is_table(part.shape) || part.name == kNextPage) continue;
    if (json.at_key(part.name).get(value) != simdjson::SUCCESS) continue;
    if (part.shape.look == Look::object) {
      add_object(rows, value, part.shape);
    } else {
      add_single(rows, value, part);
    }
  }
}

}  // namespace

std::string time_text(TimeMs time) {
  constexpr TimeMs kLastMs = 253'402'300'799'999;  // the year 9999
  if (time == 0) return "never";
  if (time < 0 || time > kLastMs) return fmt::format("{} ms", time);
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC",
                     fmt::gmtime(static_cast<std::time_t>(time / 1000)));
}

std::string to_tables(const Json& answer, const Shape& shape, std::string_view columns) {
  if (shape.parts.size() == 1 && shape.parts.front().shape.look == Look::text) {
    std::string text = safe_lines(text_at(answer, shape.parts.front().name));
    if (!text.ends_with('\n')) text += '\n';
    return text;
  }
  std::vector<Row> rows;
  add_object(rows, answer, shape);
  std::string out = aligned(rows);
  for (const NamedShape& part : shape.parts) {
    Json value;
    if (!is_table(part.shape) || answer.at_key(part.name).get(value) != simdjson::SUCCESS) continue;
    if (!out.empty()) out += "\n";
    out += table(value, part.shape.parts.front().shape, columns);
  }
  return out;
}

}  // namespace chatd::cli
