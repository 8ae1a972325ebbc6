#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/random.hpp"
#include "daemon/core/ports/admin.hpp"
#include "daemon/core/ports/auth.hpp"
#include "daemon/core/ports/clients.hpp"
#include "daemon/core/ports/plugins.hpp"
#include "daemon/core/ports/store.hpp"
#include "daemon/wire/packet.hpp"
#include "daemon/wire/send_queue.hpp"
#include "tests/sim/store_model.hpp"

#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

// What the core lives in while it is tested: nothing happens by itself, the test moves all.
namespace chatd::core {

class TestClock final : public Clock {
 public:
  TimeMs wall_ms() override { return wall_; }
  Monotonic now() override { return now_; }
  void set_back(Millis by) { wall_ -= by.count(); }
  void pass(Millis by) {
    now_ += by;
    wall_ += by.count();
  }

 private:
  TimeMs wall_ = 1'800'000'000'000;
  Monotonic now_{Millis(1'000'000)};
};

class TestRandom final : public Random {
 public:
  void fill(std::span<std::uint8_t> out) override;

 private:
  std::uint64_t state_ = 1;
};

// Answers of ports, which come later and in order.
class Later {
 public:
  void add(std::function<void()> answer) { waiting_.push_back(std::move(answer)); }
  // Those that wait now; whether there were any.
  bool run();
  void clear() { waiting_.clear(); }

 private:
  std::deque<std::function<void()>> waiting_;
};

// The store's model in memory, which can be told to be slow or to fail.
class TestStore final : public StorePort {
 public:
  TestStore(sim::ModelMedium& medium, Later& later) : medium_(medium), later_(later) {}

  void commit(Batch batch, Done<Status> done) override;
  void read(Range range, Done<Result<std::vector<StoredRecord>>> done) override;
  void head(RoomId room, Done<Result<Seq>> done) override;
  void get(std::string key, Done<Result<std::optional<std::string>>> done) override;
  void get_many(std::vector<std::string> keys,
                Done<Result<std::vector<std::optional<std::string>>>> done) override;
  void scan(std::string prefix, std::string after, std::size_t limit,
            Done<Result<std::vector<KeyValue>>> done) override;

  // No commit is answered until release().
  void hold() { is_held_ = true; }
  void release();
  // So many of the next commits fail; the batches built on one that failed do, too.
  void fail_commits(unsigned count, Code code) {
    failing_ = count;
    failure_ = code;
  }
  void fail_reads(bool is_failing) { fails_reads_ = is_failing; }
  [[nodiscard]] unsigned commits() const { return commits_; }

 private:
  struct Waiting {
    Batch batch;
    Done<Status> done;
  };
  void commit_next();
  template <class T>
  void answer(Done<Result<T>> done, std::function<Result<T>()> look);

  sim::ModelMedium& medium_;
  Later& later_;
  std::deque<Waiting> waiting_;
  std::uint64_t failed_epoch_ = 0;
  bool is_held_ = false;
  unsigned failing_ = 0;
  Code failure_ = Code::internal;
  bool fails_reads_ = false;
  unsigned commits_ = 0;
};

// Keeps passwords as they are. Three wrong ones in a row, and it refuses for a minute.
class TestAuth final : public AuthPort {
 public:
  explicit TestAuth(Later& later) : later_(later) {}
  void set_secret(UserId user, Secret secret, Done done) override;
  void verify(UserId user, std::string network, Secret secret, Done done) override;
  void erase(UserId user, Done done) override;

 private:
  Later& later_;
  std::map<UserId, std::string> secrets_;
  std::map<UserId, unsigned> wrong_;
};

// A plugin with all hooks; those that are empty it does not have.
class TestHooks final : public HookPort {
 public:
  std::function<Verdict(const Draft&)> pre_accept;
  std::function<Verdict(const Draft&)> pre_append;
  std::function<Verdict(const UserId&, const std::string& address)> pre_register;
  std::function<Verdict(const UserId&, const std::string& name)> pre_create;
  std::function<Verdict(const RoomId&, const UserId&)> pre_join;
  std::function<Verdict(const std::string& server, const std::string& address)> peer_policy;
  std::function<Verdict(const Draft&)> pre_receive;
  // While it is slow its answers wait for answer_all().
  bool is_slow = false;
  void answer_all();
  [[nodiscard]] std::size_t asked() const { return slow_.size(); }

  explicit TestHooks(Later& later) : later_(later) {}
  [[nodiscard]] bool wants_message_pre_accept() const override { return bool{pre_accept}; }
  void message_pre_accept(Draft draft, Done done) override;
  [[nodiscard]] Verdict room_pre_append(const Draft& draft) override;
  [[nodiscard]] bool wants_account_pre_register() const override { return bool{pre_register}; }
  void account_pre_register(UserId user, std::string address, Done done) override;
  [[nodiscard]] bool wants_room_pre_create() const override { return bool{pre_create}; }
  void room_pre_create(UserId founder, std::string name, Done done) override;
  [[nodiscard]] bool wants_room_pre_join() const override { return bool{pre_join}; }
  void room_pre_join(RoomId room, UserId user, Done done) override;
  [[nodiscard]] bool wants_federation_peer_policy() const override { return bool{peer_policy}; }
  void federation_peer_policy(std::string server, std::string address, Done done) override;
  [[nodiscard]] bool wants_federation_pre_receive() const override { return bool{pre_receive}; }
  void federation_pre_receive(Draft draft, Done done) override;

 private:
  void answer(Done done, Verdict verdict);
  Later& later_;
  std::vector<std::function<void()>> slow_;
};

// A plugin with the method x.echo.say, which gives back who calls and with what.
class TestMethods final : public MethodPort {
 public:
  explicit TestMethods(Later& later) : later_(later) {}
  [[nodiscard]] const std::vector<PluginMethod>& methods() const override { return methods_; }
  void call(std::string_view method, UserId user, DeviceId device, std::string params,
            Done done) override;

 private:
  Later& later_;
  const std::vector<PluginMethod> methods_{{"x.echo.say", "Gives it back.", "{}"}};
};

// The process, as the admin sees it.
class TestAdmin final : public AdminPort {
 public:
  explicit TestAdmin(Later& later) : later_(later) {}
  bool is_shut_down = false;
  SessionId follower;

  void fill_status(wire::AdminStatusAnswer& status) override { status.version = "1.2.3"; }
  void storage_stats(std::function<void(Result<std::string>)> done) override;
  void shutdown() override { is_shut_down = true; }
  [[nodiscard]] std::string metrics() override { return "up 1"; }
  [[nodiscard]] std::string config_show() override { return "[server]"; }
  void reload(std::function<void(Result<wire::ReloadAnswer>)> done) override { done(bad_file()); }
  [[nodiscard]] Result<wire::CertificateInfo> cert_show() override { return none(); }
  [[nodiscard]] Result<wire::CertificateInfo> cert_reload() override { return none(); }
  [[nodiscard]] wire::PluginListAnswer plugin_list() override;
  void log_follow(SessionId session) override { follower = session; }
  void federation(wire::FederationQuestion question,
                  std::function<void(Result<wire::FederationAnswer>)> done) override;

 private:
  static tl::unexpected<Error> bad_file() { return fail(Code::conflict, "line 3 is wrong"); }
  static tl::unexpected<Error> none() { return fail(Code::not_found, "there is no certificate"); }
  Later& later_;
};

// The connections. What one that does not read was sent waits in the same queue as in the daemon.
class TestClients final : public ClientPort {
 public:
  struct Link {
    explicit Link(wire::SendQueue empty) : queue(std::move(empty)) {}
    wire::SendQueue queue;
    bool is_reading = true;
    std::optional<CloseReason> closed;
    std::map<std::string, std::string> answers;  // by the request's id
    std::vector<std::string> events;
  };

  TestClients();
  Link& open(SessionId session) { return links_.try_emplace(session, queue()).first->second; }
  [[nodiscard]] Link& link(SessionId session) { return links_.at(session); }
  // Reads what waits, and from now on at once.
  void read_on(SessionId session);

  void send(SessionId session, wire::Packet packet, wire::Delivery delivery) override;
  void close(SessionId session, CloseReason reason) override;
  void resume_live(SessionId session) override;

 private:
  [[nodiscard]] wire::SendQueue queue() const { return wire::SendQueue(policy_); }
  void drain(Link& link);
  const wire::SendQueue::Policy policy_;
  std::map<SessionId, Link> links_;
};

}  // namespace chatd::core
