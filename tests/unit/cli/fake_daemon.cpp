#include "tests/unit/cli/fake_daemon.hpp"

#include "cli/document.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/methods/table.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <cstring>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace chatd::cli {

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "chatctl-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) std::abort();
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code error;
  std::filesystem::remove_all(path_, error);
}

FakeDaemon::FakeDaemon(Answer answer) : answer_(std::move(answer)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = socket();
  std::memcpy(address.sun_path, path.data(), path.size());
  listener_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (pipe(stop_) != 0 ||
      bind(listener_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
      listen(listener_, 8) != 0)
    std::abort();
  thread_ = std::thread([this] { serve(); });
}

FakeDaemon::~FakeDaemon() {
  close(stop_[1]);
  thread_.join();
  close(stop_[0]);
  close(listener_);
}

std::vector<std::string> FakeDaemon::frames() {
  const std::lock_guard lock(mutex_);
  return frames_;
}

bool FakeDaemon::has_input(int fd) const {
  pollfd both[] = {{fd, POLLIN, 0}, {stop_[0], POLLIN, 0}};
  while (poll(both, 2, -1) < 0) {
  }
  return both[1].revents == 0;
}

void FakeDaemon::serve() {
  while (has_input(listener_)) {
    const int connection = accept(listener_, nullptr, nullptr);
    serve_one(connection);
    close(connection);
  }
}

void FakeDaemon::serve_one(int connection) {
  std::string received;
  for (;;) {
    const std::size_t end = received.find('\n');
    if (end == std::string::npos) {
      char bytes[4096];
      if (!has_input(connection)) return;
      const auto got = recv(connection, bytes, sizeof bytes, 0);
      if (got <= 0) return;
      received.append(bytes, static_cast<std::size_t>(got));
      continue;
    }
    const std::string frame = received.substr(0, end);
    received.erase(0, end + 1);
    {
      const std::lock_guard lock(mutex_);
      frames_.push_back(frame);
    }
    const std::string answer = answer_(frame);
    if (answer.empty()) return;
    for (std::size_t sent = 0; sent < answer.size();) {
      const auto more =
          ::send(connection, answer.data() + sent, answer.size() - sent, MSG_NOSIGNAL);
      if (more <= 0) return;
      sent += static_cast<std::size_t>(more);
    }
  }
}

namespace {

std::string id_of(const std::string& frame) {
  const auto document = Document::parse(frame);
  Json id;
  if (!document || document->root().at_key("id").get(id) != simdjson::SUCCESS) return "null";
  return simdjson::minify(id);
}

}  // namespace

std::string result_frame(const std::string& frame, const std::string& result) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(frame) + R"(,"result":)" + result + "}\n";
}

std::string error_frame(const std::string& frame, const std::string& code,
                        const std::string& message) {
  return R"({"jsonrpc":"2.0","id":)" + id_of(frame) + R"(,"error":{"code":-32000,"message":")" +
         message + R"(","data":{"code":")" + code + "\"}}}\n";
}

std::string method_of(const std::string& frame) {
  const auto document = Document::parse(frame);
  return document ? std::string(text_at(document->root(), "method")) : std::string();
}

std::string default_answer(const std::string& frame) {
  const std::string method = method_of(frame);
  std::string answer;
  wire::for_each_method([&]<class T>() {
    if (T::kMethod.name != method) return;
    typename T::Answer defaults;
    if constexpr (requires { defaults.storage; }) defaults.storage.text = "{}";
    answer = result_frame(frame, wire::to_json(defaults));
  });
  return answer;
}

}  // namespace chatd::cli
