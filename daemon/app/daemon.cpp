#include "daemon/app/daemon.hpp"

#include "daemon/app/from_config.hpp"
#include "daemon/base/encoding.hpp"
#include "daemon/base/log.hpp"
#include "daemon/base/overloaded.hpp"
#include "daemon/host/on_thread.hpp"
#include "daemon/net/subprotocol.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/openrpc.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <algorithm>
#include <csignal>
#include <sstream>
#include <utility>

namespace chatd::app {
namespace {

// Batches of inbound messages that wait for the core from other I/O threads.
constexpr std::size_t kMaxArrived = 1024;
// However busy the loop is, it looks so often: deadlines of plugins, the text of /metrics.
constexpr Millis kTick{100};
// What was accepted has so long to reach the disk, and sessions to end, when the daemon stops.
constexpr Millis kDrainPatience{20'000};
// Once nothing more is to be sent, those who have fallen silent (phones out of range) have so long
// to read it: the next daemon waits for this one.
constexpr Millis kFarewellPatience{2'000};
constexpr Millis kReconnectAfter{1'000};
constexpr Millis kReconnectBefore{10'000};

core::Door door_of(net::Kind kind) {
  switch (kind) {
    case net::Kind::websocket:
      return core::Door::websocket;
    case net::Kind::http:
      return core::Door::http;
    case net::Kind::control:
      return core::Door::control;
  }
  return core::Door::http;
}

std::uint16_t code_of(core::CloseReason reason) {
  switch (reason) {
    case core::CloseReason::logged_out:
      return 4001;
    case core::CloseReason::went_away:
      return 1001;
    case core::CloseReason::login_timeout:
      return 4008;
  }
  return 1000;
}

void mask_reloads(int how) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGHUP);
  pthread_sigmask(how, &signals, nullptr);
}

void log_refusal(const Result<wire::ReloadAnswer>& answer) {
  if (answer) return;
  std::istringstream reasons(answer.error().message);
  for (std::string reason; std::getline(reasons, reason);)
    log::error("the configuration was not reloaded", {{"reason", reason}});
}

}  // namespace

void hold_back_reloads() { mask_reloads(SIG_BLOCK); }

Daemon::Daemon(std::filesystem::path config_file, Setup setup)
    : config_file_(std::move(config_file)),
      config_(std::move(setup.config)),
      web_(std::move(setup.web)),
      started_(clock_.wall_ms()),
      posted_(0, [this] { waker_->wake(); }),
      arrived_(kMaxArrived, [this] { waker_->wake(); }) {}

Daemon::~Daemon() {
  log::set_tap({});
  if (setup_reader_.joinable()) setup_reader_.join();
  if (host_ != nullptr) host_->stop();  // its last answers are for the core
  federation_.reset();
  core_.reset();
  links_.reset();
  server_.reset();
  host_.reset();
  alarm_.reset();
  waker_.reset();
}

Result<std::unique_ptr<Daemon>> Daemon::create(std::filesystem::path config_file, Setup setup) {
  std::unique_ptr<Daemon> daemon(new Daemon(std::move(config_file), std::move(setup)));
  CHATD_CHECK(daemon->open());
  return daemon;
}

Status Daemon::open() {
  std::error_code error;
  std::filesystem::create_directories(config_.server.data_dir, error);
  if (error)
    return fail(Code::internal,
                fmt::format("{}: {}", config_.server.data_dir.string(), error.message()));
  log::set_level(config_.log.level);
  CHATD_TRY(loop_, net::Loop::create());
  waker_ = std::make_unique<net::Waker>(*loop_, [this] { on_wake(); });
  alarm_ = std::make_unique<net::Alarm>(*loop_, [this] { on_alarm(); });
  auto host = host::Host::start(
      host_options(config_),
      [this](std::function<void()> task) { posted_.put_owed(std::move(task)); }, clock_);
  if (!host) {
    std::vector<std::string> all;
    for (const host::Mistake& mistake : host.error()) all.push_back(mistake.message);
    return fail(Code::internal, fmt::format("{}", fmt::join(all, "\n")));
  }
  host_ = *std::move(host);
  outbound_.resize(config_.listen.io_threads);
  decoders_.resize(config_.listen.io_threads);
  net::Options options = net_options(config_);
  add_routes(options);
  options.files = web_;
  CHATD_TRY(server_, net::Server::create(std::move(options), *this, *loop_));
  const core::Ports ports{clock_,        random_,        host_->store(),   *this,
                          host_->auth(), host_->hooks(), host_->methods(), *this};
  core_ = std::make_unique<core::Core>(ports, core_settings(config_));
  CHATD_CHECK(open_federation());
  core_->start(host_->feed(), [this](const Status& status) {
    if (!status) {
      log::error("the store can't be read", {{"reason", status.error().message}});
      outcome_ = status;
      loop_->stop();
      return;
    }
    write_pages();
    server_->start();
    federation_->start();
    for (const net::Address& endpoint : server_->endpoints())
      log::info("listening", {{"address", endpoint.text()}});
    log::info("ready", {{"server", config_.server.name}});
    sd_notify(0, "READY=1");
  });
  return {};
}

void Daemon::add_routes(net::Options& options) {
  options.routes["/healthz"] = {[this] {
                                  const std::string ill =
                                      health_.with([](const std::string& text) { return text; });
                                  if (ill.empty()) return net::HttpReply{200, "text/plain", "ok\n"};
                                  return net::HttpReply{503, "text/plain", ill + "\n"};
                                },
                                false};
  options.routes["/metrics"] = {
      [this] {
        return net::HttpReply{200, "text/plain; version=0.0.4",
                              metrics_text_.with([](const std::string& text) { return text; })};
      },
      false, true};
  write_about();
  options.routes[std::string(wire::ServerInfo::kPath)] = {
      [this] {
        return net::HttpReply{200, "application/json",
                              about_.with([](const std::string& text) { return text; })};
      },
      true};
  std::vector<wire::PluginMethodText> plugin_methods;
  for (const core::PluginMethod& method : host_->methods().methods())
    plugin_methods.push_back({method.name, method.summary, method.params_schema});
  options.routes[wire::ServerEndpoints().openrpc] = {
      [document = wire::openrpc_document(plugin_methods)] {
        return net::HttpReply{200, "application/json", document};
      },
      true};
}

void Daemon::write_about() {
  wire::ServerInfo info = server_info(config_);
  if (!document_.empty()) {
    info.protocols.emplace_back(net::kLinkSubprotocol);
    info.document = base64url(document_);
  }
  about_.with([&](std::string& text) { text = wire::to_json(info); });
}

Status Daemon::run() {
  const host::OnThread on_loop(host::ThreadKind::loop);
  uv_signal_t signals[3];
  const int numbers[3] = {SIGTERM, SIGINT, SIGHUP};
  for (int i = 0; i < 3; ++i) {
    uv_signal_init(loop_->native(), &signals[i]);
    signals[i].data = this;
    uv_signal_start(
        &signals[i],
        [](uv_signal_t* signal, int number) {
          auto* const daemon = static_cast<Daemon*>(signal->data);
          if (number == SIGHUP)
            daemon->reload(&log_refusal);
          else
            daemon->begin_shutdown();
          daemon->turn();
        },
        numbers[i]);
  }
  mask_reloads(SIG_UNBLOCK);
  turn();
  loop_->run();
  for (uv_signal_t& signal : signals) uv_close(reinterpret_cast<uv_handle_t*>(&signal), nullptr);
  loop_->run_once_without_waiting();
  log::info("stopped");
  return outcome_;
}

void Daemon::turn() {
  std::optional<Monotonic> next = core_->end_turn();
  // What federation asked of the core in its own turn is part of this one.
  if (const auto due = federation_->end_turn()) next = std::min(next.value_or(*due), *due);
  if (const auto due = core_->end_turn()) next = std::min(next.value_or(*due), *due);
  links_->end_turn();
  for (unsigned i = 0; i < outbound_.size(); ++i) {
    if (outbound_[i].empty()) continue;
    if (server_->post(i, std::move(outbound_[i]))) outbound_[i].clear();
  }
  if (drain_deadline_) go_on_shutting_down();
  alarm_->set(next ? std::min(*next, next_tick_) : next_tick_);
}

void Daemon::on_alarm() {
  if (core_ == nullptr) return;  // the parts let the loop run once more while they end
  if (const Monotonic now = clock_.now(); now >= next_tick_) {
    next_tick_ = now + kTick;
    host_->tick();
    write_pages();
  }
  turn();
}

void Daemon::write_pages() {
  if (std::string document = federation_->document(); document != document_) {
    document_ = std::move(document);
    write_about();
  }
  metrics_text_.with([this](std::string& text) { text = metrics(); });
  health_.with([this](std::string& text) {
    text = drain_deadline_                             ? "draining"
           : core_->context().committer.is_read_only() ? "the disk takes no writes"
                                                       : "";
  });
}

void Daemon::on_wake() {
  if (core_ == nullptr) return;
  std::vector<std::function<void()>> tasks;
  posted_.take_all(tasks);
  for (const auto& task : tasks) task();
  std::vector<std::vector<Arrival>> batches;
  arrived_.take_all(batches);
  for (auto& batch : batches)
    for (Arrival& arrival : batch) take(std::move(arrival));
  turn();
}

bool Daemon::deliver(unsigned io_thread, std::vector<net::Inbound>&& batch) {
  wire::Decoder& decoder = decoders_[io_thread];
  if (io_thread == 0) {
    for (net::Inbound& inbound : batch) take(decode(decoder, std::move(inbound)));
    turn();
    return true;
  }
  if (arrived_.is_full()) return false;
  std::vector<Arrival> arrivals;
  arrivals.reserve(batch.size());
  for (net::Inbound& inbound : batch) arrivals.push_back(decode(decoder, std::move(inbound)));
  arrived_.put_owed(std::move(arrivals));
  return true;
}

void Daemon::take(Arrival&& arrival) {
  std::visit(
      overloaded{[this](net::Opened&& opened) {
                   // On the control socket the kernel says who it is.
                   std::string who = opened.kind == net::Kind::control
                                         ? fmt::format("uid {}", opened.uid)
                                         : std::move(opened.peer);
                   core_->open(opened.session, door_of(opened.kind), std::move(who),
                               std::move(opened.bearer));
                 },
                 [this](Asked&& asked) { core_->request(asked.session, std::move(asked.request)); },
                 [this](net::Closed&& closed) {
                   log_followers_.erase(closed.session);
                   if (log_followers_.empty()) log::set_tap({});
                   core_->close(closed.session);
                 },
                 [this](net::LinkEvent&& event) { links_->take(std::move(event)); }},
      std::move(arrival));
}

void Daemon::post(SessionId session, net::Outbound message) {
  outbound_[session.io_thread()].push_back(std::move(message));
}
void Daemon::send(SessionId session, wire::Packet packet, wire::Delivery delivery) {
  post(session, net::Send{session, std::move(packet), delivery});
}
void Daemon::close(SessionId session, core::CloseReason reason) {
  post(session, net::Close{session, code_of(reason), {}});
}
void Daemon::resume_live(SessionId session) { post(session, net::ResumeLive{session}); }

void Daemon::begin_shutdown() {
  if (drain_deadline_) return;
  log::info("draining");
  sd_notify(0, "STOPPING=1");
  drain_deadline_ = clock_.now() + kDrainPatience;
  server_->stop_accepting();
  core_->drain(kReconnectAfter, kReconnectBefore);
}

void Daemon::go_on_shutting_down() {
  const bool is_late = clock_.now() >= *drain_deadline_;
  if (!is_closing_ && (core_->is_idle() || is_late)) {
    is_closing_ = true;
    drain_deadline_ = std::min(*drain_deadline_, clock_.now() + kFarewellPatience);
    federation_->shut_down();
    server_->close_all(1001, "the server goes away");
  }
  // The last to leave may have left something to write.
  const bool is_done = server_->open_connections() == 0 && links_->open() == 0 && core_->is_idle();
  if (is_closing_ && (is_done || is_late)) loop_->stop();
}

}  // namespace chatd::app
