#include "daemon/host/status_words.hpp"

#include "daemon/base/utf8.hpp"
#include "daemon/wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

namespace chatd::host {
namespace {

struct Word {
  chatd_status status;
  std::string_view name;
  Code code;
};
constexpr std::array<Word, 18> kWords{{
    {CHATD_OK, "CHATD_OK", Code::internal},
    {CHATD_PASS, "CHATD_PASS", Code::internal},
    {CHATD_ALLOW, "CHATD_ALLOW", Code::internal},
    {CHATD_DROP, "CHATD_DROP", Code::internal},
    {CHATD_REPLACE, "CHATD_REPLACE", Code::internal},
    {CHATD_PENDING, "CHATD_PENDING", Code::internal},
    {CHATD_E_INVALID, "CHATD_E_INVALID", Code::invalid_params},
    {CHATD_E_DENIED, "CHATD_E_DENIED", Code::denied},
    {CHATD_E_NOT_FOUND, "CHATD_E_NOT_FOUND", Code::not_found},
    {CHATD_E_CONFLICT, "CHATD_E_CONFLICT", Code::conflict},
    {CHATD_E_LIMIT, "CHATD_E_LIMIT", Code::rate_limited},
    {CHATD_E_UNAVAILABLE, "CHATD_E_UNAVAILABLE", Code::unavailable},
    {CHATD_E_INTERNAL, "CHATD_E_INTERNAL", Code::internal},
    {CHATD_E_TOO_LARGE, "CHATD_E_TOO_LARGE", Code::too_large},
    {CHATD_E_UNSUPPORTED, "CHATD_E_UNSUPPORTED", Code::forbidden},
    {CHATD_E_WRONG_THREAD, "CHATD_E_WRONG_THREAD", Code::internal},
    {CHATD_E_CORRUPT, "CHATD_E_CORRUPT", Code::internal},
    {CHATD_E_NO_SPACE, "CHATD_E_NO_SPACE", Code::read_only},
}};

const Word* find(chatd_status status) {
  const auto* const found = std::find_if(kWords.begin(), kWords.end(),
                                         [&](const Word& word) { return word.status == status; });
  return found == kWords.end() ? nullptr : found;
}

}  // namespace

std::string status_name(chatd_status status) {
  const Word* const word = find(status);
  return word == nullptr ? fmt::format("status {}", status) : std::string(word->name);
}

Code code_of(chatd_status status) {
  const Word* const word = find(status);
  return word == nullptr ? Code::internal : word->code;
}

std::string clean(std::string_view detail) {
  if (!wire::is_utf8(detail)) return "";
  if (has_control_characters(detail)) return "";
  return std::string(first_bytes(detail, kMaxDetailBytes));
}

Error error_of(chatd_status status, std::string_view detail, std::uint64_t retry_after_ms) {
  Error error{code_of(status), clean(detail), 0};
  if (error.message.empty()) error.message = sentence(error.code);
  error.retry_after_ms = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(retry_after_ms, std::numeric_limits<std::uint32_t>::max()));
  return error;
}

}  // namespace chatd::host
