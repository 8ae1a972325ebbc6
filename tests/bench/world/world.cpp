#include "tests/bench/world/world.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/log.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>

namespace chatd::bench {

core::Settings open_to_all() {
  core::Settings settings;
  settings.server_name = "one.example";
  settings.sign_up = core::SignUp::open;
  for (core::Rate* rate :
       {&settings.messages_per_user, &settings.requests_per_device, &settings.logins_per_address,
        &settings.sign_ups_per_address, &settings.resumes_per_address, &settings.invites_per_user})
    rate->count = 0;
  return settings;
}

World::World(core::StorePort& store, Later& later, core::Settings settings, TimeMs now)
    : later_(later),
      core_({clock_, random_, store, clients_, auth_, hooks_, methods_, admin_},
            std::move(settings)) {
  clock_.time = now;
  log::set_level(log::Level::error);
  core_.start(nullptr, [](const Status& status) { CHATD_ASSERT(status.has_value()); });
  settle();
}

std::string World::sign_up(SessionId session, const std::string& name) {
  core_.open(session, core::Door::websocket, "192.0.2.1", Secret(""));
  const std::string answer =
      ask(session, "account.sign_up",
          R"("name":")" + name + R"(","password":"a rose by any name","device_name":"phone")");
  ask(session, "sync", R"("account_version":0,"rooms":[])");
  return member(answer, "token");
}

void World::resume(SessionId session, const std::string& token) {
  core_.open(session, core::Door::websocket, "192.0.2.1", Secret(""));
  ask(session, "session.resume", R"("token":")" + token + '"');
}

std::string World::ask(SessionId session, std::string_view method, const std::string& params) {
  return std::move(ask_all({{session, method, params}}).front());
}

std::vector<std::string> World::ask_all(const std::vector<Question>& questions) {
  clients_.texts.assign(questions.size(), {});
  for (std::size_t i = 0; i < questions.size(); ++i)
    core_.request(
        questions[i].session,
        decoder_.decode(fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{{{}}}}})",
                                    i, questions[i].method, questions[i].params)));
  settle();
  std::vector<std::string> answers = std::exchange(clients_.texts, {});
  for (const std::string& answer : answers) {
    if (answer.find(R"("result")") != std::string::npos) continue;
    std::fprintf(stderr, "the core answers: %s\n", answer.c_str());
    std::abort();
  }
  return answers;
}

void World::Answers::keep(std::string_view answer) {
  constexpr std::string_view kBefore = R"({"jsonrpc":"2.0","id":)";
  std::size_t id = 0;
  std::from_chars(answer.data() + kBefore.size(), answer.data() + answer.size(), id);
  texts.at(id) = answer;
}

void World::settle() {
  do {
    core_.end_turn();
  } while (later_.run());
}

// splitmix64.
void World::SeededRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    byte = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

void World::AnyPassword::yes(Done done) {
  later_.add([done = std::move(done)] { done(Status()); });
}

// Shakespeare's, with numbers for what people say that is new.
std::string text_of(std::size_t number) {
  constexpr std::string_view kProse =
      "The quality of mercy is not strained; it droppeth as the gentle rain from heaven upon the "
      "place beneath: it is twice blest; it blesseth him that gives and him that takes. Tis "
      "mightiest in the mightiest; it becomes the throned monarch better than his crown; his "
      "sceptre shows the force of temporal power, the attribute to awe and majesty.";
  constexpr std::size_t kBytes = 190;
  return std::to_string(number * 7919) + ' ' +
         std::string(kProse.substr(number * 7 % (kProse.size() - kBytes), kBytes));
}

std::string message_id(std::size_t number) {
  std::array<char, 37> text{};
  std::snprintf(text.data(), text.size(), "019a0000-%04zx-7%03zx-8000-000000000001",
                number >> 12 & 0xffff, number & 0xfff);
  return {text.data()};
}

std::string member(std::string_view json, std::string_view name) {
  const std::string before = '"' + std::string(name) + R"(":")";
  const auto at = json.find(before);
  CHATD_ASSERT(at != std::string_view::npos);
  const auto text = json.substr(at + before.size());
  return std::string(text.substr(0, text.find('"')));
}

}  // namespace chatd::bench
