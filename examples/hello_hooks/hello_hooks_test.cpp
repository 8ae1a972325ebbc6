// Any test framework will do; this one is a macro.
#include <chatd/hooks.h>
#include <chatd/methods.h>
#include <chatd/testing/fake_host.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>

#define EXPECT(claim)                                                   \
  do {                                                                  \
    if (!(claim)) {                                                     \
      std::printf("%s:%d: not true: %s\n", __FILE__, __LINE__, #claim); \
      std::exit(1);                                                     \
    }                                                                   \
  } while (false)

using chatd::testing::Answer;
using chatd::testing::FakeHost;

namespace {

chatd_str str(const std::string& text) { return {text.data(), text.size()}; }

Answer post(FakeHost& host, const std::string& text) {
  const auto* hooks = host.role<chatd_hooks_v1>(CHATD_HOOKS_V1);
  chatd_draft draft{};
  draft.size = sizeof draft;
  draft.text = str(text);
  return host.ask([&](chatd_op op) { return hooks->message_pre_accept(host.self(), op, &draft); });
}

std::string greet(FakeHost& host) {
  const auto* methods = host.role<chatd_methods_v1>(CHATD_METHODS_V1);
  const std::string method = "greet";
  const std::string user = "romeo@one.example";
  const std::string params = "{}";
  const chatd_call call{sizeof call, 0, str(method), str(user), {nullptr, 0}, str(params)};
  return host.ask([&](chatd_op op) { return methods->call(host.self(), op, &call); }).detail;
}

}  // namespace

int main() {
  FakeHost host(FakeHost::Config{{"word", "plague"}});
  EXPECT(host.start(chatd_plugin_query) == "");

  EXPECT(post(host, "a rose by any other name").status == CHATD_PASS);
  const Answer refused = post(host, "a plague on both your houses");
  EXPECT(refused.status == CHATD_E_DENIED);
  EXPECT(refused.detail == "this server does not carry the word plague");

  EXPECT(greet(host) == R"({"greeting":"Hello, romeo@one.example","messages":0})");
  EXPECT(host.deliver("counter", {{"room", 1, "create"}, {"room", 2}, {"room", 3}}) == CHATD_OK);
  EXPECT(host.deliver("counter", {{"room", 3}, {"room", 4}, {"other", 1}}) == CHATD_OK);
  EXPECT(greet(host) == R"({"greeting":"Hello, romeo@one.example","messages":4})");

  host.state().fail(CHATD_E_UNAVAILABLE);
  EXPECT(host.deliver("counter", {{"room", 5}}) == CHATD_E_UNAVAILABLE);
  return 0;
}
