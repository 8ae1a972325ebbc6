#pragma once

#include "daemon/base/result.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::net {

// The head of an HTTP/1 response.
struct ResponseHead {
  int status = 0;
  std::map<std::string, std::string, std::less<>> fields;  // names in lower case; of two the last
  std::size_t size = 0;                                    // in bytes, with the blank line

  // Empty when there is none.
  [[nodiscard]] std::string_view field(std::string_view name) const;
};

// What `bytes` begin with; nothing when they are no whole head yet. Total.
[[nodiscard]] Result<std::optional<ResponseHead>> read_response_head(std::string_view bytes);

}  // namespace chatd::net
