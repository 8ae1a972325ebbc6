#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/wire/record.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace simdjson::dom {
class element;
}

namespace chatd::wire {

// A message's content: one JSON object, kept as the exact bytes that came. It has a `text` (up to
// 100,000 code points) or, end-to-end encrypted, a `ciphertext`; may have `reply_to` (a seq) and
// `mentions` (user ids); other members are the clients' own business. A member named twice is
// refused: readers would disagree on which one counts.
struct Content {
  std::string bytes;
  Seq reply_to = 0;
  std::vector<UserId> mentions;
  std::size_t characters = 0;  // code points of the text, or of the ciphertext if that is longer

  // Checks the object and takes what the server looks at; `bytes` is filled by the codec.
  [[nodiscard]] static Status read_json(const simdjson::dom::element& json, Content& content);
  // The same of bytes that came from another server.
  [[nodiscard]] static Result<Content> decode(std::string bytes);
};

// Whether these bytes can be the content of a record of this kind, whoever wrote them: one JSON
// object of bounded depth, with what readers of that kind rely on. Clients get it as it is.
[[nodiscard]] Status check_content(RecordKind kind, std::string_view bytes);

}  // namespace chatd::wire
