#pragma once

#include "daemon/net/address.hpp"
#include "daemon/net/loop.hpp"

#include <ares.h>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chatd::net {

// Asks the DNS (c-ares), as the system's resolv.conf and hosts file say, without a thread and
// without waiting for anything. Owned by who asks; loop only, and not destroyed from within a
// callback.
class Resolver {
 public:
  // A target of a SRV record (RFC 2782).
  struct Service {
    std::string host;
    std::uint16_t port = 0;
  };
  template <class T>
  using Done = std::function<void(Result<std::vector<T>>)>;

  // `name_server`: "127.0.0.1:5353", in place of the system's; empty: those.
  [[nodiscard]] static Result<std::unique_ptr<Resolver>> create(Loop& loop,
                                                                const std::string& name_server);
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  // Who waits is not called back any more.
  ~Resolver();

  // All addresses of a host, or the one that it is already, the best first; each with `port`. Calls
  // back once, within about 10 seconds and never from within.
  void find_addresses(const std::string& host, std::uint16_t port, Done<Address> done);
  // In the order in which to try them; hosts that are no domain names are left out.
  void find_services(const std::string& name, Done<Service> done);

 private:
  struct Watch;
  struct AddressQuery;
  struct ServiceQuery;

  explicit Resolver(Loop& loop);
  void watch(ares_socket_t socket, int events);
  void process(ares_socket_t readable, ares_socket_t writable);
  void set_alarm();
  void finish(std::function<void()> tell);

  // Constant after construction
  Loop& loop_;
  ares_channel channel_ = nullptr;

  // Loop only
  std::map<ares_socket_t, Watch*> watches_;  // each freed by its close callback
  Alarm alarm_;
  std::vector<std::function<void()>> finished_;  // to be told
  Waker waker_;
  bool is_over_ = false;
};

}  // namespace chatd::net
