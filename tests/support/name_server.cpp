#include "tests/support/name_server.hpp"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <array>
#include <cstdlib>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chatd::tests {
namespace {

constexpr std::size_t kHeaderBytes = 12;  // RFC 1035 section 4.1.1
constexpr std::uint16_t kA = 1;
constexpr std::uint16_t kSrv = 33;

void append_u16(std::string& out, std::size_t value) {
  out.push_back(static_cast<char>(value >> 8 & 0xff));
  out.push_back(static_cast<char>(value & 0xff));
}

std::string encoded_name(std::string_view name) {
  std::string out;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    out.push_back(static_cast<char>(label.size()));
    out += label;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  return out + '\0';
}

}  // namespace

NameServer::NameServer() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (bind(fd_, reinterpret_cast<const sockaddr*>(&address), size) != 0 ||
      getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    std::abort();
  address_ = fmt::format("127.0.0.1:{}", ntohs(address.sin_port));
  thread_ = std::thread([this] { run(); });
}

NameServer::~NameServer() {
  is_over_ = true;
  shutdown(fd_, SHUT_RD);
  thread_.join();
  close(fd_);
}

void NameServer::run() {
  while (!is_over_) {
    pollfd waits{fd_, POLLIN, 0};
    if (poll(&waits, 1, 20) <= 0) continue;
    std::array<char, 512> bytes{};
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const ssize_t count = recvfrom(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT,
                                   reinterpret_cast<sockaddr*>(&from), &size);
    if (count <= static_cast<ssize_t>(kHeaderBytes)) continue;
    const std::string reply = answer({bytes.data(), static_cast<std::size_t>(count)});
    sendto(fd_, reply.data(), reply.size(), 0, reinterpret_cast<const sockaddr*>(&from), size);
  }
}

std::string NameServer::answer(std::string_view question) const {
  std::string name;
  std::size_t at = kHeaderBytes;
  while (at < question.size() && question[at] != 0) {
    const auto label = static_cast<std::size_t>(question[at]);
    if (!name.empty()) name += '.';
    name += question.substr(at + 1, label);
    at += label + 1;
  }
  const std::size_t end = std::min(at + 5, question.size());
  const std::size_t type = static_cast<unsigned char>(question[end - 3]);
  std::vector<std::string> records;  // their data
  if (const auto host = hosts.find(name); type == kA && host != hosts.end()) {
    for (const std::string& text : host->second) {
      in_addr address{};
      inet_pton(AF_INET, text.c_str(), &address);
      records.emplace_back(reinterpret_cast<const char*>(&address), sizeof address);
    }
  }
  if (const auto service = services.find(name); type == kSrv && service != services.end()) {
    for (const Service& one : service->second) {
      std::string& data = records.emplace_back();
      append_u16(data, one.priority);
      append_u16(data, one.weight);
      append_u16(data, one.port);
      data += encoded_name(one.target);
    }
  }
  const bool is_known = hosts.contains(name) || services.contains(name);
  std::string reply(question.substr(0, 2));
  append_u16(reply, is_known ? 0x8180 : 0x8183);  // a response, maybe that there is no such name
  append_u16(reply, 1);
  append_u16(reply, records.size());
  append_u16(reply, 0);
  append_u16(reply, 0);
  reply += question.substr(kHeaderBytes, end - kHeaderBytes);
  for (const std::string& data : records) {
    append_u16(reply, 0xc000 | kHeaderBytes);  // the name that was asked for
    append_u16(reply, type);
    append_u16(reply, 1);
    reply += std::string(4, '\0');  // not to be kept
    append_u16(reply, data.size());
    reply += data;
  }
  return reply;
}

}  // namespace chatd::tests
