#include "cli/argument.hpp"

#include "daemon/wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace chatd::cli {
namespace {

std::string_view value_word(const Argument& argument) {
  switch (argument.kind) {
    case Kind::user:
      return "USER";
    case Kind::number:
      return "NUMBER";
    case Kind::file:
      return "FILE";
    case Kind::text:
    case Kind::choice:
    case Kind::flag:
      break;
  }
  return "TEXT";
}

}  // namespace

Result<FileName> FileName::parse(std::string_view text) {
  if (text.empty()) return fail(Code::invalid_params, "a file's name is not empty");
  if (text.find('\0') != std::string_view::npos)
    return fail(Code::invalid_params, "a file's name holds no zero byte");
  FileName made;
  made.text_ = text;
  return made;
}

std::string upper(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
  return out;
}

bool is_whole_number(std::string_view text) {
  constexpr std::size_t kMaxDigits = 19;  // more do not fit 64 bits
  return !text.empty() && text.size() <= kMaxDigits &&
         text.find_first_not_of("0123456789") == std::string_view::npos &&
         (text.size() == 1 || text.front() != '0');
}

std::string Argument::usage() const {
  if (is_positional) {
    const std::string word =
        choices.empty() ? upper(name) : fmt::format("{}", fmt::join(choices, "|"));
    return is_required ? word : "[" + word + "]";
  }
  if (kind == Kind::flag) return "--" + name;
  if (!choices.empty()) return fmt::format("--{} {}", name, fmt::join(choices, "|"));
  return fmt::format("--{} {}", name, value_word(*this));
}

std::string to_params(std::span<const Argument> arguments, const Values& values,
                      std::string_view fixed) {
  std::string out = "{";
  for (const Argument& argument : arguments) {
    const auto value = values.find(argument.name);
    const bool is_there = value != values.end();
    const bool is_flag = argument.kind == Kind::flag;
    if (argument.field.empty() || (!is_there && !(is_flag && argument.is_required))) continue;
    if (out.size() > 1) out += ',';
    wire::append_string(out, argument.field);
    out += ':';
    if (is_flag) {
      out += is_there ? "true" : "false";
    } else if (argument.kind == Kind::number) {
      out += value->second;
    } else {
      wire::append_string(out, value->second);
    }
  }
  if (!fixed.empty()) {
    if (out.size() > 1) out += ',';
    out += fixed;
  }
  return out + "}";
}

void ArgumentReader::finish(Argument argument) {
  argument.name = argument.field;
  std::replace(argument.name.begin(), argument.name.end(), '_', '-');
  out_.push_back(std::move(argument));
}

}  // namespace chatd::cli
