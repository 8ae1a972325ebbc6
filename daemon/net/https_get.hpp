#pragma once

#include "daemon/net/tls_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::net {

// Reads one small page of another server over HTTPS. Follows no redirects: the page is where the
// server says it is. Owned by who wants it; loop only; not destroyed from within `done`.
class HttpsGet final : private TlsStream::Events {
 public:
  using Done = std::function<void(Result<std::string>)>;

  // Begins at once; calls `done` once with the body of a response with status 200, never from
  // within.
  HttpsGet(const TlsStream::Parts& parts, const Place& place, std::string_view path, Done done);

 private:
  void on_open() override;
  void on_bytes(std::string_view bytes) override;
  void on_sent(std::size_t) override {}
  void on_end(std::string why) override;
  [[nodiscard]] Status look();

  // Constant after construction
  const std::string request_;
  const Done done_;

  // Loop only
  std::string answer_;
  std::size_t body_at_ = 0;              // of answer_; 0: its head is not whole
  std::optional<std::uint64_t> length_;  // of the body, as the head says
  bool is_whole_ = false;
  TlsStream stream_;
};

}  // namespace chatd::net
