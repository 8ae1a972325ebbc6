#include "web_server.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <arpa/inet.h>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace {

void need(bool is_well) {
  if (!is_well) std::abort();
}

// A self-signed certificate for localhost and 127.0.0.1, in `file`; used by `context`.
void make_certificate(ssl_ctx_st* context, const std::string& file) {
  EVP_PKEY* const key = EVP_EC_gen("P-256");
  X509* const certificate = X509_new();
  need(key != nullptr && certificate != nullptr);
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), -60);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_NAME* const name = X509_get_subject_name(certificate);
  const auto* common = reinterpret_cast<const unsigned char*>("test");
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(certificate, name);
  X509_EXTENSION* const names =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
  X509_add_ext(certificate, names, -1);
  need(X509_sign(certificate, key, EVP_sha256()) > 0);
  std::FILE* const out = std::fopen(file.c_str(), "w");
  need(out != nullptr && PEM_write_X509(out, certificate) == 1);
  std::fclose(out);
  need(SSL_CTX_use_certificate(context, certificate) == 1);
  need(SSL_CTX_use_PrivateKey(context, key) == 1);
  X509_EXTENSION_free(names);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

std::string accept_key(const std::string& request) {
  const std::string name = "Sec-WebSocket-Key: ";
  const auto start = request.find(name) + name.size();
  const std::string text = request.substr(start, request.find("\r\n", start) - start) +
                           "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  std::array<unsigned char, SHA_DIGEST_LENGTH> digest{};
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data());
  std::array<unsigned char, 64> encoded{};
  EVP_EncodeBlock(encoded.data(), digest.data(), static_cast<int>(digest.size()));
  return reinterpret_cast<const char*>(encoded.data());
}

}  // namespace

std::string text_frame(std::string_view text, bool is_final, bool is_first) {
  std::string frame;
  frame += static_cast<char>((is_final ? 0x80 : 0) | (is_first ? 1 : 0));
  if (text.size() < 126) {
    frame += static_cast<char>(text.size());
  } else {
    const int bytes = text.size() < 65536 ? 2 : 8;
    frame += static_cast<char>(bytes == 2 ? 126 : 127);
    for (int i = bytes - 1; i >= 0; --i)
      frame += static_cast<char>(static_cast<std::uint64_t>(text.size()) >> (8 * i) & 0xff);
  }
  return frame += text;
}

WebServer::WebServer(const std::string& folder)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
      ssl_(nullptr, SSL_free),
      ca_file_(folder + "/ca.pem") {
  SSL_CTX_set_mode(context_.get(),
                   SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  make_certificate(context_.get(), ca_file_);
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  need(bind(listener_, reinterpret_cast<sockaddr*>(&address), size) == 0);
  need(listen(listener_, 8) == 0);
  need(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
  port_ = std::to_string(ntohs(address.sin_port));
}

WebServer::~WebServer() {
  on_drop = nullptr;
  drop();
  close(listener_);
}

std::vector<int> WebServer::fds() const {
  return fd_ < 0 ? std::vector<int>{listener_} : std::vector<int>{listener_, fd_};
}

void WebServer::drop() {
  ssl_.reset();
  if (fd_ >= 0) close(fd_);
  fd_ = -1;
  is_open_ = false;
  input_.clear();
  output_.clear();
  if (on_drop) on_drop();
}

void WebServer::accept_client() {
  const int fd = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  drop();
  fd_ = fd;
  ++connects_;
  ssl_.reset(SSL_new(context_.get()));
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
}

void WebServer::advance() {
  if (is_listening) accept_client();
  if (fd_ >= 0) read_some();
  if (fd_ >= 0) write_some();
}

void WebServer::read_some() {
  std::array<char, 16384> chunk;
  std::size_t got = 0;
  int done = 0;
  ERR_clear_error();
  while ((done = SSL_read_ex(ssl_.get(), chunk.data(), chunk.size(), &got)) == 1)
    input_.append(chunk.data(), got);
  const int reason = SSL_get_error(ssl_.get(), done);
  const bool is_alive = reason == SSL_ERROR_WANT_READ || reason == SSL_ERROR_WANT_WRITE;
  if (fd_ >= 0 && !is_open_ && input_.find("\r\n\r\n") != std::string::npos) answer_upgrade();
  while (fd_ >= 0 && is_open_ && read_frame()) {
  }
  if (!is_alive && fd_ >= 0) drop();
}

void WebServer::answer_upgrade() {
  const std::string answer =
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
      "Connection: Upgrade\r\nSec-WebSocket-Protocol: chatd.v1\r\n"
      "Sec-WebSocket-Accept: " +
      accept_key(input_) + "\r\n\r\n";
  output_ += upgrade_answer.empty() ? answer : upgrade_answer;
  is_open_ = upgrade_answer.empty();
  input_.erase(0, input_.find("\r\n\r\n") + 4);
}

bool WebServer::read_frame() {
  const auto byte = [this](std::size_t i) { return static_cast<unsigned char>(input_[i]); };
  if (input_.size() < 2) return false;
  std::size_t size = byte(1) & 0x7f;
  const std::size_t extra = size == 127 ? 8 : size == 126 ? 2 : 0;
  if (input_.size() < 6 + extra) return false;
  if (extra != 0) size = 0;
  for (std::size_t i = 0; i < extra; ++i) size = size << 8 | byte(2 + i);
  const std::size_t start = 6 + extra;
  if (input_.size() < start + size) return false;
  need((byte(1) & 0x80) != 0);  // a client masks
  std::string text = input_.substr(start, size);
  for (std::size_t i = 0; i < size; ++i)
    text[i] = static_cast<char>(text[i] ^ input_[start - 4 + i % 4]);
  const unsigned opcode = byte(0) & 0x0f;
  input_.erase(0, start + size);
  if (opcode == 8) {
    drop();
    return false;
  }
  if (opcode == 1 && on_text) on_text(text);
  return true;
}

void WebServer::send_text(std::string_view text) { output_ += text_frame(text); }

void WebServer::write_some() {
  std::size_t written = 0;
  while (!output_.empty() &&
         SSL_write_ex(ssl_.get(), output_.data(), output_.size(), &written) == 1)
    output_.erase(0, written);
  ERR_clear_error();
}
