// Writes the documented configuration to the file named by its only argument.

#include "daemon/config/describe.hpp"

#include <fstream>

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  std::ofstream file(argv[1]);
  file << chatd::config::default_config();
  return file.flush() ? 0 : 1;
}
