#include "daemon/base/log.hpp"

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <mutex>

namespace chatd::log {
namespace {

// Hands each finished line to the function set by set_tap.
class TapSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  void set(Tap tap) {
    const std::lock_guard lock(mutex_);
    tap_ = std::move(tap);
  }

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    if (!tap_) return;
    const auto level = message.level >= spdlog::level::err    ? Level::error
                       : message.level == spdlog::level::warn ? Level::warning
                       : message.level == spdlog::level::info ? Level::info
                                                              : Level::debug;
    const auto time =
        std::chrono::duration_cast<std::chrono::milliseconds>(message.time.time_since_epoch());
    tap_(time.count(), level, {message.payload.data(), message.payload.size()});
  }
  void flush_() override {}

  Tap tap_;
};

struct Logger {
  std::shared_ptr<TapSink> tap = std::make_shared<TapSink>();
  spdlog::logger out{"chatd", {std::make_shared<spdlog::sinks::stderr_sink_mt>(), tap}};
  Logger() {
    out.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    out.flush_on(spdlog::level::trace);
  }
};

// Made on first use and never destroyed: threads may log until the process ends.
Logger& logger() {
  static auto* const instance = new Logger;
  return *instance;
}

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::debug:
      return spdlog::level::debug;
    case Level::info:
      return spdlog::level::info;
    case Level::warning:
      return spdlog::level::warn;
    case Level::error:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

bool is_plain(char c) { return c > ' ' && c != '"' && c != '=' && c != '\\' && c != 0x7f; }

// Whether a terminal would obey it: a control character of ASCII, or a byte of one of U+0080 to
// U+009F. Escaped, no peer can forge a line or move the cursor.
bool is_control(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto ends_c1 = [&](std::size_t i) { return byte(i) >= 0x80 && byte(i) <= 0x9f; };
  if (byte(at) < 0x20 || byte(at) == 0x7f) return true;
  if (byte(at) == 0xc2) return at + 1 < text.size() && ends_c1(at + 1);
  return ends_c1(at) && at > 0 && byte(at - 1) == 0xc2;
}

void append_value(std::string& line, std::string_view value) {
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_plain)) {
    line += value;
    return;
  }
  line += '"';
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '"' || c == '\\') {
      line += '\\';
      line += c;
    } else if (is_control(value, i)) {
      line += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      line += c;
    }
  }
  line += '"';
}

}  // namespace

void write(Level level, std::string_view event, std::initializer_list<Field> fields) {
  const auto spdlog_level = to_spdlog(level);
  if (!logger().out.should_log(spdlog_level)) return;
  std::string line(event);
  for (const Field& field : fields) {
    line.append(" ").append(field.key).append("=");
    append_value(line, field.value);
  }
  logger().out.log(spdlog_level, "{}", line);
}

void set_level(Level level) { logger().out.set_level(to_spdlog(level)); }

void silence() { logger().out.set_level(spdlog::level::off); }

void set_tap(Tap sink) { logger().tap->set(std::move(sink)); }

}  // namespace chatd::log
