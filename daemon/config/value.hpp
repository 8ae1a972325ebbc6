#pragma once

#include "daemon/base/result.hpp"
#include "daemon/config/setting.hpp"

#include <string>
#include <string_view>

namespace chatd::config {

// What is allowed there, to follow "must be": "a whole number from 1 to 64".
[[nodiscard]] std::string what(const Kind& kind);

// The setting's value in `config` as it would stand in a file: `"chat.example"`, `30`, `["a",
// "b"]`.
[[nodiscard]] std::string value_text(const Kind& kind, Config& config);

// Takes the setting's value from one configuration over into another.
void copy_value(const Kind& kind, Config& from, Config& to);

// `text` as a TOML string with its quotes.
[[nodiscard]] std::string in_quotes(std::string_view text);

// As TOML writes it: 2030-12-31T00:00:00Z.
[[nodiscard]] std::string utc_text(TimeMs time);

// "[::]:8443", "127.0.0.1:0".
[[nodiscard]] std::string text(const Endpoint& endpoint);
// Reads that form. Where this server listens is a numeric address: a name would need DNS before the
// server stands.
[[nodiscard]] Result<Endpoint> parse_endpoint(std::string_view text, Host host);
// Whether the system lets only one of them be listened on.
[[nodiscard]] bool overlap(const Endpoint& one, const Endpoint& other);

}  // namespace chatd::config
