#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/wire/schema.hpp"

#include <concepts>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::cli {

// A file or folder in a command's parameters.
class FileName {
 public:
  FileName() = default;
  [[nodiscard]] static Result<FileName> parse(std::string_view text);
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};
inline constexpr wire::Bounds kFileName{.max_code_points = 4096};  // PATH_MAX

enum class Kind : std::uint8_t { text, user, number, flag, choice, file };

// One thing that may stand on the line: a value by its place, or `--name VALUE`, or `--name`.
struct Argument {
  std::string name;   // "display-name"
  std::string field;  // what it is called in the parameters; empty: not for the daemon
  std::string sentence{};
  Kind kind = Kind::text;
  std::vector<std::string> choices{};
  bool is_positional = false;
  bool is_required = false;  // of a flag: the daemon is told false when it is not there

  [[nodiscard]] std::string usage() const;  // "USER", "--limit NUMBER"
};

[[nodiscard]] std::string upper(std::string_view ascii);

// Whether `text` is what Kind::number takes: 0, or up to 19 digits that do not start with 0.
[[nodiscard]] bool is_whole_number(std::string_view text);

// What stands on the line: an argument's name -> its text; a flag that is set -> "true".
using Values = std::map<std::string, std::string, std::less<>>;

// The parameters as a JSON object: what `arguments` took from the line (its numbers are numbers),
// then `fixed` members.
[[nodiscard]] std::string to_params(std::span<const Argument> arguments, const Values& values,
                                    std::string_view fixed);

// Makes the arguments of a described parameter struct: what must be there is given by its place,
// the rest by its name. A secret is never an argument but named by `secret`.
class ArgumentReader {
 public:
  ArgumentReader(std::vector<Argument>& out, std::string& secret, std::string_view positional)
      : out_(out), secret_(secret), positional_(positional) {}

  template <class T>
  void operator()(std::string_view key, const T&, std::string_view sentence, wire::Bounds = {}) {
    if constexpr (wire::IsOptional<T>::value) {
      add<typename T::value_type>(key, sentence, false);
    } else {
      add<T>(key, sentence, true);
    }
  }

 private:
  template <class T>
  void add(std::string_view key, std::string_view sentence, bool is_required) {
    Argument argument{.name = {}, .field = std::string(key), .sentence = std::string(sentence)};
    argument.is_required = is_required;
    argument.is_positional = is_required || key == positional_;
    if constexpr (std::same_as<T, Secret>) {
      secret_ = key;
      return;
    } else if constexpr (std::same_as<T, bool>) {
      argument.kind = Kind::flag;
      argument.is_positional = false;
    } else if constexpr (std::integral<T>) {
      argument.kind = Kind::number;
    } else if constexpr (std::same_as<T, UserId>) {
      argument.kind = Kind::user;
    } else if constexpr (std::same_as<T, FileName>) {
      argument.kind = Kind::file;
    } else if constexpr (wire::WordEnum<T>) {
      argument.kind = Kind::choice;
      argument.choices.assign(wire::Words<T>::kList.begin(), wire::Words<T>::kList.end());
    }
    finish(std::move(argument));
  }
  void finish(Argument argument);

  std::vector<Argument>& out_;
  std::string& secret_;
  std::string_view positional_;
};

}  // namespace chatd::cli
