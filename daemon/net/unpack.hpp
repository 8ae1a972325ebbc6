#pragma once

#include <string_view>

namespace chatd::net {

// Whether `packed`, compressed as `coding` of Accept-Encoding says ("br" or "gzip"), holds exactly
// `plain`. Total; needs as much memory as `plain` once more.
[[nodiscard]] bool holds(std::string_view packed, std::string_view coding, std::string_view plain);

}  // namespace chatd::net
