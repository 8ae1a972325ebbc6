#include "daemon/net/server.hpp"

#include "daemon/base/log.hpp"
#include "daemon/wire/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/resource.h>
#include <utility>

namespace chatd::net {
namespace {

constexpr unsigned kMaxIoThreads = 64;
// Beside connections: the database, plugins, log, peers, event loops.
constexpr rlim_t kOtherDescriptors = 512;
constexpr rlim_t kSaneDescriptors = 1 << 20;

// Gives back for how many connections there are descriptors. libwebsockets sizes its tables by the
// process's limit: too low refuses clients, and "unlimited" would cost gigabytes.
Result<std::size_t> set_descriptor_limit(std::size_t max_connections) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  rlim_t needed = max_connections + kOtherDescriptors;
  if (limit.rlim_max < needed) {
    if (limit.rlim_max <= kOtherDescriptors) {
      return fail(Code::limit_reached, fmt::format("the system allows {} file descriptors, more "
                                                   "than {} are needed (LimitNOFILE= of the "
                                                   "service)",
                                                   limit.rlim_max, kOtherDescriptors));
    }
    const std::size_t possible = limit.rlim_max - kOtherDescriptors;
    log::warning("fewer connections than configured: the system allows too few file descriptors",
                 {{"configured", max_connections},
                  {"possible", possible},
                  {"descriptors", limit.rlim_max},
                  {"needed", needed}});
    max_connections = possible;
    needed = limit.rlim_max;
  }
  limit.rlim_cur = std::clamp(limit.rlim_cur, needed, std::max(needed, kSaneDescriptors));
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    return fail(Code::limit_reached,
                fmt::format("can't set the limit of file descriptors: {}", std::strerror(errno)));
  }
  return max_connections;
}

Status check(const Options& options) {
  if (options.io_threads < 1 || options.io_threads > kMaxIoThreads) {
    return fail(Code::invalid_params, fmt::format("io_threads is {}, but must be 1 to {}",
                                                  options.io_threads, kMaxIoThreads));
  }
  if (options.max_connections >= std::size_t{1} << Sessions<Connection>::kSlotBits) {
    return fail(Code::invalid_params,
                fmt::format("max_connections is {}, which is too many", options.max_connections));
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::create(Options options, Sink& sink, Loop& loop) {
  CHATD_CHECK(check(options));
  CHATD_TRY(options.max_connections, set_descriptor_limit(options.max_connections));
  std::unique_ptr<Server> server(new Server(std::move(options), sink, loop));
  CHATD_CHECK(server->open());
  return server;
}

Server::Server(Options options, Sink& sink, Loop& loop)
    : options_(std::move(options)),
      sink_(sink),
      loop_(loop),
      policy_{.max_live_bytes = wire::kMaxLiveBytes,
              .max_live_packets = wire::kMaxLivePackets,
              .max_bytes = wire::kMaxSendBytes,
              .behind = options_.behind} {}

Server::~Server() {
  for (const auto& loop : loops_) loop->stop();
  for (std::thread& thread : running_) thread.join();
  if (!threads_.empty()) threads_.front()->set_foreign(nullptr);
}

Status Server::open() {
  std::signal(SIGPIPE, SIG_IGN);  // a peer that is gone is an error code, not the end
  if (std::any_of(options_.listen.begin(), options_.listen.end(),
                  [](const Listen& listen) { return listen.is_tls; })) {
    CHATD_TRY(identity_, TlsIdentity::load(options_.tls));
  }
  CHATD_TRY(acceptor_, Acceptor::create(loop_, options_, [this](Arrival&& arrival) {
              threads_[next_thread_++ % threads_.size()]->adopt(std::move(arrival));
            }));
  CHATD_CHECK(open_threads());
  if (!options_.control_socket.empty()) {
    CHATD_TRY(control_, ControlSocket::create(loop_, options_, *threads_.front()));
    threads_.front()->set_foreign(control_.get());
  }
  for (const auto& loop : loops_) running_.emplace_back([&own = *loop] { own.run(); });
  return {};
}

Status Server::open_threads() {
  for (unsigned index = 0; index < options_.io_threads; ++index) {
    Loop* loop = &loop_;
    if (index > 0) {
      CHATD_TRY(auto own, Loop::create());
      loop = loops_.emplace_back(std::move(own)).get();
    }
    CHATD_TRY(auto thread, IoThread::create({.index = index,
                                             .loop = loop,
                                             .options = &options_,
                                             .policy = &policy_,
                                             .sink = &sink_,
                                             .identity = identity_,
                                             .report = [this](const Progress& progress) {
                                               acceptor_->report(progress);
                                             }}));
    threads_.push_back(std::move(thread));
  }
  return {};
}

void Server::start() { acceptor_->start(); }

bool Server::post(unsigned io_thread, std::vector<Outbound>&& batch) {
  return threads_[io_thread]->post(std::move(batch));
}

Status Server::reload_tls(const TlsFiles& files) {
  if (!identity_) return fail(Code::not_found, "nothing listens with TLS");
  CHATD_TRY(identity_, TlsIdentity::load(files));
  for (const auto& thread : threads_) thread->use(identity_);
  return {};
}

const TlsInfo* Server::tls_info() const { return identity_ ? &identity_->info() : nullptr; }

void Server::set_access(const Access& access) {
  acceptor_->set_max_per_address(access.max_per_address);
  for (const auto& thread : threads_) thread->allow(access.allowed_origins);
}

void Server::show(const std::shared_ptr<const StaticFiles>& files) {
  for (const auto& thread : threads_) thread->show(files);
}

void Server::stop_accepting() { acceptor_->stop(); }

void Server::close_all(std::uint16_t code, const std::string& reason) {
  for (const auto& thread : threads_) thread->close_all(code, reason);
}

std::size_t Server::open_connections() const { return acceptor_->counters().connections.read(); }

const Counters& Server::counters(unsigned io_thread) const {
  return threads_[io_thread]->counters();
}

}  // namespace chatd::net
