#pragma once

#include "daemon/base/result.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/methods/table.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <variant>

namespace chatd::wire {

// A request that is known to be well-formed: nothing behind the decoder sees raw input.
struct Request {
  std::string id;  // as JSON text; empty: a notification, which gets no answer
  Params params;
};
// Bytes that are no request, or ask for what there is not.
struct BadRequest {
  std::string id;  // as JSON text; "null" where none could be read; empty: gets no answer
  Error error;
};
using Decoded = std::variant<Request, BadRequest>;

namespace detail {
struct Parsers;
}

// Bytes of one frame -> a typed request. Total: any bytes give a Request or a BadRequest. Not
// thread-safe: each I/O thread has its own.
class Decoder {
 public:
  Decoder();
  Decoder(Decoder&&) noexcept;
  Decoder& operator=(Decoder&&) noexcept;
  ~Decoder();

  [[nodiscard]] Decoded decode(std::string_view frame);

 private:
  std::unique_ptr<detail::Parsers> parsers_;
};

// {"jsonrpc":"2.0","id":...,"result":...}
template <class Answer>
[[nodiscard]] std::string encode_answer(std::string_view id, const Answer& answer) {
  std::string out = R"({"jsonrpc":"2.0","id":)";
  out += id;
  out += R"(,"result":)";
  append_value(out, answer);
  out += '}';
  return out;
}

// {"jsonrpc":"2.0","id":...,"error":{"code":-32003,"message":"...","data":{"code":"not_found"}}}.
// The message is the error's own where the peer caused it, else the code's sentence.
// An empty id is written as null.
[[nodiscard]] std::string encode_error(std::string_view id, const Error& error);

}  // namespace chatd::wire
