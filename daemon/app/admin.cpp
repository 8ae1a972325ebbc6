// What the admin asks the daemon as a whole, through the core.
#include "daemon/app/check.hpp"
#include "daemon/app/daemon.hpp"
#include "daemon/app/from_config.hpp"
#include "daemon/app/metrics.hpp"
#include "daemon/base/log.hpp"
#include "daemon/config/change.hpp"
#include "daemon/config/describe.hpp"
#include "daemon/core/fanout.hpp"

#include <fmt/format.h>
#include <systemd/sd-daemon.h>

#include <chrono>
#include <utility>

namespace chatd::app {
namespace {

wire::CertificateInfo certificate(const net::TlsInfo& info) {
  return {info.subject, info.names, info.not_before_ms, info.not_after_ms, info.fingerprint};
}

}  // namespace

void Daemon::fill_status(wire::AdminStatusAnswer& status) {
  status.version = CHATD_VERSION;
  status.started = started_;
  status.connections = server_->open_connections();
}

void Daemon::storage_stats(std::function<void(Result<std::string>)> done) {
  host_->storage_stats([done = std::move(done)](const auto& stats) {
    if (!stats) return done(fail(stats.error()));
    std::string json = "{";
    for (const auto& [name, value] : *stats)
      json += fmt::format("{}\"{}\":{}", json.size() > 1 ? "," : "", name, value);
    done(json + "}");
  });
}

std::string Daemon::metrics() {
  return app::metrics(core_->context(), *host_, *server_, *federation_, *links_);
}
std::string Daemon::config_show() {
  return config::effective(config_, [this](std::string_view plugin, std::string_view key) {
    return host_->may_show(plugin, key);
  });
}

void Daemon::reload(Reloaded done) {
  if (drain_deadline_) return done(fail(Code::unavailable, "the server is about to stop"));
  reloads_.push_back(std::move(done));
  if (!setup_reader_.joinable()) read_setup();
}

void Daemon::read_setup() {
  const auto now =
      std::chrono::duration_cast<std::chrono::microseconds>(clock_.now().time_since_epoch());
  sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", static_cast<long long>(now.count()));
  setup_reader_ = std::thread([this, asked = std::exchange(reloads_, {})]() mutable {
    posted_.put_owed([this, asked = std::move(asked), setup = check(config_file_)] {
      setup_reader_.join();
      const auto answer = apply(setup);
      if (!drain_deadline_) sd_notify(0, "READY=1");
      for (const Reloaded& done : asked) done(answer);
      // They may have changed a file while it was read.
      if (!reloads_.empty()) read_setup();
    });
  });
}

Result<wire::ReloadAnswer> Daemon::apply(const config::Checked<Setup>& next) {
  if (drain_deadline_) return fail(Code::unavailable, "the server is about to stop");
  if (!next) {
    std::vector<std::string> all;
    for (const config::Mistake& mistake : next.error()) all.push_back(mistake.text());
    return fail(Code::conflict, fmt::format("{}", fmt::join(all, "\n")));
  }
  const config::Config& wanted = next->config;
  wire::ReloadAnswer answer;
  for (const config::Change& change : config::changes(config_, wanted))
    (change.is_live ? answer.changed : answer.needs_restart).push_back(change.text);
  if (server_->tls_info() != nullptr)
    CHATD_CHECK(server_->reload_tls({wanted.tls.certificate.string(), wanted.tls.key.string()}));
  config_ = config::after_reload(config_, wanted);
  web_ = net::StaticFiles::successor(web_, next->web);
  server_->set_access(access(config_));
  server_->show(web_);
  federation_admin_->apply(config_);
  write_about();
  core_->apply(core_settings(config_));
  log::set_level(config_.log.level);
  log::info("configuration reloaded",
            {{"changed", fmt::format("{}", fmt::join(answer.changed, ", "))},
             {"waits_for_restart", fmt::format("{}", fmt::join(answer.needs_restart, ", "))}});
  return answer;
}

Result<wire::CertificateInfo> Daemon::cert_show() {
  const net::TlsInfo* const info = server_->tls_info();
  if (info == nullptr) return fail(Code::not_found, "nothing listens with TLS");
  return certificate(*info);
}

Result<wire::CertificateInfo> Daemon::cert_reload() {
  CHATD_CHECK(server_->reload_tls({config_.tls.certificate.string(), config_.tls.key.string()}));
  return cert_show();
}

wire::PluginListAnswer Daemon::plugin_list() {
  wire::PluginListAnswer answer;
  for (host::PluginStatus& plugin : host_->plugins()) {
    wire::PluginInfo info;
    info.name = std::move(plugin.name);
    info.version = std::move(plugin.version);
    info.summary = std::move(plugin.summary);
    info.file = std::move(plugin.file);
    info.state = "loaded";
    info.roles = std::move(plugin.roles);
    for (const core::PluginMethod& method : host_->methods().methods())
      if (method.name.starts_with(fmt::format("x.{}.", info.name)))
        info.methods.push_back(method.name);
    info.config_schema = std::move(plugin.config_schema);
    info.numbers = {plugin.calls,         plugin.microseconds, plugin.over_budget, plugin.timeouts,
                    plugin.stray_answers, plugin.failures,     plugin.log_lag};
    answer.plugins.push_back(std::move(info));
  }
  return answer;
}

void Daemon::log_follow(SessionId session) {
  log_followers_.insert(session);
  log::set_tap([this](TimeMs time, log::Level level, std::string_view line) {
    // Any thread may log: the line goes to the loop.
    static constexpr std::string_view kNames[] = {"debug", "info", "warning", "error"};
    wire::LogEvent event{time, std::string(kNames[static_cast<int>(level)]), std::string(line)};
    posted_.put_owed([this, event = std::move(event)] {
      const auto packet = core::event_packet(event);
      for (const SessionId follower : log_followers_) send(follower, packet, wire::Delivery::live);
    });
  });
}

}  // namespace chatd::app
