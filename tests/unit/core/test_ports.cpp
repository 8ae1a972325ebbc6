#include "tests/unit/core/test_ports.hpp"

#include "daemon/wire/events.hpp"
#include "tests/unit/core/json.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::core {
namespace {

constexpr unsigned kMaxWrong = 3;
constexpr std::uint32_t kThrottleMs = 60'000;
// Small, so that a test fills it.
constexpr std::size_t kLivePackets = 4;
constexpr std::size_t kLiveBytes = 64 * 1024;
constexpr std::size_t kAllBytes = 8 * 1024 * 1024;

}  // namespace

// splitmix64.
void TestRandom::fill(std::span<std::uint8_t> out) {
  for (std::uint8_t& byte : out) {
    state_ += 0x9e3779b97f4a7c15u;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    byte = static_cast<std::uint8_t>(z ^ (z >> 31));
  }
}

bool Later::run() {
  const auto now = std::exchange(waiting_, {});
  for (const auto& answer : now) answer();
  return !now.empty();
}

void TestStore::commit(Batch batch, Done<Status> done) {
  ++commits_;
  waiting_.push_back({std::move(batch), std::move(done)});
  if (!is_held_) later_.add([this] { commit_next(); });
}

void TestStore::release() {
  is_held_ = false;
  for (std::size_t i = 0; i < waiting_.size(); ++i) later_.add([this] { commit_next(); });
}

void TestStore::commit_next() {
  Waiting next = std::move(waiting_.front());
  waiting_.pop_front();
  Status status;
  if (next.batch.epoch <= failed_epoch_) {
    status = fail(Code::unavailable, "built on a commit that failed");
  } else if (failing_ > 0) {
    --failing_;
    failed_epoch_ = next.batch.epoch;
    status = fail(failure_, "told to fail");
  } else {
    status = medium_.commit(next.batch.writes);
  }
  next.done(std::move(status));
}

template <class T>
void TestStore::answer(Done<Result<T>> done, std::function<Result<T>()> look) {
  later_.add([this, done = std::move(done), look = std::move(look)] {
    if (fails_reads_) return done(fail(Code::unavailable, "told to fail"));
    done(look());
  });
}

void TestStore::read(Range range, Done<Result<std::vector<StoredRecord>>> done) {
  answer<std::vector<StoredRecord>>(std::move(done), [this, range] { return medium_.read(range); });
}
void TestStore::head(RoomId room, Done<Result<Seq>> done) {
  answer<Seq>(std::move(done), [this, room] { return medium_.head(room); });
}
void TestStore::get(std::string key, Done<Result<std::optional<std::string>>> done) {
  answer<std::optional<std::string>>(std::move(done), [this, key] { return medium_.get(key); });
}
void TestStore::get_many(std::vector<std::string> keys,
                         Done<Result<std::vector<std::optional<std::string>>>> done) {
  using Values = std::vector<std::optional<std::string>>;
  answer<Values>(std::move(done), [this, keys]() -> Result<Values> {
    Values values;
    for (const std::string& key : keys) {
      CHATD_TRY(values.emplace_back(), medium_.get(key));
    }
    return values;
  });
}
void TestStore::scan(std::string prefix, std::string after, std::size_t limit,
                     Done<Result<std::vector<KeyValue>>> done) {
  answer<std::vector<KeyValue>>(
      std::move(done), [this, prefix, after, limit] { return medium_.scan(prefix, after, limit); });
}

void TestAuth::set_secret(UserId user, Secret secret, Done done) {
  const bool is_short = secret.reveal().size() < 4;
  if (!is_short) secrets_[user] = std::string(secret.reveal());
  later_.add([done = std::move(done), is_short] {
    done(is_short ? fail(Code::invalid_params, "a password has at least 4 characters") : Status());
  });
}

void TestAuth::verify(UserId user, std::string /*network*/, Secret secret, Done done) {
  unsigned& wrong = wrong_[user];
  Status status;
  if (wrong >= kMaxWrong) {
    status = fail(Code::rate_limited, "too many wrong passwords", kThrottleMs);
  } else if (!secrets_.contains(user) || !secret.equals(secrets_[user])) {
    ++wrong;
    status = fail(Code::unauthenticated, "wrong");
  } else {
    wrong = 0;
  }
  later_.add([done = std::move(done), status] { done(status); });
}

void TestAuth::erase(UserId user, Done done) {
  secrets_.erase(user);
  later_.add([done = std::move(done)] { done(Status()); });
}

void TestHooks::answer(Done done, Verdict verdict) {
  auto task = [done = std::move(done), verdict = std::move(verdict)] { done(verdict); };
  if (is_slow) {
    slow_.push_back(std::move(task));
  } else {
    later_.add(std::move(task));
  }
}

void TestHooks::answer_all() {
  for (auto& task : std::exchange(slow_, {})) later_.add(std::move(task));
}

void TestHooks::message_pre_accept(Draft draft, Done done) {
  answer(std::move(done), pre_accept(draft));
}
Verdict TestHooks::room_pre_append(const Draft& draft) {
  return pre_append ? pre_append(draft) : Verdict();
}
void TestHooks::account_pre_register(UserId user, std::string address, Done done) {
  answer(std::move(done), pre_register(user, address));
}
void TestHooks::room_pre_create(UserId founder, std::string name, Done done) {
  answer(std::move(done), pre_create(founder, name));
}
void TestHooks::room_pre_join(RoomId room, UserId user, Done done) {
  answer(std::move(done), pre_join(room, user));
}
void TestHooks::federation_peer_policy(std::string server, std::string address, Done done) {
  answer(std::move(done), peer_policy(server, address));
}
void TestHooks::federation_pre_receive(Draft draft, Done done) {
  answer(std::move(done), pre_receive(draft));
}

void TestMethods::call(std::string_view method, UserId user, DeviceId, std::string params,
                       Done done) {
  Result<std::string> answer = fail(Code::unknown_method, "no plugin has this method");
  if (method == methods_[0].name)
    answer = fmt::format(R"({{"user":"{}","params":{}}})", user.text(), params);
  later_.add([done = std::move(done), answer = std::move(answer)] { done(answer); });
}

void TestAdmin::storage_stats(std::function<void(Result<std::string>)> done) {
  later_.add([done = std::move(done)] { done(std::string(R"({"disk_bytes":42})")); });
}

void TestAdmin::federation(wire::FederationQuestion question,
                           std::function<void(Result<wire::FederationAnswer>)> done) {
  later_.add([question = std::move(question), done = std::move(done)] {
    const auto* const wanted = std::get_if<wire::AdminFederationPause>(&question);
    if (wanted == nullptr) return done(fail(Code::unavailable, "only a pause is known here"));
    wire::FederationPeer peer;
    peer.server = wanted->server;
    peer.link = "paused";
    done(wire::FederationAnswer(std::move(peer)));
  });
}

wire::PluginListAnswer TestAdmin::plugin_list() {
  wire::PluginListAnswer answer;
  answer.plugins.emplace_back().name = "storage_model";
  return answer;
}

TestClients::TestClients()
    : policy_{kLiveBytes, kLivePackets, kAllBytes,
              wire::Packet::text(wire::encode_event(wire::BehindEvent{}))} {}

void TestClients::read_on(SessionId session) {
  Link& link = links_.at(session);
  link.is_reading = true;
  drain(link);
}

void TestClients::drain(Link& link) {
  while (link.is_reading && !link.queue.empty()) {
    const std::string text(link.queue.front().payload());
    link.queue.pop();
    const Json json(text);
    if (json.has("/id")) {
      link.answers[json.at("/id").raw()] = text;
    } else {
      link.events.push_back(text);
    }
  }
}

// As net does: what is sent after the core said close is lost.
void TestClients::send(SessionId session, wire::Packet packet, wire::Delivery delivery) {
  const auto link = links_.find(session);
  if (link == links_.end() || link->second.closed) return;
  static_cast<void>(link->second.queue.push(std::move(packet), delivery));
  drain(link->second);
}

void TestClients::close(SessionId session, CloseReason reason) {
  const auto link = links_.find(session);
  if (link != links_.end() && !link->second.closed) link->second.closed = reason;
}

void TestClients::resume_live(SessionId session) {
  const auto link = links_.find(session);
  if (link != links_.end()) link->second.queue.resume_live();
}

}  // namespace chatd::core
