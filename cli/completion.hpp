#pragma once

#include "daemon/wire/schema.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace chatd::cli {

enum class Shell : std::uint8_t { bash, zsh, fish };

// A script for that shell, made from the table of commands. cli/completions/ holds them.
[[nodiscard]] std::string completion(Shell shell);

}  // namespace chatd::cli

template <>
struct chatd::wire::Words<chatd::cli::Shell> {
  static constexpr std::array<std::string_view, 3> kList{"bash", "zsh", "fish"};
};
