// What every plugin that serves chatd.methods.v1 must do, whatever it is for.
#include "tests/support/plugin_file.hpp"
#include <chatd/methods.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chatd::testing::Answer;
using chatd::testing::FakeHost;

chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

bool is_json(std::string_view text) {
  simdjson::dom::parser parser;
  return parser.parse(text.data(), text.size(), true).error() == simdjson::SUCCESS;
}

struct Running {
  Running() {
    REQUIRE(chatd::tests::plugin_under_test() != nullptr);
    REQUIRE(host.start(chatd::tests::plugin_under_test()) == "");
    table = host.role<chatd_methods_v1>(CHATD_METHODS_V1);
    REQUIRE(table != nullptr);
    REQUIRE(table->size >= CHATD_SIZE_THROUGH(chatd_methods_v1, call));
    REQUIRE(table->methods != nullptr);
    for (const chatd_method* const* at = table->methods; *at != nullptr; ++at)
      methods.push_back(*at);
    REQUIRE(!methods.empty());
  }
  chatd_status call(chatd_op op, std::string_view method, std::string_view params) const {
    const chatd_call call{
        sizeof call, 0, str(method), str("romeo@one.example"), str("0000000000000007"),
        str(params)};
    return table->call(host.self(), op, &call);
  }

  FakeHost host{chatd::tests::config_under_test()};
  const chatd_methods_v1* table = nullptr;
  std::vector<const chatd_method*> methods;
};

// Objects that fit no method: it refuses them, or takes what it needs.
const std::vector<std::string> kParams = {
    "{}",
    R"({"no such parameter":1})",
    R"({"name":null,"room":[],"text":{"a":{"b":[1,2,3]}}})",
    "{\"text\":\"" + std::string(300'000, 'x') + "\"}",
    R"({"a":"\u0000\ud83c\udf39","a":1e308})",
};

}  // namespace

TEST_CASE("methods have distinct names, a summary and a schema in JSON", "[methods]") {
  Running r;
  std::set<std::string> names;
  for (const chatd_method* method : r.methods) {
    CHECK(method->size >= CHATD_SIZE_THROUGH(chatd_method, params_schema));
    const std::string_view name = method->name;
    CHECK(name.size() >= 1);
    CHECK(name.size() <= 64);
    CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_.") == name.npos);
    CHECK(names.insert(std::string(name)).second);
    CHECK(std::string_view(method->summary) != "");
    CHECK(is_json(method->params_schema));
  }
}

TEST_CASE("every call is answered once, with JSON or a refusal", "[methods]") {
  Running r;
  for (const chatd_method* method : r.methods)
    for (const std::string& params : kParams) {
      INFO(method->name << " " << params.substr(0, 60));
      const Answer answer =
          r.host.ask([&](chatd_op op) { return r.call(op, method->name, params); });
      if (answer.status == CHATD_OK)
        CHECK((answer.detail.empty() || is_json(answer.detail)));
      else
        CHECK((answer.status < 0 && answer.status != CHATD_E_INTERNAL));
    }
  CHECK(r.host.stray_answers() == 0);
  CHECK(r.host.wrong_thread_calls() == 0);
}

TEST_CASE("when no worker is free or the state fails the answer is a refusal", "[methods]") {
  Running r;
  const auto check = [&] {
    for (const chatd_method* method : r.methods) {
      const Answer answer = r.host.ask([&](chatd_op op) { return r.call(op, method->name, "{}"); });
      CHECK(answer.status != CHATD_PENDING);
      CHECK(answer.status != CHATD_E_INTERNAL);
    }
  };

  r.host.refuse_tasks(true);
  check();
  r.host.refuse_tasks(false);
  r.host.state().fail(CHATD_E_UNAVAILABLE);
  check();
}

TEST_CASE("calls that are open when the plugin stops are still answered", "[methods]") {
  Running r;
  std::vector<chatd_op> ops;
  for (int i = 0; i < 20; ++i)
    for (const chatd_method* method : r.methods) {
      const chatd_op op = r.host.open();
      if (r.call(op, method->name, "{}") == CHATD_PENDING) ops.push_back(op);
    }

  r.host.stop();

  for (const chatd_op op : ops) CHECK(r.host.wait_for(op).status != CHATD_PENDING);
}
