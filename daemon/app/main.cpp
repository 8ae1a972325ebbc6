// chatd --config FILE: serves until SIGTERM; SIGHUP reads the configuration and certificate again.
#include "daemon/app/daemon.hpp"
#include "daemon/base/log.hpp"
#include "daemon/config/load.hpp"

#include <sodium.h>

#include <cstdio>
#include <string_view>

int main(int count, char** words) {
  if (count == 2 && std::string_view(words[1]) == "--version") {
    std::puts("chatd " CHATD_VERSION);
    return 0;
  }
  if (count != 3 || std::string_view(words[1]) != "--config") {
    std::fprintf(stderr, "usage: chatd --config FILE | --version\n");
    return 2;
  }
  if (sodium_init() < 0) {
    std::fprintf(stderr, "chatd: libsodium can't start\n");
    return 1;
  }
  auto config = chatd::config::load(words[2]);
  if (!config) {
    for (const auto& mistake : config.error()) std::fprintf(stderr, "%s\n", mistake.text().c_str());
    return 3;
  }
  auto daemon = chatd::app::Daemon::create(words[2], *std::move(config));
  if (!daemon) {
    std::fprintf(stderr, "chatd: %s\n", daemon.error().message.c_str());
    return 1;
  }
  return (*daemon)->run() ? 0 : 1;
}
