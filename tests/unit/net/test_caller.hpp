#pragma once

#include "daemon/net/ws_client.hpp"

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace chatd::tests {

// What calls other servers, on a loop with a thread of its own. The test asks from outside.
class TestCaller {
 public:
  // One WebSocket that it made, and what became of it.
  class Call final : private net::WsClient::Events {
   public:
    Call(TestCaller& caller, const net::Place& place);
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() override;

    void send(const std::vector<std::string>& messages);
    void close();
    // Each is empty, or false, when it does not happen within 20 seconds.
    [[nodiscard]] std::optional<Hash256> exporter();
    [[nodiscard]] bool receives(std::size_t count);
    [[nodiscard]] std::string end();

    [[nodiscard]] std::vector<std::string> received() const;
    [[nodiscard]] std::size_t queued();

   private:
    void on_open(const Hash256& exporter) override;
    void on_message(std::string message) override;
    void on_sent(std::size_t) override {}
    void on_end(std::string why) override;

    TestCaller& caller_;
    std::unique_ptr<net::WsClient> client_;  // loop only
    // Under the caller's mutex_
    std::optional<Hash256> exporter_;
    std::vector<std::string> received_;
    std::optional<std::string> end_;
  };

  // `ca_file`: whose certificates it believes; `name_server`: whom it asks.
  explicit TestCaller(const std::string& ca_file, const std::string& name_server = {});
  TestCaller(const TestCaller&) = delete;
  TestCaller& operator=(const TestCaller&) = delete;
  ~TestCaller();

  [[nodiscard]] Call call(const net::Place& place) { return {*this, place}; }
  [[nodiscard]] Result<std::string> get(const net::Place& place, std::string_view path);
  [[nodiscard]] Result<std::vector<net::Address>> find_addresses(const std::string& host);
  [[nodiscard]] Result<std::vector<net::Resolver::Service>> find_services(const std::string& name);

  void on_loop(const std::function<void()>& task);

 private:
  [[nodiscard]] bool wait_until(const std::function<bool()>& claim);
  [[nodiscard]] net::TlsStream::Parts parts() const {
    return {loop_.get(), resolver_.get(), tls_.get()};
  }

  std::unique_ptr<net::Loop> loop_;
  std::unique_ptr<net::Waker> waker_;
  std::unique_ptr<net::ClientTls> tls_;
  std::unique_ptr<net::Resolver> resolver_;
  std::thread thread_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::function<void()>> tasks_;
};

}  // namespace chatd::tests
