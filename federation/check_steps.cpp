#include "federation/check_steps.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/wire/json_text.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace chatd::federation {
namespace {

tl::unexpected<Error> refuse(std::string message) {
  return fail(Code::invalid_request, std::move(message));
}

Result<std::string> read_line(ByteReader& in, std::size_t max) {
  CHATD_TRY(const std::string_view text, in.blob(max));
  if (!is_line(text)) return refuse("what a step says is no line of text");
  return std::string(text);
}

}  // namespace

bool is_line(std::string_view text) { return wire::is_utf8(text) && is_name(text); }

void write(ByteWriter& out, const std::vector<CheckStep>& steps) {
  const std::size_t count = std::min(steps.size(), kMaxCheckSteps);
  out.varint(count);
  for (std::size_t i = 0; i < count; ++i) {
    const CheckStep& step = steps[i];
    out.blob(step.name);
    out.u8(step.is_good ? 1 : 0);
    // Words of libraries and resolvers are among them.
    out.blob(is_line(step.words) ? first_bytes(step.words, kMaxWordsBytes) : "-");
  }
}

Result<std::vector<CheckStep>> read_check_steps(ByteReader& in) {
  CHATD_TRY(const std::uint64_t count, in.varint());
  if (count == 0 || count > kMaxCheckSteps)
    return refuse(fmt::format("it has not 1 to {} steps", kMaxCheckSteps));
  std::vector<CheckStep> steps;
  for (std::uint64_t i = 0; i < count; ++i) {
    CheckStep step;
    CHATD_TRY(step.name, read_line(in, kMaxCheckNameBytes));
    CHATD_TRY(const std::uint8_t is_good, in.u8());
    if (is_good > 1) return refuse("a step is neither good nor not");
    step.is_good = is_good == 1;
    CHATD_TRY(step.words, read_line(in, kMaxWordsBytes));
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace chatd::federation
