// What every plugin that serves chatd.hooks.v1 must do, whatever it is for.
#include "tests/support/plugin_file.hpp"
#include <chatd/hooks.h>
#include <chatd/testing/fake_host.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace {

using chatd::testing::Answer;
using chatd::testing::FakeHost;

chatd_str str(std::string_view text) { return {text.data(), text.size()}; }

struct Running {
  Running() {
    REQUIRE(chatd::tests::plugin_under_test() != nullptr);
    REQUIRE(host.start(chatd::tests::plugin_under_test()) == "");
    hooks = host.role<chatd_hooks_v1>(CHATD_HOOKS_V1);
    REQUIRE(hooks != nullptr);
    REQUIRE(hooks->size >= CHATD_SIZE_THROUGH(chatd_hooks_v1, room_pre_join));
  }

  FakeHost host{chatd::tests::config_under_test()};
  const chatd_hooks_v1* hooks = nullptr;
};

chatd_draft draft(std::string_view kind, std::string_view content, std::string_view text) {
  chatd_draft draft{};
  draft.size = sizeof draft;
  draft.room = str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
  draft.kind = str(kind);
  draft.sender = str("romeo@one.example");
  draft.origin = str("one.example");
  draft.device = str("0000000000000007");
  draft.client_msg_id = str("018f0000-0000-7000-8000-000000000001");
  draft.content = str(content);
  draft.text = str(text);
  draft.target = 1;
  return draft;
}

// Drafts of every kind and of kinds yet unknown, with and without text, small and large.
std::vector<chatd_draft> drafts() {
  static const std::string large(400'000, 'x');
  static const std::string large_content = "{\"text\":\"" + large + "\"}";
  return {draft("message", R"({"text":"hello"})", "hello"),
          draft("message", R"({"ciphertext":"AAAA"})", ""),
          draft("message", large_content, large),
          draft("message", R"({"text":"\u0000"})", std::string_view("\0", 1)),
          draft("edit", R"({"text":"hello"})", "hello"),
          draft("redact", "{}", ""),
          draft("reaction", R"({"emoji":"x"})", ""),
          draft("member", R"({"user":"juliet@one.example"})", ""),
          draft("meta", R"({"name":"Verona"})", ""),
          draft("create", "{}", ""),
          draft("of tomorrow", "", "")};
}

bool is_verdict(const Answer& answer) {
  switch (answer.status) {
    case CHATD_PASS:
    case CHATD_ALLOW:
    case CHATD_DROP:
      return true;
    case CHATD_REPLACE:
      return !answer.detail.empty();
    default:
      return answer.status < 0 && answer.status != CHATD_E_INTERNAL;
  }
}

}  // namespace

TEST_CASE("every draft gets one verdict", "[hooks]") {
  Running r;
  if (r.hooks->message_pre_accept == nullptr) return;
  for (const chatd_draft& one : drafts()) {
    const Answer answer = r.host.ask(
        [&](chatd_op op) { return r.hooks->message_pre_accept(r.host.self(), op, &one); });
    CHECK(is_verdict(answer));
  }
  CHECK(r.host.stray_answers() == 0);
}

TEST_CASE("what is asked without content: accounts, rooms, joins and servers", "[hooks]") {
  Running r;
  const chatd_registration who{sizeof who, 0, str("romeo@one.example"), str("192.0.2.1")};
  const chatd_new_room room{sizeof room, 0, str("romeo@one.example"), str("Verona")};
  const chatd_join join{sizeof join, 0, str("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"),
                        str("juliet@one.example")};
  const auto check = [&](auto slot, const auto* what) {
    if (slot == nullptr) return;
    const Answer answer = r.host.ask([&](chatd_op op) { return slot(r.host.self(), op, what); });
    CHECK(is_verdict(answer));
    CHECK(answer.status != CHATD_DROP);
    CHECK(answer.status != CHATD_REPLACE);
  };
  check(r.hooks->account_pre_register, &who);
  check(r.hooks->room_pre_create, &room);
  check(r.hooks->room_pre_join, &join);
  if (r.hooks->size < CHATD_SIZE_THROUGH(chatd_hooks_v1, federation_pre_receive)) return;
  for (const std::uint32_t is_dialled : {0u, 1u}) {
    const chatd_peer peer{sizeof peer, is_dialled, str("two.example"),
                          str(is_dialled == 1 ? "" : "192.0.2.1")};
    check(r.hooks->federation_peer_policy, &peer);
  }
  for (const chatd_draft& one : drafts()) check(r.hooks->federation_pre_receive, &one);
}

TEST_CASE("the last word is spoken at once", "[hooks]") {
  Running r;
  if (r.hooks->room_pre_append == nullptr) return;
  for (const chatd_draft& one : drafts()) {
    chatd_str reason{};
    const chatd_status status = r.hooks->room_pre_append(r.host.self(), &one, &reason);
    CHECK((status == CHATD_PASS || (status < 0 && status != CHATD_E_INTERNAL)));
    CHECK((reason.size == 0 || reason.data != nullptr));
  }
}

TEST_CASE("the loop is not held up", "[hooks]") {
  Running r;
  if (r.hooks->message_pre_accept == nullptr) return;
  const chatd_draft one = draft("message", R"({"text":"hello"})", "hello");
  auto best = std::chrono::steady_clock::duration::max();
  for (int i = 0; i < 20; ++i) {
    const chatd_op op = r.host.open();
    const auto begin = std::chrono::steady_clock::now();
    const chatd_status status = r.hooks->message_pre_accept(r.host.self(), op, &one);
    best = std::min(best, std::chrono::steady_clock::now() - begin);
    if (status == CHATD_PENDING) CHECK(r.host.wait_for(op).status != CHATD_PENDING);
  }
  CHECK(best < std::chrono::milliseconds(1));
}

TEST_CASE("nothing is kept of a draft that is gone", "[hooks]") {
  Running r;
  if (r.hooks->message_pre_accept == nullptr) return;
  std::vector<chatd_op> ops;
  for (int i = 0; i < 100; ++i) {
    // Freed as soon as the call returns: the address sanitizer sees who looks again.
    const auto content = std::make_unique<std::string>(R"({"text":"a text that is long"})");
    const auto text = std::make_unique<std::string>("a text that is long enough for the heap");
    const chatd_draft one = draft("message", *content, *text);
    const chatd_op op = r.host.open();
    if (r.hooks->message_pre_accept(r.host.self(), op, &one) == CHATD_PENDING) ops.push_back(op);
  }
  for (const chatd_op op : ops) CHECK(is_verdict(r.host.wait_for(op)));
}

TEST_CASE("questions that are open when the plugin stops are still answered", "[hooks]") {
  Running r;
  if (r.hooks->message_pre_accept == nullptr) return;
  const chatd_draft one = draft("message", R"({"text":"hello"})", "hello");
  std::vector<chatd_op> ops;
  for (int i = 0; i < 10; ++i) {
    const chatd_op op = r.host.open();
    if (r.hooks->message_pre_accept(r.host.self(), op, &one) == CHATD_PENDING) ops.push_back(op);
  }

  r.host.stop();

  for (const chatd_op op : ops) CHECK(r.host.wait_for(op).status != CHATD_PENDING);
  CHECK(r.host.wrong_thread_calls() == 0);
}
