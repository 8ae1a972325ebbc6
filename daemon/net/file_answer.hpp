#pragma once

#include "daemon/net/static_files.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::net {

// A GET or HEAD for a static file; the header fields as they came.
struct FileRequest {
  std::string_view path;  // decoded, without the query
  std::string_view accept;
  std::string_view accept_encoding;
  std::string_view if_none_match;
  bool is_head = false;
  bool keep_alive = true;
  bool is_tls = true;
};
struct FileAnswer {
  std::string head;                         // the status line and all fields, with their end
  std::shared_ptr<const std::string> body;  // null: nothing follows
};

// The file, or that the client has it already (304). Whoever navigates to a place inside the client
// ("/rooms/7") gets index.html. Nothing: there is no such file. Ranges are not served: the answer
// is the whole file, as RFC 9110 section 14.2 allows. No I/O; total.
[[nodiscard]] std::optional<FileAnswer> answer_file(const StaticFiles& files,
                                                    const FileRequest& request);

}  // namespace chatd::net
