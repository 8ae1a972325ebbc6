#pragma once

#include "env.hpp"
#include <string>

namespace terminal {

// The first line of a file.
[[nodiscard]] client::Outcome<std::string> read_password_file(const std::string& path);
// Asks on the terminal, without showing what is typed.
[[nodiscard]] client::Outcome<std::string> ask_password(const std::string& user);

}  // namespace terminal
