#include "daemon/net/lws_context.hpp"

#include "daemon/base/log.hpp"
#include "daemon/net/subprotocol.hpp"

#include <fmt/format.h>

#include <string>

namespace chatd::net {
namespace {

// Per connection and all of what one read returns: 1 KiB holds five messages of usual length, and
// longer ones just come in several pieces. Measured: 3 KiB less per connection than the default.
constexpr std::size_t kReceiveBytes = 1024;
// Other servers are few, and send pages: all that libwebsockets reads at once.
constexpr std::size_t kLinkReceiveBytes = 4 * 1024;
// Request line and headers together. Browsers send 1 to 2 KiB.
constexpr short kMaxHeaderBytes = 8 * 1024;
// Our own deadlines come first; this one is for what we might have missed.
constexpr unsigned kLastResortSeconds = 120;

// All zero: no validity timers, which libwebsockets keeps in a sorted list.
constexpr lws_retry_bo_t kNoValidityChecks{};

// What libwebsockets last complained about on this thread: the reason when create() fails.
thread_local std::string last_complaint;

// Peers can cause these at will, so they are for debugging only.
void on_lws_log(int, const char* line) {
  std::string_view text(line);
  while (text.ends_with('\n')) text.remove_suffix(1);
  last_complaint = text;
  log::debug("libwebsockets complains", {{"text", text}});
}

void set_up_library() {
  // Once, whichever thread is first.
  static const bool is_set = [] {
    lws_set_log_level(LLL_ERR | LLL_WARN, &on_lws_log);
    return true;
  }();
  static_cast<void>(is_set);
}

// libwebsockets gives each context one of OpenSSL for connections to elsewhere, with all the CAs of
// the system in it (700 KiB), and loses it when there are several contexts. It makes none when it
// is told to use this one, which stays the process's own.
SSL_CTX* for_no_connections() {
  static SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  return context;
}

}  // namespace

std::string header_of(lws* connection, lws_token_indexes which) {
  const int size = lws_hdr_total_length(connection, which);
  if (size <= 0) return {};
  std::string value(static_cast<std::size_t>(size) + 1, '\0');  // it wants to end it with a zero
  const int copied = lws_hdr_copy(connection, value.data(), size + 1, which);
  value.resize(copied < 0 ? 0 : static_cast<std::size_t>(copied));
  return value;
}

int method_of(lws* connection) {
  char* path = nullptr;
  int size = 0;
  return lws_http_get_uri_and_method(connection, &path, &size);
}

LwsContext::LwsContext(Loop& loop, bool takes_links, Handler handler)
    : loop_(loop),
      handler_(std::move(handler)),
      protocols_{protocol(kSubprotocol, kReceiveBytes),
                 takes_links ? protocol(kLinkSubprotocol, kLinkReceiveBytes) : lws_protocols{},
                 lws_protocols{}} {}

lws_protocols LwsContext::protocol(const char* name, std::size_t receive_bytes) {
  return {.name = name,
          .callback = &LwsContext::on_event,
          .per_session_data_size = 0,
          .rx_buffer_size = receive_bytes,
          .id = 0,
          .user = nullptr,
          .tx_packet_size = kMaxWriteBytes};
}

Result<std::unique_ptr<LwsContext>> LwsContext::create(Loop& loop,
                                                       std::shared_ptr<const TlsIdentity> identity,
                                                       bool takes_links, Handler handler) {
  set_up_library();
  std::unique_ptr<LwsContext> context(new LwsContext(loop, takes_links, std::move(handler)));
  CHATD_CHECK(context->start(std::move(identity)));
  return context;
}

Status LwsContext::start(std::shared_ptr<const TlsIdentity> identity) {
  identity_ = std::move(identity);
  void* loops[] = {loop_.native()};
  lws_context_creation_info info{};
  info.port = CONTEXT_PORT_NO_LISTEN_SERVER;
  info.protocols = protocols_.data();
  info.gid = -1;
  info.uid = -1;
  info.user = this;
  info.options = LWS_SERVER_OPTION_EXPLICIT_VHOSTS | LWS_SERVER_OPTION_LIBUV |
                 LWS_SERVER_OPTION_DO_SSL_GLOBAL_INIT;
  info.foreign_loops = loops;
  info.retry_and_idle_policy = &kNoValidityChecks;
  info.max_http_header_data = kMaxHeaderBytes;
  info.timeout_secs = kLastResortSeconds;
  info.timeout_secs_ah_idle = kLastResortSeconds;
  info.keepalive_timeout = kLastResortSeconds;
  info.provided_client_ssl_ctx = for_no_connections();
  info.alpn = "http/1.1";  // else it would offer HTTP/2, where frames can't be written raw
  context_ = lws_create_context(&info);
  if (context_ == nullptr) {
    return fail(Code::unavailable, fmt::format("libwebsockets does not start: {}", last_complaint));
  }
  // Names no client can ask for, so that neither SNI nor Host switches a connection between them.
  info.vhost_name = "/plain";
  plain_host_ = lws_create_vhost(context_, &info);
  if (identity_) {
    info.vhost_name = "/tls";
    info.options |= LWS_SERVER_OPTION_CREATE_VHOST_SSL_CTX;
    tls_host_ = lws_create_vhost(context_, &info);
  }
  if (plain_host_ == nullptr || (identity_ && !can_do_tls_)) {
    return fail(Code::unavailable, fmt::format("libwebsockets has no host: {}", last_complaint));
  }
  return {};
}

// With a loop that is not its own libwebsockets goes in two steps: the first call closes handles,
// the loop runs their callbacks (connections first, then the context's own), the second call frees.
LwsContext::~LwsContext() {
  if (context_ == nullptr) return;
  lws_context_destroy(context_);
  for (int turn = 0; turn < 4; ++turn) loop_.run_once_without_waiting();
  lws_context_destroy(context_);
}

lws* LwsContext::adopt(Socket socket, bool is_tls, void* opaque) {
  lws_adopt_desc_t description{};
  description.vh = is_tls ? tls_host_ : plain_host_;
  description.type =
      static_cast<lws_adoption_type>(LWS_ADOPT_SOCKET | LWS_ADOPT_HTTP | LWS_ADOPT_ALLOW_SSL);
  description.fd.sockfd = socket.release();
  description.opaque = opaque;
  return lws_adopt_descriptor_vhost_via_info(&description);
}

void LwsContext::read(lws* connection) {
  lws_pollfd readable{lws_get_socket_fd(connection), LWS_POLLIN, LWS_POLLIN};
  lws_service_fd(context_, &readable);
}

void LwsContext::kill(lws* connection) {
  lws_set_timeout(connection, PENDING_TIMEOUT_KILLED_BY_PARENT, LWS_TO_KILL_ASYNC);
  // The timer list is only looked at after an event: this is one.
  lws_cancel_service(context_);
}

int LwsContext::on_event(lws* connection, lws_callback_reasons reason, void* user, void* in,
                         std::size_t size) {
  auto* const self = static_cast<LwsContext*>(lws_context_user(lws_get_context(connection)));
  if (reason != LWS_CALLBACK_OPENSSL_LOAD_EXTRA_SERVER_VERIFY_CERTS) {
    return self->handler_(connection, reason, in, size);
  }
  auto* const context = static_cast<SSL_CTX*>(user);
  if (!configure_tls(context)) return 1;
  const auto choose_certificate = [](SSL* handshake, void* of) {
    return static_cast<LwsContext*>(of)->identity_->use_in(handshake) ? 1 : 0;
  };
  SSL_CTX_set_cert_cb(context, choose_certificate, self);
  self->can_do_tls_ = true;
  return 0;
}

}  // namespace chatd::net
