#include "daemon/host/library.hpp"
#include <chatd/hooks.h>

#include <catch2/catch.hpp>

#include <functional>
#include <string>
#include <vector>

using chatd::host::check_descriptor;

namespace {

const char* const kNone[] = {nullptr};
const char* const kHooks[] = {CHATD_HOOKS_V1, nullptr};
const char* const kFuture[] = {"chatd.hooks.v2", nullptr};
const std::vector<const char*> kEndless(100, CHATD_HOOKS_V1);

// A descriptor that is taken.
chatd_plugin good() {
  chatd_plugin plugin{};
  plugin.size = sizeof plugin;
  plugin.abi_major = CHATD_ABI_MAJOR;
  plugin.abi_minor = CHATD_ABI_MINOR;
  plugin.name = "fine";
  plugin.version = "1.0";
  plugin.summary = "nothing wrong";
  plugin.roles = kHooks;
  plugin.create = [](const chatd_host_api*, chatd_host*, void**) { return CHATD_OK; };
  plugin.destroy = [](void*) {};
  plugin.role = [](void*, const char*) -> const void* { return nullptr; };
  return plugin;
}

// What is said when `change` was made to it.
std::string refusal(const std::function<void(chatd_plugin&)>& change) {
  chatd_plugin plugin = good();
  change(plugin);
  const auto checked = check_descriptor(&plugin, "fine");
  return checked ? "" : checked.error().message;
}

}  // namespace

TEST_CASE("a descriptor of today and of a longer tomorrow is taken", "[abi]") {
  CHECK(refusal([](chatd_plugin&) {}) == "");
  CHECK(refusal([](chatd_plugin& p) { p.size += 64; }) == "");
  CHECK(refusal([](chatd_plugin& p) { p.config_schema = "word string spam \"x\""; }) == "");
}

TEST_CASE("each reason to refuse a descriptor has its own sentence", "[abi]") {
  CHECK(check_descriptor(nullptr, "fine").error().message ==
        "it says that it can't live with a host of ABI 1.1");
  CHECK(refusal([](chatd_plugin& p) { p.size = 72; }) ==
        "its descriptor has 72 bytes where 80 are needed");
  CHECK(refusal([](chatd_plugin& p) { p.abi_major = 2; }) ==
        "it was built for ABI 2, this server has ABI 1");
  CHECK(refusal([](chatd_plugin& p) { p.abi_major = 0; }) ==
        "it was built for ABI 0, this server has ABI 1");
  CHECK(refusal([](chatd_plugin& p) { p.abi_minor = 9; }) ==
        "it needs ABI 1.9, this server has 1.1: update the server");
  for (const char* name : {"", "Fine", "9lives", "a-b", "abcdefghijklmnopqrstuvwxyz1234567"})
    CHECK(refusal([&](chatd_plugin& p) { p.name = name; }) ==
          "its name is not one: a-z 0-9 _ , at most 32, starting with a letter");
  CHECK(refusal([](chatd_plugin& p) { p.name = nullptr; }) ==
        "its name is not one: a-z 0-9 _ , at most 32, starting with a letter");
  CHECK(refusal([](chatd_plugin& p) { p.name = "other"; }) == "it calls itself other, not fine");
  CHECK(refusal([](chatd_plugin& p) { p.version = nullptr; }) ==
        "its descriptor has no version or no summary");
  CHECK(refusal([](chatd_plugin& p) { p.summary = nullptr; }) ==
        "its descriptor has no version or no summary");
  CHECK(refusal([](chatd_plugin& p) { p.create = nullptr; }) ==
        "its descriptor lacks create, destroy or role");
  CHECK(refusal([](chatd_plugin& p) { p.destroy = nullptr; }) ==
        "its descriptor lacks create, destroy or role");
  CHECK(refusal([](chatd_plugin& p) { p.role = nullptr; }) ==
        "its descriptor lacks create, destroy or role");
  CHECK(refusal([](chatd_plugin& p) { p.roles = nullptr; }) == "it serves no role");
  CHECK(refusal([](chatd_plugin& p) { p.roles = kNone; }) == "it serves no role");
  CHECK(refusal([](chatd_plugin& p) { p.roles = kFuture; }) ==
        "it serves the role chatd.hooks.v2, which this server does not know");
  CHECK(refusal([](chatd_plugin& p) { p.roles = kEndless.data(); }) ==
        "its list of roles has no end");
  CHECK(refusal([](chatd_plugin& p) { p.config_schema = "word"; }) ==
        "its config schema is broken, line 1: a line is: name type default \"what it is\"");
}
