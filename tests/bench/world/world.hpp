#pragma once

#include "daemon/core/core.hpp"
#include "tests/support/quiet_ports.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace chatd::bench {

// Answers that wait until they are told to go out, as a port must: never from within a call.
class Later {
 public:
  void add(std::function<void()> answer) { waiting_.push_back(std::move(answer)); }
  // Those that wait now; false: there were none.
  bool run() {
    const auto now = std::exchange(waiting_, {});
    for (const auto& answer : now) answer();
    return !now.empty();
  }

 private:
  std::vector<std::function<void()>> waiting_;
};

// No limit is in the way, and everybody may sign up.
[[nodiscard]] core::Settings open_to_all();

// The real core where nothing but it costs anything: the clock stands until it is moved, any
// password is right, what is sent goes nowhere, and `store` answers by way of `later`.
class World {
 public:
  World(core::StorePort& store, Later& later, core::Settings settings, TimeMs now);

  // A new session, and the token of the account that it signed up.
  std::string sign_up(SessionId session, const std::string& name);
  // A new session of an account; live from now on.
  void resume(SessionId session, const std::string& token);

  // Asks, lets all come to its end, and gives the answer, which is no error.
  std::string ask(SessionId session, std::string_view method, const std::string& params);
  // Asks all within one turn; the answers in the order of the questions. None is an error.
  struct Question {
    SessionId session;
    std::string_view method;
    std::string params;
  };
  std::vector<std::string> ask_all(const std::vector<Question>& questions);
  // Asks, in a turn that does not end.
  void request(SessionId session, wire::Decoded&& decoded) {
    core_.request(session, std::move(decoded));
  }
  void end_turn() { core_.end_turn(); }
  // Ends turns until nobody waits for anything.
  void settle();

  void move_clock(Millis by) { clock_.time += by.count(); }
  [[nodiscard]] TimeMs now() { return clock_.time; }

 private:
  class MovableClock final : public Clock {
   public:
    TimeMs time = 0;
    TimeMs wall_ms() override { return time; }
    Monotonic now() override { return Monotonic(Millis(time)); }
  };
  class SeededRandom final : public Random {
    void fill(std::span<std::uint8_t> out) override;
    std::uint64_t state_ = 1;
  };
  class AnyPassword final : public core::AuthPort {
   public:
    explicit AnyPassword(Later& later) : later_(later) {}
    void set_secret(UserId, Secret, Done done) override { yes(std::move(done)); }
    void verify(UserId, std::string, Secret, Done done) override { yes(std::move(done)); }
    void erase(UserId, Done done) override { yes(std::move(done)); }

   private:
    void yes(Done done);
    Later& later_;
  };
  class Answers final : public core::ClientPort {
   public:
    std::vector<std::string> texts;  // by request id; what was not asked here is not kept
    void send(SessionId, wire::Packet packet, wire::Delivery delivery) override {
      if (delivery == wire::Delivery::reply && !texts.empty()) keep(packet.payload());
    }
    void close(SessionId, core::CloseReason) override {}
    void resume_live(SessionId) override {}

   private:
    void keep(std::string_view answer);
  };

  Later& later_;
  MovableClock clock_;
  SeededRandom random_;
  Answers clients_;
  AnyPassword auth_{later_};
  support::NoHooks hooks_;
  support::NoMethods methods_;
  support::NoAdmin admin_;
  wire::Decoder decoder_;
  core::Core core_;
};

// About 200 bytes that somebody said.
[[nodiscard]] std::string text_of(std::size_t number);
// A UUIDv7, larger for each number.
[[nodiscard]] std::string message_id(std::size_t number);

// The text of the first member with this name, which is a string.
[[nodiscard]] std::string member(std::string_view json, std::string_view name);

}  // namespace chatd::bench
