#include "tests/unit/net/test_server.hpp"

#include "daemon/base/overloaded.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <utility>

namespace chatd::tests {

TestServer::TestServer(net::Options options, OnText on_text)
    : on_text_(std::move(on_text)), loop_(*net::Loop::create()) {
  if (!on_text_)
    on_text_ = [this](SessionId session, const std::string& text) { send(session, text); };
  if (options.listen.empty()) options.listen.push_back({.address = "127.0.0.1"});
  if (options.tls.certificate.empty()) {
    cert_ = make_cert(folder_.path(), "server");
    options.tls = {.certificate = cert_.certificate, .key = cert_.key};
  }
  waker_ = std::make_unique<net::Waker>(*loop_, [this] {
    std::unique_lock lock(mutex_);
    const auto tasks = std::exchange(tasks_, {});
    lock.unlock();
    for (const auto& task : tasks) task();
  });
  auto server = net::Server::create(std::move(options), *this, *loop_);
  if (!server) {
    std::fprintf(stderr, "%s\n", server.error().message.c_str());
    std::abort();
  }
  server_ = *std::move(server);
  server_->start();
  thread_ = std::thread([this] { loop_->run(); });
}

TestServer::~TestServer() {
  loop_->stop();
  thread_.join();
  server_.reset();
  waker_.reset();
}

void TestServer::post(SessionId session, std::vector<net::Outbound> batch) {
  // A test may well be faster than the server; then it waits.
  while (!server_->post(session.io_thread(), std::move(batch))) std::this_thread::yield();
}

void TestServer::send(SessionId session, std::string_view text, wire::Delivery delivery) {
  std::vector<net::Outbound> batch;
  batch.push_back(net::Send{session, wire::Packet::text(text), delivery});
  post(session, std::move(batch));
}

void TestServer::on_loop(const std::function<void()>& task) {
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

void TestServer::set_full(bool is_full) {
  const std::lock_guard lock(mutex_);
  is_full_ = is_full;
}

std::vector<Guest> TestServer::opened() const {
  const std::lock_guard lock(mutex_);
  return opened_;
}

std::vector<SessionId> TestServer::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

std::vector<std::string> TestServer::received() const {
  const std::lock_guard lock(mutex_);
  return received_;
}

std::vector<net::LinkEvent> TestServer::link_events() const {
  const std::lock_guard lock(mutex_);
  return events_;
}

bool TestServer::wait_until(const std::function<bool()>& claim) const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!claim()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    // Counters change without a word, so it also looks by itself.
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::milliseconds(5));
  }
  return true;
}

bool TestServer::deliver(unsigned, std::vector<net::Inbound>&& batch) {
  std::vector<std::pair<SessionId, std::string>> texts;
  {
    const std::lock_guard lock(mutex_);
    if (is_full_) return false;
    for (net::Inbound& message : batch) {
      std::visit(overloaded{[&](net::Opened& opened) {
                              opened_.push_back({.session = opened.session,
                                                 .kind = opened.kind,
                                                 .peer = opened.peer,
                                                 .bearer = std::string(opened.bearer.reveal()),
                                                 .uid = opened.uid});
                            },
                            [&](net::Received& received) {
                              received_.push_back(received.bytes);
                              texts.emplace_back(received.session, std::move(received.bytes));
                            },
                            [&](net::Closed& closed) { closed_.push_back(closed.session); },
                            [&](net::LinkEvent& event) { events_.push_back(std::move(event)); }},
                 message);
    }
  }
  changed_.notify_all();
  for (const auto& [session, text] : texts) on_text_(session, text);
  return true;
}

}  // namespace chatd::tests
