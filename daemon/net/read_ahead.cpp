#include "daemon/net/read_ahead.hpp"

#include <algorithm>

namespace chatd::net {

void ReadAhead::begin(Reader& reader, lws* wsi) {
  SSL* const tls = lws_get_ssl(wsi);
  if (tls == nullptr || SSL_version(tls) != TLS1_3_VERSION) return;
  reader = {this, wsi, false};
  SSL_set_msg_callback(tls, &ReadAhead::on_message);
  SSL_set_msg_callback_arg(tls, &reader);
  SSL_set_read_ahead(tls, 1);
  list(reader);
}

void ReadAhead::forget(Reader& reader) {
  if (reader.list == nullptr) return;
  std::erase(listed_, &reader);
  std::replace(serving_.begin(), serving_.end(), &reader, static_cast<Reader*>(nullptr));
  reader = {};
}

// At least once for each record: when its content is there.
void ReadAhead::on_message(int is_written, int, int, const void*, size_t, SSL*, void* reader) {
  auto* const self = static_cast<Reader*>(reader);
  if (is_written == 0 && self->list != nullptr) self->list->list(*self);
}

void ReadAhead::list(Reader& reader) {
  if (reader.is_listed) return;
  reader.is_listed = true;
  listed_.push_back(&reader);
}

void ReadAhead::serve(LwsContext& context) {
  serving_.swap(listed_);
  for (std::size_t i = 0; i < serving_.size(); ++i) {
    Reader* const reader = serving_[i];
    if (reader == nullptr) continue;
    reader->is_listed = false;
    const SSL* const tls = lws_get_ssl(reader->wsi);
    if (tls == nullptr || SSL_has_pending(tls) == 0) continue;
    const int left_of_record = SSL_pending(tls);
    context.read(reader->wsi);
    if (serving_[i] == nullptr) continue;
    // A record larger than what libwebsockets reads at a time comes in pieces. Of one that is not
    // whole yet the rest makes the socket readable.
    const SSL* const after = lws_get_ssl(reader->wsi);
    if (after != nullptr && SSL_pending(after) != left_of_record) list(*reader);
  }
  serving_.clear();
}

}  // namespace chatd::net
