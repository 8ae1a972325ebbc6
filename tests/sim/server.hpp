#pragma once

#include "daemon/core/core.hpp"
#include "tests/sim/disk.hpp"
#include "tests/sim/fault.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/world.hpp"

#include <map>
#include <memory>
#include <string>

namespace chatd::sim {

// What may wait for one connection; less than the daemon's, so that slow readers fall behind.
inline constexpr std::size_t kMaxLiveBytes = 8 * 1024;
inline constexpr std::size_t kMaxLivePackets = 32;
inline constexpr std::size_t kMaxQueuedBytes = 1024 * 1024;

// Passwords that survive crashes: what a plugin keeps in its own state.
class Passwords final : public core::AuthPort {
 public:
  Passwords(World& world, Process& process) : world_(world), process_(process) {}
  void set_secret(UserId user, Secret secret, Done done) override;
  void verify(UserId user, std::string network, Secret secret, Done done) override;
  void erase(UserId user, Done done) override;

 private:
  void answer(Done done, Status status);
  World& world_;
  Process& process_;
  std::map<UserId, std::string> secrets_;
};

// The other end of a connection, as the server's side of the network sees it.
class Peer {
 public:
  Peer() = default;
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;
  virtual ~Peer() = default;
  virtual void on_frame(std::string_view payload) = 0;
  virtual void on_closed() = 0;
};

// What else lives in the server's process, from each of its starts to the crash.
class Tenant {
 public:
  Tenant() = default;
  Tenant(const Tenant&) = delete;
  Tenant& operator=(const Tenant&) = delete;
  virtual ~Tenant() = default;
  // Before the core starts; both live until end().
  virtual void begin(core::Core& core, Process& process) = 0;
  virtual void core_started() = 0;
  // After the core's. Answers when it wants to be called again at the latest.
  virtual std::optional<Monotonic> end_turn() = 0;
  virtual void end() = 0;
};

struct ServerOptions {
  std::string name = "sim.example";
  Fault fault = Fault::none;
  bool has_plugin = false;
  Clock* clock = nullptr;    // none: the world's
  Tenant* tenant = nullptr;  // none: nobody; outlives the server
};

// One server: the real core on a simulated disk and network. Crashes and comes back with what is on
// the medium.
class Server final : public core::ClientPort {
 public:
  Server(World& world, Medium& medium, ServerOptions options);
  ~Server() override;

  // A connection; 0 while the server is down. The peer outlives it or disconnects first.
  [[nodiscard]] SessionId connect(Peer& peer, core::Door door);
  // The peer's bytes, after the link's delay; lost when the connection ends meanwhile.
  void receive(SessionId session, std::string frame);
  // What the server sends to this peer is lost from now on; the other way still works.
  void mute(SessionId session);
  // The peer is gone; the server learns of it after a while.
  void disconnect(SessionId session);
  // How fast the peer reads: bytes per millisecond.
  void throttle(SessionId session, std::size_t bytes_per_ms);

  // Down, until it is started. Fails when the medium can't be opened again.
  [[nodiscard]] Status crash();
  void start();
  [[nodiscard]] bool is_up() const { return core_ != nullptr; }
  [[nodiscard]] const std::string& name() const { return options_.name; }
  [[nodiscard]] Disk& disk() { return *disk_; }
  [[nodiscard]] core::Core& core() { return *core_; }

  // The most that ever waited for one connection, in bytes, and for the disk, in writes; how often
  // a reader fell behind.
  [[nodiscard]] std::size_t most_queued() const { return most_queued_; }
  [[nodiscard]] unsigned times_behind() const { return times_behind_; }
  [[nodiscard]] std::size_t most_pending() const { return most_pending_; }

  void send(SessionId session, wire::Packet packet, wire::Delivery delivery) override;
  void close(SessionId session, core::CloseReason reason) override;
  void resume_live(SessionId session) override;

 private:
  struct Link {
    Peer* peer = nullptr;
    wire::SendQueue queue;
    std::size_t bytes_per_ms = 1000;
    bool is_draining = false;  // a drain event is under way
    bool closes = false;       // once the queue is empty
  };
  std::optional<Monotonic> turn();
  void drain(SessionId session);
  void end_link(SessionId session);

  World& world_;
  Medium& medium_;
  const ServerOptions options_;
  Process process_;
  Passwords passwords_;
  std::unique_ptr<core::HookPort> hooks_;
  std::unique_ptr<core::MethodPort> methods_;
  std::unique_ptr<core::AdminPort> admin_;
  wire::SendQueue::Policy policy_;
  wire::Decoder decoder_;

  std::unique_ptr<Disk> disk_;
  std::unique_ptr<core::Core> core_;
  std::map<SessionId, Link> links_;
  std::uint64_t sessions_ = 0;
  std::size_t most_queued_ = 0;
  std::size_t most_pending_ = 0;
  unsigned times_behind_ = 0;
};

}  // namespace chatd::sim
