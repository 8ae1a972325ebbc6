#include "daemon/net/resolver.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/ids.hpp"

#include <fmt/format.h>
#include <openssl/rand.h>
#include <uv.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace chatd::net {
namespace {

// 1.5 s, then 3 s, for each of the name servers.
constexpr int kFirstTryMs = 1'500;
constexpr int kTries = 2;

Error error_of(int status, const std::string& name) {
  const Code code =
      status == ARES_ENOTFOUND || status == ARES_ENODATA ? Code::not_found : Code::unavailable;
  return {code, fmt::format("DNS: {}: {}", name, ares_strerror(status)), 0};
}

std::vector<Address> addresses_of(const ares_addrinfo& found, std::uint16_t port) {
  std::vector<Address> addresses;
  for (const ares_addrinfo_node* node = found.nodes; node != nullptr; node = node->ai_next) {
    sockaddr_storage native{};
    std::memcpy(&native, node->ai_addr, std::min<std::size_t>(node->ai_addrlen, sizeof native));
    const auto address = Address::parse(Address::from(native).ip(), port);
    if (address) addresses.push_back(*address);
  }
  return addresses;
}

std::string lower(std::string_view name) {
  std::string text(name);
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

// RFC 2782: the lowest priority first; among equals by lot, as their weights are.
std::vector<Resolver::Service> in_order(const ares_srv_reply* replies) {
  std::vector<const ares_srv_reply*> left;
  for (; replies != nullptr; replies = replies->next)
    if (is_server_name(lower(replies->host)) && replies->port != 0) left.push_back(replies);
  std::stable_sort(left.begin(), left.end(), [](const auto* a, const auto* b) {
    return std::pair(a->priority, a->weight) < std::pair(b->priority, b->weight);
  });
  std::vector<Resolver::Service> services;
  while (!left.empty()) {
    const auto end = std::find_if(left.begin(), left.end(), [&](const ares_srv_reply* reply) {
      return reply->priority != left.front()->priority;
    });
    std::uint64_t total = 0;
    std::for_each(left.begin(), end, [&](const ares_srv_reply* reply) { total += reply->weight; });
    std::uint32_t lot = 0;
    RAND_bytes(reinterpret_cast<unsigned char*>(&lot), sizeof lot);
    std::uint64_t rest = lot % (total + 1);
    auto chosen = left.begin();
    for (; rest > (*chosen)->weight; ++chosen) rest -= (*chosen)->weight;
    services.push_back({lower((*chosen)->host), (*chosen)->port});
    left.erase(chosen);
  }
  return services;
}

}  // namespace

// A socket of c-ares that the loop looks at.
struct Resolver::Watch {
  uv_poll_t poll{};
  Resolver* resolver = nullptr;
  ares_socket_t socket = ARES_SOCKET_BAD;
};

struct Resolver::AddressQuery {
  Resolver* resolver;
  std::string host;
  std::uint16_t port;
  Done<Address> done;
};

struct Resolver::ServiceQuery {
  Resolver* resolver;
  std::string name;
  Done<Service> done;
};

Resolver::Resolver(Loop& loop)
    : loop_(loop),
      alarm_(loop, [this] { process(ARES_SOCKET_BAD, ARES_SOCKET_BAD); }),
      waker_(loop, [this] {
        for (const auto& tell : std::exchange(finished_, {})) tell();
      }) {}

Result<std::unique_ptr<Resolver>> Resolver::create(Loop& loop, const std::string& name_server) {
  static const int is_library_ready = ares_library_init(ARES_LIB_INIT_ALL);
  CHATD_ASSERT(is_library_ready == ARES_SUCCESS);
  std::unique_ptr<Resolver> resolver(new Resolver(loop));
  ares_options options{};
  options.timeout = kFirstTryMs;
  options.tries = kTries;
  options.ndomains = 0;  // a server's name is a whole one: nothing is appended to it
  options.sock_state_cb_data = resolver.get();
  options.sock_state_cb = [](void* self, ares_socket_t socket, int readable, int writable) {
    static_cast<Resolver*>(self)->watch(
        socket, (readable != 0 ? UV_READABLE : 0) | (writable != 0 ? UV_WRITABLE : 0));
  };
  int status = ares_init_options(
      &resolver->channel_, &options,
      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_DOMAINS | ARES_OPT_SOCK_STATE_CB);
  if (status == ARES_SUCCESS && !name_server.empty())
    status = ares_set_servers_ports_csv(resolver->channel_, name_server.c_str());
  if (status != ARES_SUCCESS)
    return fail(Code::unavailable, fmt::format("no DNS: {}", ares_strerror(status)));
  return resolver;
}

Resolver::~Resolver() {
  is_over_ = true;
  if (channel_ != nullptr) ares_destroy(channel_);
}

void Resolver::watch(ares_socket_t socket, int events) {
  const auto found = watches_.find(socket);
  if (events == 0) {
    if (found == watches_.end()) return;
    uv_close(reinterpret_cast<uv_handle_t*>(&found->second->poll),
             [](uv_handle_t* handle) { delete static_cast<Watch*>(handle->data); });
    watches_.erase(found);
    return;
  }
  Watch* watch = nullptr;
  if (found == watches_.end()) {
    watch = watches_[socket] = new Watch{{}, this, socket};
    uv_poll_init(loop_.native(), &watch->poll, socket);
    watch->poll.data = watch;
  } else {
    watch = found->second;
  }
  uv_poll_start(&watch->poll, events, [](uv_poll_t* poll, int status, int ready) {
    const auto* const self = static_cast<Watch*>(poll->data);
    const bool failed = status < 0;
    const auto if_ready = [&](int event) {
      return failed || (ready & event) != 0 ? self->socket : ARES_SOCKET_BAD;
    };
    self->resolver->process(if_ready(UV_READABLE), if_ready(UV_WRITABLE));
  });
}

void Resolver::process(ares_socket_t readable, ares_socket_t writable) {
  ares_process_fd(channel_, readable, writable);
  set_alarm();
}

void Resolver::set_alarm() {
  timeval wait{};
  if (ares_timeout(channel_, nullptr, &wait) == nullptr) return alarm_.clear();
  alarm_.set(std::chrono::steady_clock::now() + std::chrono::seconds(wait.tv_sec) +
             std::chrono::microseconds(wait.tv_usec));
}

void Resolver::finish(std::function<void()> tell) {
  finished_.push_back(std::move(tell));
  waker_.wake();
}

void Resolver::find_addresses(const std::string& host, std::uint16_t port, Done<Address> done) {
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  ares_getaddrinfo(
      channel_, host.c_str(), nullptr, &hints,
      [](void* argument, int status, int, ares_addrinfo* found) {
        const std::unique_ptr<AddressQuery> query(static_cast<AddressQuery*>(argument));
        const std::unique_ptr<ares_addrinfo, decltype(&ares_freeaddrinfo)> owned(
            found, &ares_freeaddrinfo);
        if (query->resolver->is_over_) return;
        Result<std::vector<Address>> outcome;
        if (status == ARES_SUCCESS)
          outcome = addresses_of(*found, query->port);
        else
          outcome = fail(error_of(status, query->host));
        query->resolver->finish(
            [done = std::move(query->done), outcome = std::move(outcome)] { done(outcome); });
      },
      new AddressQuery{this, host, port, std::move(done)});
  set_alarm();
}

void Resolver::find_services(const std::string& name, Done<Service> done) {
  constexpr int kInternet = 1;  // class IN
  constexpr int kSrv = 33;
  ares_query(
      channel_, name.c_str(), kInternet, kSrv,
      [](void* argument, int status, int, unsigned char* answer, int size) {
        const std::unique_ptr<ServiceQuery> query(static_cast<ServiceQuery*>(argument));
        if (query->resolver->is_over_) return;
        ares_srv_reply* replies = nullptr;
        if (status == ARES_SUCCESS) status = ares_parse_srv_reply(answer, size, &replies);
        const std::unique_ptr<ares_srv_reply, decltype(&ares_free_data)> owned(replies,
                                                                               &ares_free_data);
        Result<std::vector<Service>> outcome;
        if (status == ARES_SUCCESS)
          outcome = in_order(replies);
        else
          outcome = fail(error_of(status, query->name));
        query->resolver->finish(
            [done = std::move(query->done), outcome = std::move(outcome)] { done(outcome); });
      },
      new ServiceQuery{this, name, std::move(done)});
  set_alarm();
}

}  // namespace chatd::net
