#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace chatd::tests {

// A name server on a free UDP port of 127.0.0.1 that knows what the test tells it; of other names
// it says that there are none.
class NameServer {
 public:
  struct Service {
    std::uint16_t priority = 0;
    std::uint16_t weight = 0;
    std::uint16_t port = 0;
    std::string target;
  };

  NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  ~NameServer();

  // Before it is asked.
  std::map<std::string, std::vector<std::string>> hosts;  // their IPv4 addresses
  std::map<std::string, std::vector<Service>> services;

  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  void run();
  [[nodiscard]] std::string answer(std::string_view question) const;

  int fd_;
  std::string address_;
  std::atomic<bool> is_over_ = false;
  std::thread thread_;
};

}  // namespace chatd::tests
