#include "daemon/config/load.hpp"

#include "tests/unit/config/parsing.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::config {
namespace {

TEST_CASE("the web client's folder may be named, relative to the file, or left out", "[config]") {
  CHECK(right(kLeast).web.root.empty());
  CHECK(right(kLeast + "[web]\nroot = \"\"\n").web.root.empty());
  CHECK(right(kLeast + "[web]\nroot = \"web/dist\"\n").web.root == "/etc/chatd/web/dist");
  CHECK(only_mistake(kLeast + "[web]\nroot = 1\n") ==
        "8:8: web.root must be a path, or \"\" for none; a relative one starts from the folder of "
        "the configuration, not a whole number");
}

TEST_CASE("a file with only what is required gets every default", "[config]") {
  const Config config = right(kLeast);

  CHECK(config.server.name == "chat.example");
  CHECK(config.listen.tls == std::vector<Endpoint>{{"::", 8443}});
  CHECK(config.listen.plain.empty());
  CHECK(config.accounts.sign_up == SignUp::closed);
  CHECK(config.limits.messages_per_minute == 120);
  CHECK(config.presence.grace == std::chrono::seconds(30));
  CHECK(config.storage.plugin == "storage_lmdb");
}

TEST_CASE("relative paths start from the folder of the file, the socket from the data folder",
          "[config]") {
  const Config config = right(kLeast);

  CHECK(config.server.data_dir == "/etc/chatd/data");
  CHECK(config.tls.certificate == "/etc/chatd/tls/cert.pem");
  CHECK(config.tls.key == "/secret/key.pem");
  CHECK(config.control.socket == "/etc/chatd/data/chatd.sock");
  CHECK(right(kLeast + "[control]\nsocket = \"/run/chatd/c.sock\"").control.socket ==
        "/run/chatd/c.sock");
  CHECK(right(kLeast + "[plugins]\ndirs = [\"../plugins\"]").plugins.dirs ==
        std::vector<std::filesystem::path>{"/etc/plugins"});
}

TEST_CASE("every kind of setting is read", "[config]") {
  const Config config = right(kLeast +
                              "[listen]\n"
                              "tls = [\"[::1]:0\", \"192.0.2.7:443\"]\n"
                              "plain = [\"127.0.0.1:8080\"]\n"
                              "allowed_origins = [\"https://chat.example\", \"http://[::1]:80\"]\n"
                              "io_threads = 2\n"
                              "[log]\n"
                              "level = \"warning\"\n"
                              "[accounts]\n"
                              "sign_up = \"invite\"\n"
                              "device_idle_days = 90\n"
                              "[presence]\n"
                              "coalesce_ms = 0\n"
                              "[plugins]\n"
                              "load = [\"hello_hooks\"]\n");

  CHECK(config.listen.tls == std::vector<Endpoint>{{"::1", 0}, {"192.0.2.7", 443}});
  CHECK(config.listen.plain == std::vector<Endpoint>{{"127.0.0.1", 8080}});
  CHECK(config.listen.allowed_origins.size() == 2);
  CHECK(config.listen.io_threads == 2);
  CHECK(config.log.level == log::Level::warning);
  CHECK(config.accounts.sign_up == SignUp::invite);
  CHECK(config.accounts.device_idle == std::chrono::days(90));
  CHECK(config.presence.coalesce == std::chrono::milliseconds(0));
  CHECK(config.plugins.load == std::vector<std::string>{"hello_hooks"});
}

TEST_CASE("all mistakes are named at once, in the order of their lines", "[config]") {
  const auto all = mistakes(
      "[server]\n"
      "nmae = \"chat.example\"\n"
      "[listn]\n"
      "[limits]\n"
      "messages_per_minute = 0\n"
      "  requests_per_second = \"many\"\n");

  REQUIRE(all.size() == 8);
  CHECK(all[0] ==
        "0:0: server.name is missing; for example, below [server]: "
        "name = \"chat.example\"");
  CHECK(all[1].find("server.data_dir is missing") != std::string::npos);
  CHECK(all[2].find("tls.certificate is missing") != std::string::npos);
  CHECK(all[3].find("tls.key is missing") != std::string::npos);
  CHECK(all[4] == "2:1: there is no setting \"nmae\" in [server], did you mean \"name\"?");
  CHECK(all[5] == "3:2: there is no section \"listn\", did you mean \"listen\"?");
  CHECK(all[6] ==
        "5:23: limits.messages_per_minute must be a whole number from 1 to "
        "10,000,000, not 0");
  CHECK(all[7] ==
        "6:25: limits.requests_per_second must be a whole number from 1 to "
        "1,000,000, not \"many\"");
}

TEST_CASE("a mistake says file, line and column", "[config]") {
  const auto config = parse(kLeast + "[log]\nlevle = \"info\"\n", kFile);

  REQUIRE_FALSE(config);
  CHECK(config.error().front().text() ==
        "/etc/chatd/chatd.toml:8:1: there is no setting \"levle\" in [log], "
        "did you mean \"level\"?");
}

TEST_CASE("a word that is not in the list gets the nearest one", "[config]") {
  CHECK(only_mistake(kLeast + "[accounts]\nsign_up = \"close\"\n") ==
        "8:11: accounts.sign_up must be \"open\", \"invite\" or \"closed\", not \"close\", "
        "did you mean \"closed\"?");
}

TEST_CASE("a setting in the wrong section is sent to the right one", "[config]") {
  CHECK(only_mistake(kLeast + "[log]\nmax_devices = 3\n") ==
        "8:1: there is no setting \"max_devices\" in [log]; there is one of that name in "
        "[accounts]");
  CHECK(only_mistake("io_threads = 2\n" + kLeast) ==
        "1:1: io_threads stands before the first section; it belongs below [listen]");
}

TEST_CASE("a section that is a value, or a list of sections, is refused", "[config]") {
  CHECK(only_mistake("limits = 3\n" + kLeast) ==
        "1:1: limits is a section, not a whole number: write [limits] once and its settings "
        "below");
  CHECK(only_mistake(kLeast + "[[limits]]\n").find("limits is a section, not a list") !=
        std::string::npos);
}

TEST_CASE("each item of a list that will not do is named at its place", "[config]") {
  const auto all = mistakes(kLeast +
                            "[listen]\n"
                            "tls = [\"localhost:1\",\n"
                            "  \"[::]:8443\",\n"
                            "  \"1.2.3.4:70000\"]\n"
                            "plain = [\"0.0.0.0:80\"]\n"
                            "allowed_origins = [\"https://chat.example/path\"]\n");

  REQUIRE(all.size() == 4);
  CHECK(all[0].find("8:8: listen.tls must be a list") == 0);
  CHECK(all[1].find("10:3: listen.tls must be a list") == 0);
  CHECK(all[2].find("11:10: listen.plain must be a list; each item a loopback address") == 0);
  CHECK(all[3].find("12:20: listen.allowed_origins") == 0);
}

TEST_CASE("values of a wrong type or form are refused", "[config]") {
  for (const char* line : {
           "[server]\nname = \"Chat.Example\"",
           "[server]\nname = 7",
           "[server]\ndata_dir = \"\"",
           "[server]\ndata_dir = \"~/chatd\"",
           "[server]\ndata_dir = \"a\\u0000b\"",
           "[server]\ncontact = \"two\\nlines\"",
           "[listen]\nio_threads = 1.5",
           "[listen]\nio_threads = true",
           "[listen]\nio_threads = -1",
           "[listen]\nio_threads = 9223372036854775807",
           "[listen]\ntls = \"[::]:8443\"",
           "[listen]\ntls = [8443]",
           "[listen]\ntls = [\"[::]:8443\", \"[::]:8443\"]",
           "[listen]\ntls = [\"::1:8443\"]",
           "[log]\nlevel = 3",
           "[presence]\ngrace_seconds = 1979-05-27",
           "[storage]\nplugin = \"../evil\"",
           "[storage]\nplugin = \"\"",
           "[plugins]\nload = [\"auth_password\"]",
       }) {
    const std::string base = std::string_view(line).starts_with("[server]")
                                 ? "[listen]\ntls = []\nplain = [\"127.0.0.1:1\"]\n"
                                 : kLeast;
    CAPTURE(line);
    CHECK_FALSE(parse(base + line, kFile));
  }
}

TEST_CASE("a list that is too long is refused by its length", "[config]") {
  std::string list = "[federation]\nallow = [\n";
  for (int i = 0; i < 1001; ++i) list += "\"s" + std::to_string(i) + ".example\",\n";

  CHECK(only_mistake(kLeast + list + "]\n") ==
        "8:9: federation.allow has 1001 items, of at most 1000");
}

TEST_CASE("a certificate is needed only where TLS is listened for", "[config]") {
  const std::string plain =
      "[server]\nname = \"chat.example\"\ndata_dir = \"/d\"\n[listen]\ntls = []\n";

  CHECK(right(plain + "plain = [\"127.0.0.1:0\"]\n").tls.certificate.empty());
  CHECK(only_mistake(plain) ==
        "5:1: listen.tls and listen.plain are both empty: nobody could connect");
}

TEST_CASE("one address can not be listened on twice", "[config]") {
  const std::string listen = kLeast + "[listen]\ntls = ";
  const std::string why = ": [::] takes every address, 0.0.0.0 every one of IPv4";

  CHECK(only_mistake(listen + "[\"[::]:443\", \"0.0.0.0:443\"]\n") ==
        "8:1: \"0.0.0.0:443\" can't be listened on together with \"[::]:443\"" + why);
  for (const char* addresses :
       {"[\"127.0.0.1:80\"]", "[\"0.0.0.0:80\"]", "[\"[::1]:80\", \"[::]:80\"]"}) {
    const std::string plain = listen + addresses + "\nplain = [\"127.0.0.1:80\", \"[::1]:80\"]\n";
    CAPTURE(plain);
    CHECK_FALSE(parse(plain, kFile));
  }
  right(listen + "[\"0.0.0.0:80\", \"[::1]:80\", \"[::]:81\", \"[::]:0\", \"0.0.0.0:0\"]\n");
}

TEST_CASE("a control socket whose path the system can not take is refused", "[config]") {
  const std::string deep(100, 'd');

  CHECK(only_mistake("[server]\nname = \"chat.example\"\ndata_dir = \"/" + deep +
                     "\"\n[tls]\ncertificate = \"c\"\nkey = \"k\"\n")
            .find("3:1: the control socket's path") == 0);
}

TEST_CASE("settings of plugins are handed on as text with their places", "[config]") {
  const Config config = right(kLeast +
                              "[plugins]\n"
                              "load = [\"webpush\"]\n"
                              "[plugin.webpush]\n"
                              "contact = \"mailto:admin@chat.example\"\n"
                              "ttl = 60\n"
                              "eager = true\n"
                              "hosts = [\"a\", \"b\", 3]\n"
                              "[plugin.webpush.retry]\n"
                              "times = 5\n");

  const auto& settings = config.plugin.at("webpush");
  REQUIRE(settings.size() == 5);
  CHECK(settings[0] == PluginSetting{"contact", "mailto:admin@chat.example"});
  CHECK(settings[0].line == 10);
  CHECK(settings[0].column == 11);
  CHECK(settings[1] == PluginSetting{"eager", "true"});
  CHECK(settings[2] == PluginSetting{"hosts", "a\nb\n3"});
  CHECK(settings[3] == PluginSetting{"retry.times", "5"});
  CHECK(settings[4] == PluginSetting{"ttl", "60"});
}

TEST_CASE("settings for a plugin that nobody loads are a mistake", "[config]") {
  CHECK(only_mistake(kLeast + "[plugin.storage_lmbd]\nmap_size = 1\n") ==
        "7:9: [plugin.storage_lmbd] has settings, but no such plugin is loaded, "
        "did you mean \"storage_lmdb\"?");
  CHECK(only_mistake(kLeast + "[plugin.hello]\nword = \"x\"\n") ==
        "7:9: [plugin.hello] has settings, but no such plugin is loaded; name it in "
        "plugins.load");
}

TEST_CASE("a plugin's setting must be something that text can hold", "[config]") {
  const std::string section = kLeast + "[plugin.storage_lmdb]\n";

  CHECK(only_mistake(section + "a = 1.5").find("8:5: a must be a text") == 0);
  CHECK(only_mistake(section + "a = [[1]]").find("8:6: a must be a list of texts") == 0);
  CHECK(only_mistake(section + "a = [\"x\\ny\"]").find("8:6: a must be a list") == 0);
  CHECK(only_mistake(section + "a.b.c.d.e = 1").find("is nested too deep") != std::string::npos);
  CHECK(only_mistake(kLeast + "[plugin]\nload = [\"x\"]\n").find("[plugin.NAME]") !=
        std::string::npos);
}

TEST_CASE("a key that stands twice is refused, and the rest is still checked", "[config]") {
  const auto all = mistakes(
      "[server]\n"
      "name = \"chat.example\"\n"
      "name = \"other.example\"\n"
      "contakt = \"\"\n");

  REQUIRE(all.size() == 2);
  CHECK(all[0].find("3:") == 0);
  CHECK(all[0].find("name") != std::string::npos);
  CHECK(all[1] == "4:1: there is no setting \"contakt\" in [server], did you mean \"contact\"?");
}

TEST_CASE("several lines that are no TOML are all named", "[config]") {
  const auto all = mistakes(
      "[server]\n"
      "name = chat.example\n"
      "data_dir = \"/var/lib\n"
      "[log]\n"
      "level = \"info\"\n");

  REQUIRE(all.size() == 2);
  CHECK(all[0].find("2:") == 0);
  CHECK(all[1].find("3:") == 0);
}

TEST_CASE("what is no configuration at all is refused in a sentence", "[config]") {
  CHECK(only_mistake("[server").find("1:") == 0);
  CHECK(only_mistake("\xff\xfe").find("1:") == 0);
  CHECK(only_mistake(std::string(kMaxFileBytes + 1, '\n')).find("larger than") !=
        std::string::npos);
  CHECK(only_mistake("\n" + std::string(kMaxLineBytes + 1, '#')).find("2:1: the line is longer") ==
        0);
}

TEST_CASE("tables nested as deep as a line allows do no harm", "[config]") {
  std::string path = "a";
  while (path.size() + 2 < kMaxLineBytes / 2) path += ".a";

  CHECK_FALSE(mistakes("[" + path + "]\n" + path + " = 1\n").empty());
  CHECK_FALSE(mistakes("[server]\nname = " + std::string(2000, '[')).empty());
}

TEST_CASE("a file is read from the disk, or the reason why not is told", "[config]") {
  const auto folder = std::filesystem::temp_directory_path() / "chatd_unit_config_load";
  std::filesystem::create_directories(folder);
  const auto file = folder / "chatd.toml";
  std::ofstream(file) << kLeast;

  const auto found = load(file);
  const auto missing = load(folder / "no.toml");
  const auto directory = load(folder);
  std::filesystem::remove_all(folder);

  REQUIRE(found);
  CHECK(found->server.data_dir == folder / "data");
  REQUIRE_FALSE(missing);
  CHECK(missing.error().front().text().find("No such file") != std::string::npos);
  REQUIRE_FALSE(directory);
  CHECK(directory.error().front().text().find("Is a directory") != std::string::npos);
}

}  // namespace
}  // namespace chatd::config
