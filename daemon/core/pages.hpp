#pragma once

#include "daemon/wire/record.hpp"

#include <string>
#include <vector>

namespace chatd::core {

// Records as a JSON list, in the order given.
[[nodiscard]] inline std::string records_json(const std::vector<wire::Record>& records) {
  std::string out = "[";
  for (const wire::Record& record : records) {
    if (out.size() > 1) out += ',';
    wire::append_json(out, record);
  }
  out += ']';
  return out;
}

}  // namespace chatd::core
