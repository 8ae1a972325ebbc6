#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/result.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

// What came of looking whether a link can be. Values; any thread.
namespace chatd::federation {

// One thing that must work between this server and another one.
struct CheckStep {
  std::string name;  // "policy", "key", "document", "clock", "version", "connect", "handshake"
  bool is_good = false;
  std::string words;       // what was found, or what is wrong
  bool is_theirs = false;  // the other server looked; not part of the form
};
using CheckDone = std::function<void(std::vector<CheckStep>)>;

// What admins are shown as it came: one line of text.
[[nodiscard]] bool is_line(std::string_view text);

// As they stand in a frame. What can't stand there is cut or left out.
void write(ByteWriter& out, const std::vector<CheckStep>& steps);
[[nodiscard]] Result<std::vector<CheckStep>> read_check_steps(ByteReader& in);

}  // namespace chatd::federation
