#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// With whom this server federates, as its admin decided. Values; any thread.
namespace chatd::federation {

enum class Mode : std::uint8_t {
  open,        // with everybody who is not denied
  allow_list,  // with those who are allowed
  closed       // with nobody
};

// A server's name, or `*.` and a name: all below that name, and not itself.
class ServerPattern {
 public:
  [[nodiscard]] static Result<ServerPattern> parse(std::string_view text);
  [[nodiscard]] bool matches(std::string_view server) const;
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  explicit ServerPattern(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

struct Denial {
  ServerPattern servers;
  std::string reason;  // for the admin
  TimeMs expires = 0;  // 0: never
};

struct Policy {
  Mode mode = Mode::closed;
  std::vector<ServerPattern> allowed;
  std::vector<Denial> denied;  // goes before what is allowed
};

// Whether to federate with `server`; `denied` with the reason in words, for the log and the admin.
[[nodiscard]] Status admit(const Policy& policy, std::string_view server, TimeMs now);

}  // namespace chatd::federation
