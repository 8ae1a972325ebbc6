#pragma once

#include "daemon/net/server.hpp"
#include "tests/support/temp_folder.hpp"
#include "tests/support/test_cert.hpp"
#include "tests/support/ws_client.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace chatd::tests {

// What a session was told to be, without what can't be copied.
struct Guest {
  SessionId session;
  net::Kind kind = net::Kind::websocket;
  std::string peer;
  std::string bearer;
  uid_t uid = 0;
};

// A real server on free ports of 127.0.0.1 with a thread for its loop, and in place of the core
// something that answers as the test wants: at first, each text with itself.
class TestServer final : private net::Sink {
 public:
  using OnText = std::function<void(SessionId, const std::string&)>;

  // Without `listen` in the options: TLS. A certificate is made when none is named.
  explicit TestServer(net::Options options = {}, OnText on_text = {});
  TestServer(const TestServer&) = delete;
  TestServer& operator=(const TestServer&) = delete;
  ~TestServer() override;

  [[nodiscard]] std::uint16_t port(std::size_t listener = 0) const {
    return server_->endpoints()[listener].port();
  }
  [[nodiscard]] const TestCert& cert() const { return cert_; }
  [[nodiscard]] const TempFolder& folder() const { return folder_; }
  [[nodiscard]] net::Server& server() { return *server_; }
  [[nodiscard]] std::unique_ptr<WsClient> connect(const WsOptions& options = {}) const {
    return WsClient::open(port(), cert_.certificate, options);
  }
  [[nodiscard]] std::unique_ptr<Stream> stream() const {
    return Stream::open(port(), cert_.certificate);
  }

  // Any thread
  void post(SessionId session, std::vector<net::Outbound> batch);
  void send(SessionId session, std::string_view text,
            wire::Delivery delivery = wire::Delivery::reply);
  // Runs it on the loop's thread and waits for its end.
  void on_loop(const std::function<void()>& task);
  // The sink has no room from now on / again.
  void set_full(bool is_full);

  [[nodiscard]] std::vector<Guest> opened() const;
  [[nodiscard]] std::vector<SessionId> closed() const;
  [[nodiscard]] std::vector<std::string> received() const;
  [[nodiscard]] std::vector<net::LinkEvent> link_events() const;
  // False after 20 seconds.
  [[nodiscard]] bool wait_until(const std::function<bool()>& claim) const;
  [[nodiscard]] bool wait_for_guests(std::size_t count) const {
    return wait_until([&] { return opened().size() >= count; });
  }
  [[nodiscard]] bool wait_for_farewells(std::size_t count) const {
    return wait_until([&] { return closed().size() >= count; });
  }

 private:
  bool deliver(unsigned io_thread, std::vector<net::Inbound>&& batch) override;

  // Constant after construction
  TempFolder folder_;
  TestCert cert_;
  OnText on_text_;
  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::Waker> waker_;
  std::unique_ptr<net::Server> server_;
  std::thread thread_;

  // Under mutex_
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::function<void()>> tasks_;
  std::vector<Guest> opened_;
  std::vector<SessionId> closed_;
  std::vector<std::string> received_;
  std::vector<net::LinkEvent> events_;
  bool is_full_ = false;
};

}  // namespace chatd::tests
