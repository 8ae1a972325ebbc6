// chatd --config FILE: serves until SIGTERM; SIGHUP reads the configuration and certificate again.
// chatd --check FILE: names what is wrong with the configuration, the sections of plugins, the
// certificate and the web client included.
#include "daemon/app/check.hpp"
#include "daemon/app/daemon.hpp"

#include <sodium.h>

#include <csignal>
#include <cstdio>
#include <string>
#include <string_view>
#include <sys/stat.h>

namespace {

constexpr int kHasMistakes = 3;

}  // namespace

int main(int count, char** words) {
  chatd::app::hold_back_reloads();
  // What this process makes is for its own account: people's messages lie there.
  umask(0077);
  if (count == 2 && std::string_view(words[1]) == "--version") {
    std::puts("chatd " CHATD_VERSION);
    return 0;
  }
  const std::string_view verb = count == 3 ? words[1] : "";
  if (verb != "--config" && verb != "--check") {
    std::fprintf(stderr, "usage: chatd --config FILE | --check FILE | --version\n");
    return 2;
  }
  if (sodium_init() < 0) {
    std::fprintf(stderr, "chatd: libsodium can't start\n");
    return 1;
  }
  auto setup = chatd::app::check(words[2]);
  if (!setup) {
    for (const auto& mistake : setup.error()) std::fprintf(stderr, "%s\n", mistake.text().c_str());
    return kHasMistakes;
  }
  if (verb == "--check") {
    std::puts("no mistakes");
    return 0;
  }
  auto daemon = chatd::app::Daemon::create(words[2], *std::move(setup));
  if (!daemon) {
    std::fprintf(stderr, "chatd: %s\n", daemon.error().message.c_str());
    return 1;
  }
  return (*daemon)->run() ? 0 : 1;
}
