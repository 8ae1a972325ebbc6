#pragma once

#include "daemon/core/core.hpp"
#include "tests/sim/store_model.hpp"
#include "tests/support/quiet_ports.hpp"

#include <deque>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

// Alice and Bob in a room of two, on the real core in a world that costs nothing: the clock stands,
// the store is memory and answers when it is told to, and what is sent goes nowhere.
class Talkers {
 public:
  Talkers();

  [[nodiscard]] const std::string& room() const { return room_; }
  // Alice asks, in a turn that does not end.
  void request(wire::Decoded decoded) { core_.request(alice_, std::move(decoded)); }
  // The turn ends: what it wrote goes to the store.
  void end_turn() { core_.end_turn(); }
  // The store answers all that it was given, and the turn of that ends.
  void answer_commits();

 private:
  class StandingClock final : public Clock {
    TimeMs wall_ms() override { return 1'800'000'000'000; }
    Monotonic now() override { return Monotonic(Millis(1'000'000)); }
  };
  class SeededRandom final : public Random {
    void fill(std::span<std::uint8_t> out) override;
    std::uint64_t state_ = 1;
  };
  // Answers when it is told to, as a port must: never from within a call.
  class Later {
   public:
    void add(std::function<void()> answer) { waiting_.push_back(std::move(answer)); }
    bool run();

   private:
    std::vector<std::function<void()>> waiting_;
  };
  class MemoryStore final : public core::StorePort {
   public:
    explicit MemoryStore(Later& later) : later_(later) {}
    // From now on takes what it is given and keeps nothing: its own cost is not the core's.
    void stop_keeping() { is_keeping_ = false; }
    void commit(core::Batch batch, Done<Status> done) override;
    void read(core::Range range, Done<Result<std::vector<core::StoredRecord>>> done) override;
    void head(RoomId room, Done<Result<Seq>> done) override;
    void get(std::string key, Done<Result<std::optional<std::string>>> done) override;
    void get_many(std::vector<std::string> keys,
                  Done<Result<std::vector<std::optional<std::string>>>> done) override;
    void scan(std::string prefix, std::string after, std::size_t limit,
              Done<Result<std::vector<core::KeyValue>>> done) override;

   private:
    template <class T>
    void answer(Done<T> done, T value);
    Later& later_;
    sim::ModelMedium medium_;
    bool is_keeping_ = true;
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
  class LastAnswer final : public core::ClientPort {
   public:
    wire::Packet last;
    void send(SessionId, wire::Packet packet, wire::Delivery delivery) override {
      if (delivery == wire::Delivery::reply) last = std::move(packet);
    }
    void close(SessionId, core::CloseReason) override {}
    void resume_live(SessionId) override {}
  };

  // Asks, lets all come to its end, and gives the answer.
  std::string ask(SessionId session, std::string_view method, const std::string& params);
  void enter(SessionId session, const std::string& name);

  const SessionId alice_{0, 1};
  const SessionId bob_{0, 2};
  StandingClock clock_;
  SeededRandom random_;
  Later later_;
  MemoryStore store_{later_};
  LastAnswer clients_;
  AnyPassword auth_{later_};
  support::NoHooks hooks_;
  support::NoMethods methods_;
  support::NoAdmin admin_;
  wire::Decoder decoder_;
  core::Core core_;
  std::string room_;
};

}  // namespace chatd::bench
