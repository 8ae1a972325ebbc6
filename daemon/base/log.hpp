#pragma once

#include "daemon/base/clock.hpp"

#include <fmt/format.h>

#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>

namespace chatd::log {

enum class Level { debug, info, warning, error };

// One `key=value` of a log line. Anything fmt can print, except a Secret.
struct Field {
  template <class T>
  Field(std::string_view field_key, const T& field_value)
      : key(field_key), value(fmt::format("{}", field_value)) {}
  std::string_view key;
  std::string value;
};

// One line to standard error: time, level, event, fields (logfmt: values quoted where needed). Any
// thread. `event` is a short sentence in lower case that never varies, so that it can be searched.
void write(Level level, std::string_view event, std::initializer_list<Field> fields = {});

inline void debug(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<Field> fields = {}) {
  write(Level::error, event, fields);
}

// Lines below `level` are dropped. Any thread; info from the start.
void set_level(Level level);
// Drops every line from now on: for programs whose output is something else.
void silence();

// Copies each line also to `sink` (chatctl log follow), called on the logging thread under a lock;
// an empty function ends it.
using Tap = std::function<void(TimeMs, Level, std::string_view line)>;
void set_tap(Tap sink);

}  // namespace chatd::log
