#pragma once

#include "screen.hpp"
#include <functional>
#include <memory>
#include <optional>
#include <string>

struct editline;
struct historyW;

namespace terminal {

// A prompt with line editing and history (libedit). What is printed meanwhile appears above the
// line being typed, which stays as it is. While it waits for a key, the network goes on: see
// `wait_for_key`.
class LineEditor final : public Screen {
 public:
  // `wait_for_key`: does all other work until standard input is readable; false ends the input.
  // `on_typing`: the line changed; true while something is on it that is no command.
  LineEditor(std::function<bool()> wait_for_key, std::function<void(bool)> on_typing);
  ~LineEditor() override;

  // The next line, without its end; nothing at the end of the input.
  [[nodiscard]] std::optional<std::string> read_line();
  // Takes the line just entered off the screen again.
  void take_back_line();

  void print(const std::string& line) override;
  void set_prompt(const std::string& prompt) override;
  // The terminal's size changed.
  void resize();

 private:
  static wchar_t* show_prompt(editline* editor);
  static int read_key(editline* editor, wchar_t* key);
  [[nodiscard]] std::size_t width() const;
  void clear_line();
  void note_typing();

  const std::function<bool()> wait_for_key_;
  const std::function<void(bool)> on_typing_;
  std::unique_ptr<editline, void (*)(editline*)> editor_;
  std::unique_ptr<historyW, void (*)(historyW*)> history_;
  std::wstring prompt_;
  bool is_editing_ = false;
  bool was_typing_ = false;
  std::size_t entered_columns_ = 0;
};

}  // namespace terminal
