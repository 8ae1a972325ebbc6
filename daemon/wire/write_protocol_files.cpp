// Writes openrpc.json and the made part of PROTOCOL.md anew, in the folder that it is given.

#include "daemon/wire/openrpc.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace {

std::string read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

bool write(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  return (file << text).flush().good();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return std::fputs("usage: chatd_protocol FOLDER\n", stderr), 2;
  const std::string folder(argv[1]);
  const std::string protocol = read(folder + "/PROTOCOL.md");
  const std::size_t begin = protocol.find(chatd::wire::kChaptersBegin);
  if (begin == std::string::npos)
    return std::fputs("PROTOCOL.md has no line where the made chapters begin\n", stderr), 1;
  const bool is_written =
      write(folder + "/PROTOCOL.md", protocol.substr(0, begin)
                                         .append(chatd::wire::kChaptersBegin)
                                         .append(chatd::wire::protocol_chapters())) &&
      write(folder + "/openrpc.json", chatd::wire::openrpc_document());
  return is_written ? 0 : 1;
}
