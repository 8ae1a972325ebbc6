#pragma once

#include "daemon/base/ids.hpp"

#include <string_view>

namespace chatd::config {

// Whether a text will do, and what a text that will do is called ("a domain name").
struct Rule {
  bool (*holds)(std::string_view text);
  std::string_view what;
};

[[nodiscard]] bool is_short_line(std::string_view text);
[[nodiscard]] bool is_plugin_name(std::string_view text);
// What a browser sends in Origin: scheme and host in lower case, no path.
[[nodiscard]] bool is_origin(std::string_view text);
[[nodiscard]] bool is_server_pattern(std::string_view text);
// Of a server: 32 bytes as base64url.
[[nodiscard]] bool is_public_key(std::string_view text);

inline constexpr Rule kServerName{is_server_name,
                                  "a domain name in lower case, such as \"chat.example\""};
inline constexpr Rule kShortLine{is_short_line, "one line of at most 500 bytes"};
inline constexpr Rule kPluginName{
    is_plugin_name, "a plugin's name: a letter, then up to 31 of a-z, 0-9 and underscore"};
inline constexpr Rule kOrigin{is_origin, "a web origin such as \"https://chat.example\", or \"*\""};
inline constexpr Rule kServerPattern{
    is_server_pattern, "a server's name, or \"*.\" and one for all that are below it"};
inline constexpr Rule kPublicKey{is_public_key, "a public key: 43 characters of base64url"};

}  // namespace chatd::config
