#pragma once

#include "app.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace terminal {

// Commands from a file or a pipe instead of a person: the same lines, one after the other, each
// after what the one before asked for is answered, and
//
//   /wait SECONDS message TEXT      a message of someone else that contains TEXT came
//   /wait SECONDS ack               everything said so far is on the server's disk
//   /wait SECONDS read              someone has read the newest message sent to the open room
//   /wait SECONDS online | offline
//   /wait SECONDS invite            there is an invitation: /rooms lists it
//   /wait SECONDS presence USER STATE
//   # a comment; it stands in the transcript too, so that whoever reads along knows how far it is
//
// The first thing that fails ends it.
class Script {
 public:
  Script(App& app, client::Env env) : app_(app), env_(std::move(env)) {}

  void feed(std::string_view bytes) { input_ += bytes; }
  void end_input() { has_ended_ = true; }
  // Runs what can be run now.
  void advance();
  [[nodiscard]] bool is_done() const { return is_done_; }
  [[nodiscard]] bool has_failed() const { return app_.failures() > 0; }
  // By steady_ms.
  [[nodiscard]] std::int64_t next_deadline() const;

 private:
  struct Wait {
    std::string what;                // as it was written
    std::vector<std::string> words;  // without the seconds
    std::int64_t deadline;
  };

  [[nodiscard]] std::optional<std::string> next_line();
  void run(const std::string& line);
  void begin_wait(const std::string& line);
  [[nodiscard]] bool is_over(const Wait& wait);
  [[nodiscard]] bool was_heard(const std::string& text);
  [[nodiscard]] bool is_invited();

  App& app_;
  const client::Env env_;
  std::string input_;
  bool has_ended_ = false;
  bool is_done_ = false;
  std::optional<Wait> wait_;
  std::int64_t busy_until_ = 0;  // while the command before is not answered
};

}  // namespace terminal
