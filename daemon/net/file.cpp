#include "daemon/net/file_answer.hpp"
#include "daemon/net/io_thread.hpp"
#include "daemon/wire/limits.hpp"

#include <algorithm>
#include <sys/socket.h>
#include <utility>

namespace chatd::net {
namespace {

// What must have left each time Timeouts::http_body has passed, as with a request's body.
constexpr std::size_t kStepBytes = wire::kMaxFrameBytes;
// How often it is looked for who sends meanwhile: a system call for each who gets a long file.
constexpr std::uint64_t kLookMs = 10;

}  // namespace

int IoThread::start_file(Connection& connection, std::string_view path) {
  lws* const wsi = connection.wsi;
  const int method = method_of(wsi);
  const bool is_head = method == LWSHUMETH_HEAD;
  if (method != LWSHUMETH_GET && !is_head) {
    return refuse(connection, 405, "this can only be read", "GET, HEAD");
  }
  auto answer =
      answer_file(*files_, {.path = path,
                            .accept = header_of(wsi, WSI_TOKEN_HTTP_ACCEPT),
                            .accept_encoding = header_of(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING),
                            .if_none_match = header_of(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH),
                            .is_head = is_head,
                            .keep_alive = connection.keeps_alive,
                            .is_tls = lws_is_ssl(wsi) != 0});
  if (!answer) {
    return respond(connection,
                   encode_reply(error_reply(404, "there is nothing here"),
                                {.is_head = is_head, .keep_alive = connection.keeps_alive}));
  }
  counters_.files_sent.add();
  if (answer->body == nullptr) return respond(connection, answer->head);
  // A small file leaves in one write with its head.
  const std::string& bytes = *answer->body;
  const std::size_t room = LwsContext::kMaxWriteBytes - answer->head.size();
  connection.file_sent = std::min(bytes.size(), room);
  connection.file = std::move(answer->body);
  answer->head.append(bytes, 0, connection.file_sent);
  counters_.bytes_out.add(answer->head.size());
  if (lws_write(wsi, writable(answer->head), answer->head.size(), LWS_WRITE_HTTP) < 0) return -1;
  if (connection.file_sent == bytes.size() && lws_partial_buffered(wsi) == 0) {
    return finish_file(connection);
  }
  lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);  // its patience ends before check_deadline()'s
  set_state(connection, Connection::State::http_writing);
  file_readers_.insert(&connection);
  return write_file(connection);
}

// As much as the peer takes, straight from the memory that all share. What one write does not take
// libwebsockets keeps, and tells us when it is gone.
int IoThread::write_file(Connection& connection) {
  lws* const wsi = connection.wsi;
  const std::string_view bytes = *connection.file;
  for (int writes = 0; lws_partial_buffered(wsi) == 0 && connection.file_sent < bytes.size();
       ++writes) {
    if (writes == LwsContext::kMaxWritesPerTurn) return lws_callback_on_writable(wsi) < 0 ? -1 : 0;
    const std::size_t before = connection.file_sent;
    const std::string_view piece = bytes.substr(before, LwsContext::kMaxWriteBytes);
    counters_.bytes_out.add(piece.size());
    if (lws_write(wsi, writable(piece), piece.size(), LWS_WRITE_HTTP) < 0) return -1;
    connection.file_sent += piece.size();
    if (before / kStepBytes != connection.file_sent / kStepBytes) connection.since_ms = now_ms();
  }
  if (lws_partial_buffered(wsi) != 0) return 0;
  file_readers_.erase(&connection);
  return finish_file(connection);
}

// While a file leaves libwebsockets reads nothing, but wakes for what is there to read over and
// over. Nobody has to send before the file is there.
void IoThread::end_impatient_readers() {
  if (now_ms() - readers_seen_ms_ < kLookMs) return;
  readers_seen_ms_ = now_ms();
  for (Connection* const reader : file_readers_) {
    if (reader->state != Connection::State::http_writing) continue;
    const bool has_left =
        reader->file_sent == reader->file->size() && lws_partial_buffered(reader->wsi) == 0;
    char byte = 0;
    const auto size = recv(lws_get_socket_fd(reader->wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (size >= 0 && !has_left) kill(*reader);
  }
}

int IoThread::finish_file(Connection& connection) {
  connection.file.reset();
  if (!connection.keeps_alive) return -1;
  set_state(connection, Connection::State::http_idle);
  return lws_http_transaction_completed(connection.wsi) != 0 ? -1 : 0;
}

}  // namespace chatd::net
