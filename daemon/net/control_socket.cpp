#include "daemon/net/control_socket.hpp"

#include "daemon/base/assert.hpp"
#include "daemon/base/overloaded.hpp"
#include "daemon/net/line_splitter.hpp"
#include "daemon/net/socket.hpp"
#include "daemon/wire/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <utility>
#include <vector>

namespace chatd::net {
namespace {

constexpr int kBacklog = 16;
// A write in flight at most: enough to keep the pipe busy.
constexpr std::size_t kMaxWriteBytes = 256 * 1024;
constexpr mode_t kOwnerOnly = 0600;

Result<sockaddr_un> address_of(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return fail(Code::invalid_params, fmt::format("the path of the control socket is too long: {} "
                                                  "has {} bytes, {} are possible",
                                                  path, path.size(), sizeof address.sun_path - 1));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  return address;
}

// Makes the way free for bind(): a file left by a process that is gone goes.
Status remove_stale(const std::string& path) {
  struct stat what {};
  if (lstat(path.c_str(), &what) != 0) return {};
  if (!S_ISSOCK(what.st_mode)) {
    return fail(Code::conflict, fmt::format("{} exists and is no socket", path));
  }
  CHATD_TRY(const sockaddr_un address, address_of(path));
  const Socket probe(socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  const int connected =
      connect(probe.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
  // EAGAIN: its backlog is full, so somebody is there.
  if (connected == 0 || errno != ECONNREFUSED) {
    return fail(Code::conflict, fmt::format("another process answers on {}", path));
  }
  if (unlink(path.c_str()) != 0) {
    return fail(Code::unavailable,
                fmt::format("can't remove the old socket {}: {}", path, std::strerror(errno)));
  }
  return {};
}

uid_t uid_of_peer(uv_pipe_t& pipe) {
  uv_os_fd_t fd = -1;
  ucred who{};
  socklen_t size = sizeof who;
  if (uv_fileno(reinterpret_cast<uv_handle_t*>(&pipe), &fd) != 0 ||
      getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) {
    return static_cast<uid_t>(-1);
  }
  return who.uid;
}

}  // namespace

struct ControlSocket::Client {
  explicit Client(ControlSocket& owner_socket)
      : owner(owner_socket), lines(wire::kMaxFrameBytes), queue(owner_socket.policy_) {}

  ControlSocket& owner;
  SessionId session;
  uv_pipe_t pipe{};
  uv_write_t write{};
  LineSplitter lines;
  wire::SendQueue queue;
  std::string in_flight;
  std::array<char, 16 * 1024> read_buffer{};
  bool is_writing = false;
  bool ends_when_empty = false;
  bool has_ended = false;
};

Result<std::unique_ptr<ControlSocket>> ControlSocket::create(Loop& loop, const Options& options,
                                                             IoThread& thread) {
  std::unique_ptr<ControlSocket> control(new ControlSocket(loop, options, thread));
  CHATD_CHECK(control->listen());
  return control;
}

ControlSocket::ControlSocket(Loop& loop, const Options& options, IoThread& thread)
    : loop_(loop),
      path_(options.control_socket),
      max_clients_(options.max_controls),
      policy_{.max_live_bytes = wire::kMaxLiveBytes,
              .max_live_packets = wire::kMaxLivePackets,
              .max_bytes = wire::kMaxControlSendBytes,
              .behind = options.behind},
      thread_(thread) {}

ControlSocket::~ControlSocket() {
  while (!clients_.empty()) end(*clients_.begin()->second);
  if (pipe_ != nullptr) {
    uv_close(reinterpret_cast<uv_handle_t*>(pipe_),
             [](uv_handle_t* handle) { delete reinterpret_cast<uv_pipe_t*>(handle); });
  }
  if (owns_file_) unlink(path_.c_str());
}

Status ControlSocket::listen() {
  CHATD_CHECK(address_of(path_));
  CHATD_CHECK(remove_stale(path_));
  pipe_ = new uv_pipe_t{};
  CHATD_ASSERT(uv_pipe_init(loop_.native(), pipe_, 0) == 0);
  pipe_->data = this;
  int failed = uv_pipe_bind(pipe_, path_.c_str());
  owns_file_ = failed == 0;
  // Before listen() nobody can connect, so there is no moment in which others could.
  if (failed == 0 && chmod(path_.c_str(), kOwnerOnly) != 0) failed = -errno;
  if (failed == 0) {
    failed = uv_listen(reinterpret_cast<uv_stream_t*>(pipe_), kBacklog,
                       [](uv_stream_t* stream, int status) {
                         if (status == 0) static_cast<ControlSocket*>(stream->data)->accept();
                       });
  }
  if (failed != 0) {
    return fail(Code::unavailable,
                fmt::format("can't open the control socket {}: {}", path_, uv_strerror(failed)));
  }
  return {};
}

void ControlSocket::accept() {
  auto* const client = new Client(*this);
  CHATD_ASSERT(uv_pipe_init(loop_.native(), &client->pipe, 0) == 0);
  client->pipe.data = client;
  client->write.data = client;
  client->session = SessionId(0, Sessions<Connection>::kForeignBit | next_number_++);
  const bool is_welcome = clients_.size() < max_clients_;
  clients_.emplace(client->session, client);
  thread_.count().controls_open.add();
  thread_.count().controls_opened.add();
  const int accepted = uv_accept(reinterpret_cast<uv_stream_t*>(pipe_),
                                 reinterpret_cast<uv_stream_t*>(&client->pipe));
  thread_.emit(Opened{.session = client->session,
                      .kind = Kind::control,
                      .peer = "control",
                      .bearer = Secret(),
                      .uid = accepted == 0 ? uid_of_peer(client->pipe) : static_cast<uid_t>(-1)});
  if (accepted != 0 || !is_welcome) {
    end(*client);
    return;
  }
  uv_read_start(
      reinterpret_cast<uv_stream_t*>(&client->pipe),
      [](uv_handle_t* handle, std::size_t, uv_buf_t* buffer) {
        auto& bytes = static_cast<Client*>(handle->data)->read_buffer;
        *buffer = uv_buf_init(bytes.data(), static_cast<unsigned>(bytes.size()));
      },
      [](uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
        auto& from = *static_cast<Client*>(stream->data);
        if (size < 0) {
          from.owner.end(from);
        } else {
          from.owner.receive(from, {buffer->base, static_cast<std::size_t>(size)});
        }
      });
}

void ControlSocket::receive(Client& client, std::string_view bytes) {
  thread_.count().bytes_in.add(bytes.size());
  const bool is_fine = client.lines.feed(bytes, [&](std::string line) {
    thread_.count().frames_in.add();
    thread_.emit(Received{client.session, std::move(line)});
  });
  if (!is_fine) end(client);
}

void ControlSocket::apply(Outbound&& message) {
  const SessionId session = std::visit([](const auto& any) { return any.session; }, message);
  const auto found = clients_.find(session);
  if (found == clients_.end()) return;
  Client& client = *found->second;
  std::visit(overloaded{[&](Send&& what) { send(client, std::move(what.packet), what.delivery); },
                        [&](Close&&) { client.ends_when_empty = true; },
                        [&](ResumeLive&&) { client.queue.resume_live(); }},
             std::move(message));
}

void ControlSocket::send(Client& client, wire::Packet&& packet, wire::Delivery delivery) {
  if (client.ends_when_empty) return;
  switch (client.queue.push(std::move(packet), delivery)) {
    case wire::SendQueue::Outcome::queued:
      break;
    case wire::SendQueue::Outcome::fell_behind:
      thread_.count().fell_behind.add();
      break;
    case wire::SendQueue::Outcome::dropped:
      thread_.count().live_dropped.add();
      break;
    case wire::SendQueue::Outcome::overflow:
      thread_.count().overflowed.add();
      end(client);
      break;
  }
}

// A handful of clients at most, so there is no list of those with something to send.
void ControlSocket::flush() {
  for (auto next = clients_.begin(); next != clients_.end();) {
    Client& client = *next->second;
    ++next;
    write_some(client);
  }
}

void ControlSocket::write_some(Client& client) {
  if (client.is_writing) return;
  if (client.queue.empty()) {
    if (client.ends_when_empty) end(client);
    return;
  }
  client.in_flight.clear();
  while (!client.queue.empty() && client.in_flight.size() < kMaxWriteBytes) {
    client.in_flight += client.queue.front().payload();
    client.in_flight += '\n';
    client.queue.pop();
    thread_.count().frames_out.add();
  }
  thread_.count().writes.add();
  thread_.count().bytes_out.add(client.in_flight.size());
  client.is_writing = true;
  const uv_buf_t buffer =
      uv_buf_init(client.in_flight.data(), static_cast<unsigned>(client.in_flight.size()));
  const int failed = uv_write(&client.write, reinterpret_cast<uv_stream_t*>(&client.pipe), &buffer,
                              1, [](uv_write_t* write, int status) {
                                auto& done = *static_cast<Client*>(write->data);
                                done.is_writing = false;
                                if (done.has_ended) return;
                                if (status != 0) {
                                  done.owner.end(done);
                                } else {
                                  done.owner.write_some(done);
                                }
                              });
  if (failed != 0) end(client);
}

void ControlSocket::end(Client& client) {
  if (client.has_ended) return;
  client.has_ended = true;
  clients_.erase(client.session);
  thread_.count().controls_open.subtract();
  thread_.emit(Closed{client.session});
  uv_close(reinterpret_cast<uv_handle_t*>(&client.pipe),
           [](uv_handle_t* handle) { delete static_cast<Client*>(handle->data); });
}

}  // namespace chatd::net
