#include "password.hpp"

#include <cstdio>
#include <fstream>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace terminal {

client::Outcome<std::string> read_password_file(const std::string& path) {
  std::ifstream file(path);
  std::string line;
  if (!std::getline(file, line)) return {{}, "no password can be read from " + path};
  return {line, {}};
}

client::Outcome<std::string> ask_password(const std::string& user) {
  if (isatty(STDIN_FILENO) == 0) return {{}, "no password: give --password-file"};
  termios shown{};
  tcgetattr(STDIN_FILENO, &shown);
  termios hidden = shown;
  hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
  std::printf("Password of %s: ", user.c_str());
  std::fflush(stdout);
  std::string line;
  const bool is_read = static_cast<bool>(std::getline(std::cin, line));
  tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
  std::puts("");
  if (!is_read) return {{}, "no password was given"};
  return {line, {}};
}

}  // namespace terminal
