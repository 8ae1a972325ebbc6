#include "daemon/host/library.hpp"
#include "tests/support/plugin_file.hpp"
#include <chatd/hooks.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>

#include <elf.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

using chatd::host::Library;

namespace {

std::vector<std::string> plugin_files() {
  std::vector<std::string> files;
  std::string rest = CHATD_PLUGIN_FILES;
  for (std::size_t bar = 0; bar != std::string::npos;) {
    bar = rest.find('|');
    files.push_back(rest.substr(0, bar));
    if (bar != std::string::npos) rest.erase(0, bar + 1);
  }
  return files;
}

// The names that an ELF file offers to others.
std::vector<std::string> exported(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(in), {}};
  const auto at = [&](std::size_t offset) { return bytes.data() + offset; };
  const auto* const header = reinterpret_cast<const Elf64_Ehdr*>(at(0));
  const auto* const sections = reinterpret_cast<const Elf64_Shdr*>(at(header->e_shoff));
  std::vector<std::string> names;
  for (int i = 0; i < header->e_shnum; ++i) {
    if (sections[i].sh_type != SHT_DYNSYM) continue;
    const auto* const symbols = reinterpret_cast<const Elf64_Sym*>(at(sections[i].sh_offset));
    const char* const text = at(sections[sections[i].sh_link].sh_offset);
    for (std::size_t s = 0; s < sections[i].sh_size / sizeof(Elf64_Sym); ++s)
      if (symbols[s].st_shndx != SHN_UNDEF && ELF64_ST_BIND(symbols[s].st_info) != STB_LOCAL)
        names.emplace_back(text + symbols[s].st_name);
  }
  return names;
}

}  // namespace

TEST_CASE("a plugin in plain C is loaded and asked through the released headers", "[abi]") {
  const auto library = Library::open(CHATD_PLAIN_C, "plain_c");
  REQUIRE(library);
  CHECK((*library)->descriptor().version == std::string("1.0"));
  CHECK((*library)->schema().empty());

  chatd::testing::FakeHost host;
  REQUIRE(host.start(chatd::tests::load_plugin(CHATD_PLAIN_C)) == "");
  CHECK(host.has_logged("hello from C"));
  const auto* const hooks = host.role<chatd_hooks_v1>(CHATD_HOOKS_V1);
  const auto ask = [&](const std::string& text) {
    chatd_draft draft{};
    draft.size = sizeof draft;
    draft.text = {text.data(), text.size()};
    return host.ask(
        [&](chatd_op op) { return hooks->message_pre_accept(host.self(), op, &draft); });
  };
  CHECK(ask("hello").status == CHATD_PASS);
  CHECK(ask("spam").status == CHATD_E_DENIED);
  CHECK(ask("spam").detail == "no spam");
}

TEST_CASE("plugins export chatd_plugin_query and nothing else", "[abi]") {
  for (const std::string& file : plugin_files()) {
    INFO(file);
    CHECK(exported(file) == std::vector<std::string>{"chatd_plugin_query"});
  }
}

TEST_CASE("every in-tree plugin lives with this host", "[abi]") {
  for (const std::string& file : plugin_files())
    CHECK(Library::open(file, std::filesystem::path(file).stem().string()));
}

TEST_CASE("a plugin says no to a host of another major", "[abi]") {
  for (const std::string& file : plugin_files()) {
    const auto query = chatd::tests::load_plugin(file.c_str());
    REQUIRE(query != nullptr);
    CHECK(query(CHATD_ABI_MAJOR + 1, 0) == nullptr);
    CHECK(query(CHATD_ABI_MAJOR, CHATD_ABI_MINOR + 7) != nullptr);
  }
}

TEST_CASE("a library that is no plugin is refused as such", "[abi]") {
  const auto library = Library::open("libdl.so.2", "libdl");

  REQUIRE_FALSE(library);
  CHECK(library.error().message ==
        "the file is not a plugin of chatd: it has no chatd_plugin_query");
}
