#include "daemon/net/static_files.hpp"

#include "tests/unit/net/web_root.hpp"

#include <string>
#include <string_view>
#include <sys/stat.h>

using namespace chatd;
using namespace chatd::tests;

namespace {

std::string text_of(const net::StaticFiles& files, std::string_view path) {
  const net::StaticFile* const file = files.find(path);
  return file == nullptr ? "none" : *file->bodies.back().bytes;
}

}  // namespace

TEST_CASE("a folder that is no web client is refused in words", "[net]") {
  WebRoot web;
  const auto& root = web.path();
  CHECK(web.refusal().empty());
  CHECK(net::StaticFiles::load(root / "none").error().message ==
        "can't read the folder " + (root / "none").string() + ": No such file or directory");
  CHECK(net::StaticFiles::load(root / "index.html").error().message ==
        "can't read the folder " + (root / "index.html").string() + ": Not a directory");

  std::filesystem::remove(root / "index.html");
  CHECK(web.refusal() == root.string() +
                             " holds no index.html: name the folder that the web "
                             "client's build made");
  web.write("index.html", "");
  CHECK(web.refusal().empty());

  REQUIRE(mkfifo((root / "pipe").c_str(), 0600) == 0);
  CHECK(web.refusal() == (root / "pipe").string() + " is neither a file nor a folder");
  std::filesystem::remove(root / "pipe");

  web.write("c++.txt", "");
  CHECK(web.refusal() ==
        (root / "c++.txt").string() + " can't be served: a name may not have any of &+;");
  std::filesystem::remove(root / "c++.txt");

  std::filesystem::create_directory_symlink(root, root / "loop");
  CHECK(web.refusal().find("deeper than 16") != std::string::npos);
  std::filesystem::remove(root / "loop");
  CHECK(web.refusal().empty());
}

TEST_CASE("a folder that is too large is refused before it is in memory", "[net]") {
  WebRoot web;
  web.write("a.bin", "");
  std::filesystem::resize_file(web.path() / "a.bin", net::StaticFiles::kMaxBytes);
  CHECK(web.refusal().find("a web client may have 32 MiB in all") != std::string::npos);
  std::filesystem::resize_file(web.path() / "a.bin", net::StaticFiles::kMaxBytes - 100);
  CHECK(web.refusal().empty());
  std::filesystem::remove(web.path() / "a.bin");

  for (std::size_t i = 1; i < net::StaticFiles::kMaxEntries; ++i)
    web.write(std::to_string(i) + ".txt", "");
  CHECK(web.refusal().empty());
  web.write("one more.txt", "");
  CHECK(web.refusal().find("holds more than 2000 files and folders") != std::string::npos);
}

TEST_CASE("an open page still gets the scripts of its own version", "[net]") {
  WebRoot web;
  const std::string old_script = "assets/index-Bq3x_9aZ.js";
  const std::string new_script = "assets/index-C0ffee42.js";
  web.write(old_script, "old");
  web.write("assets/logo.svg", "old");
  const auto first = web.load();
  CHECK(net::StaticFiles::successor(nullptr, first) == first);

  std::filesystem::remove_all(web.path() / "assets");
  web.write("index.html", "<title>new</title>");
  web.write(new_script, "new");
  const auto second = net::StaticFiles::successor(first, web.load());
  CHECK(text_of(*second, "/") == "<title>new</title>");
  CHECK(text_of(*second, "/" + new_script) == "new");
  CHECK(text_of(*second, "/" + old_script) == "old");
  CHECK(second->find("/assets/logo.svg") == nullptr);
  CHECK(net::StaticFiles::successor(second, nullptr) == nullptr);

  SECTION("also when the folder is read again as it is") {
    CHECK(net::StaticFiles::successor(second, web.load()) == second);
  }
  SECTION("not those of the version before") {
    web.write("index.html", "<title>newest</title>");
    const auto third = net::StaticFiles::successor(second, web.load());
    CHECK(text_of(*third, "/" + new_script) == "new");
    CHECK(third->find("/" + old_script) == nullptr);
  }
  SECTION("and the one of now where both have the name") {
    web.write(new_script, "newer");
    CHECK(text_of(*net::StaticFiles::successor(second, web.load()), "/" + new_script) == "newer");
  }
}

TEST_CASE("a compressed file must hold what the file beside it holds", "[net]") {
  WebRoot web;
  web.write_packed("app.js", pattern(5'000));
  web.write_packed("empty.js", "");
  web.write("alone.gz", gzip("x"));
  CHECK(web.refusal().empty());
  CHECK(web.load()->find("/alone.gz")->bodies.size() == 1);
  const std::string app = (web.path() / "app.js").string();
  for (const char* ending : {".br", ".gz"}) {
    const std::string name = std::string("app.js") + ending;
    const auto pack = [&](const std::string& text) {
      return ending == std::string(".br") ? brotli(text) : gzip(text);
    };
    const std::string right = pack(pattern(5'000));
    for (const std::string& wrong :
         {std::string(), std::string("junk"), right.substr(0, right.size() - 1), pack("other"),
          pack(pattern(4'999)), pack(pattern(5'001)), pack("")}) {
      web.write(name, wrong);
      CHECK(web.refusal() == app + ending + " holds something else than " + app +
                                 ": compress that again, or remove it");
    }
    web.write(name, right);
  }
}
