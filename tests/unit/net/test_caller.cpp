#include "tests/unit/net/test_caller.hpp"

#include "daemon/net/https_get.hpp"
#include "daemon/wire/limits.hpp"

#include <chrono>
#include <csignal>
#include <future>
#include <utility>

namespace chatd::tests {

TestCaller::TestCaller(const std::string& ca_file, const std::string& name_server)
    : loop_(*net::Loop::create()),
      tls_(*net::ClientTls::create(ca_file)),
      resolver_(*net::Resolver::create(*loop_, name_server)) {
  std::signal(SIGPIPE, SIG_IGN);  // as the server does
  waker_ = std::make_unique<net::Waker>(*loop_, [this] {
    std::unique_lock lock(mutex_);
    const auto tasks = std::exchange(tasks_, {});
    lock.unlock();
    for (const auto& task : tasks) task();
  });
  thread_ = std::thread([this] { loop_->run(); });
}

TestCaller::~TestCaller() {
  loop_->stop();
  thread_.join();
  resolver_.reset();
  waker_.reset();
}

void TestCaller::on_loop(const std::function<void()>& task) {
  std::promise<void> done;
  {
    const std::lock_guard lock(mutex_);
    tasks_.push_back([&] {
      task();
      done.set_value();
    });
  }
  waker_->wake();
  done.get_future().wait();
}

bool TestCaller::wait_until(const std::function<bool()>& claim) {
  std::unique_lock lock(mutex_);
  return changed_.wait_for(lock, std::chrono::seconds(20), claim);
}

Result<std::string> TestCaller::get(const net::Place& place, std::string_view path) {
  std::promise<Result<std::string>> answer;
  std::unique_ptr<net::HttpsGet> get;
  on_loop([&] {
    get = std::make_unique<net::HttpsGet>(
        parts(), place, path, [&](Result<std::string> body) { answer.set_value(std::move(body)); });
  });
  auto body = answer.get_future().get();
  on_loop([&] { get.reset(); });
  return body;
}

Result<std::vector<net::Address>> TestCaller::find_addresses(const std::string& host) {
  std::promise<Result<std::vector<net::Address>>> answer;
  on_loop([&] {
    resolver_->find_addresses(host, 443, [&](auto found) { answer.set_value(std::move(found)); });
  });
  return answer.get_future().get();
}

Result<std::vector<net::Resolver::Service>> TestCaller::find_services(const std::string& name) {
  std::promise<Result<std::vector<net::Resolver::Service>>> answer;
  on_loop([&] {
    resolver_->find_services(name, [&](auto found) { answer.set_value(std::move(found)); });
  });
  return answer.get_future().get();
}

TestCaller::Call::Call(TestCaller& caller, const net::Place& place) : caller_(caller) {
  net::WsClient::Events& events = *this;
  caller_.on_loop([&] {
    client_ =
        std::make_unique<net::WsClient>(caller_.parts(), place, wire::kMaxLinkFrameBytes, events);
  });
}

TestCaller::Call::~Call() {
  caller_.on_loop([&] { client_.reset(); });
}

void TestCaller::Call::send(const std::vector<std::string>& messages) {
  caller_.on_loop([&] {
    for (const std::string& message : messages) client_->send(message);
    client_->flush();
  });
}

void TestCaller::Call::close() {
  caller_.on_loop([&] { client_->close(); });
}

std::optional<Hash256> TestCaller::Call::exporter() {
  static_cast<void>(caller_.wait_until([&] { return exporter_ || end_; }));
  return exporter_;
}

bool TestCaller::Call::receives(std::size_t count) {
  const auto has_come = [&] { return received_.size() >= count; };
  static_cast<void>(caller_.wait_until([&] { return has_come() || end_; }));
  const std::lock_guard lock(caller_.mutex_);
  return has_come();
}

std::string TestCaller::Call::end() {
  static_cast<void>(caller_.wait_until([&] { return end_.has_value(); }));
  return end_.value_or("");
}

std::vector<std::string> TestCaller::Call::received() const {
  const std::lock_guard lock(caller_.mutex_);
  return received_;
}

std::size_t TestCaller::Call::queued() {
  std::size_t bytes = 0;
  caller_.on_loop([&] { bytes = client_->queued(); });
  return bytes;
}

void TestCaller::Call::on_open(const Hash256& exporter) {
  const std::lock_guard lock(caller_.mutex_);
  exporter_ = exporter;
  caller_.changed_.notify_all();
}

void TestCaller::Call::on_message(std::string message) {
  const std::lock_guard lock(caller_.mutex_);
  received_.push_back(std::move(message));
  caller_.changed_.notify_all();
}

void TestCaller::Call::on_end(std::string why) {
  const std::lock_guard lock(caller_.mutex_);
  end_ = std::move(why);
  caller_.changed_.notify_all();
}

}  // namespace chatd::tests
