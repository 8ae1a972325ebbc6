#include "cli/run.hpp"

#include <clocale>
#include <string>
#include <vector>

int main(int argc, char** argv) {
  std::setlocale(LC_CTYPE, "C.UTF-8");  // for the width of characters in tables
  const std::vector<std::string> words(argv + (argc > 0 ? 1 : 0), argv + argc);
  chatd::cli::Console console = chatd::cli::system_console();
  return static_cast<int>(chatd::cli::run(words, console));
}
