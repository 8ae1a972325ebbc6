#pragma once

#include "daemon/app/arrival.hpp"
#include "daemon/app/check.hpp"
#include "daemon/app/federation_admin.hpp"
#include "daemon/app/links.hpp"
#include "daemon/base/clock.hpp"
#include "daemon/base/guarded.hpp"
#include "daemon/base/mailbox.hpp"
#include "daemon/base/random.hpp"
#include "daemon/config/config.hpp"
#include "daemon/core/core.hpp"
#include "daemon/host/host.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/server.hpp"
#include "daemon/wire/codec.hpp"
#include "federation/federation.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace chatd::app {

// From now on SIGHUP waits for a daemon that runs, instead of ending the process. Before any thread
// is started.
void hold_back_reloads();

// The whole server: owns the parts and stands between them. The core lives on the loop's thread,
// which is I/O thread 0 too. Made, run and destroyed on one thread.
class Daemon final : private net::Sink, private core::ClientPort, private core::AdminPort {
 public:
  // Loads plugins, opens the store, binds the addresses; each refusal is a sentence.
  [[nodiscard]] static Result<std::unique_ptr<Daemon>> create(std::filesystem::path config_file,
                                                              Setup setup);
  ~Daemon() override;

  // Serves until SIGTERM, SIGINT or chatctl shutdown; then drains. An error, logged already, when
  // the store could not be read at the start.
  [[nodiscard]] Status run();

 private:
  using Reloaded = std::function<void(Result<wire::ReloadAnswer>)>;

  Daemon(std::filesystem::path config_file, Setup setup);
  [[nodiscard]] Status open();
  void add_routes(net::Options& options);
  // federation.cpp
  [[nodiscard]] Status open_federation();

  // One turn: what came in is done; timers, disk, then what goes out.
  void turn();
  void take(Arrival&& arrival);
  void on_wake();
  void on_alarm();
  void begin_shutdown();
  // Off the loop, for all who have asked until now.
  void read_setup();
  [[nodiscard]] Result<wire::ReloadAnswer> apply(const config::Checked<Setup>& next);
  // What others read on any I/O thread.
  void write_about();
  void write_pages();
  void go_on_shutting_down();

  bool deliver(unsigned io_thread, std::vector<net::Inbound>&& batch) override;

  void send(SessionId session, wire::Packet packet, wire::Delivery delivery) override;
  void close(SessionId session, core::CloseReason reason) override;
  void resume_live(SessionId session) override;
  void post(SessionId session, net::Outbound message);

  void fill_status(wire::AdminStatusAnswer& status) override;
  void storage_stats(std::function<void(Result<std::string>)> done) override;
  void shutdown() override { begin_shutdown(); }
  std::string metrics() override;
  std::string config_show() override;
  void reload(Reloaded done) override;
  Result<wire::CertificateInfo> cert_show() override;
  Result<wire::CertificateInfo> cert_reload() override;
  wire::PluginListAnswer plugin_list() override;
  void log_follow(SessionId session) override;
  void federation(wire::FederationQuestion question,
                  std::function<void(Result<wire::FederationAnswer>)> done) override;

  // Constant after construction
  const std::filesystem::path config_file_;

  config::Config config_;
  std::shared_ptr<const net::StaticFiles> web_;  // what is served
  SystemClock clock_;
  SystemRandom random_;
  TimeMs started_ = 0;
  Guarded<std::string> metrics_text_;  // for /metrics, on any I/O thread
  Guarded<std::string> health_;        // empty: well
  Guarded<std::string> about_;         // for /.well-known/chatd

  std::vector<wire::Decoder> decoders_;  // by I/O thread, each used by that alone

  // Any thread puts, the loop takes
  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::Waker> waker_;
  Mailbox<std::function<void()>> posted_;
  Mailbox<std::vector<Arrival>> arrived_;  // from I/O threads 1 and up

  // Loop only
  std::unique_ptr<net::Alarm> alarm_;
  std::unique_ptr<host::Host> host_;
  std::unique_ptr<net::Server> server_;
  std::unique_ptr<core::Core> core_;
  std::unique_ptr<Links> links_;
  std::unique_ptr<federation::Federation> federation_;
  std::optional<FederationAdmin> federation_admin_;
  std::string document_;                              // of this server, as it was published
  std::vector<std::vector<net::Outbound>> outbound_;  // by I/O thread
  std::set<SessionId> log_followers_;
  std::vector<Reloaded> reloads_;  // asked for, and not begun
  std::thread setup_reader_;       // while one is under way
  Monotonic next_tick_;
  std::optional<Monotonic> drain_deadline_;
  bool is_closing_ = false;
  Status outcome_;  // of run()
};

}  // namespace chatd::app
