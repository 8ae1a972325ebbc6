#include "line_editor.hpp"

#include <histedit.h>

#include "commands.hpp"
#include <algorithm>
#include <cstdlib>
#include <cwchar>
#include <sys/ioctl.h>
#include <unistd.h>

namespace terminal {
namespace {

constexpr int kHistoryLines = 200;
constexpr std::size_t kUsualWidth = 80;

std::size_t columns(const wchar_t* begin, const wchar_t* end) {
  std::size_t sum = 0;
  for (; begin != end; ++begin) sum += static_cast<std::size_t>(std::max(wcwidth(*begin), 0));
  return sum;
}

std::wstring to_wide(const std::string& text) {
  std::wstring wide(text.size() + 1, L'\0');
  const std::size_t size = std::mbstowcs(wide.data(), text.c_str(), wide.size());
  wide.resize(size == static_cast<std::size_t>(-1) ? 0 : size);
  return wide;
}

std::string to_bytes(const std::wstring& wide) {
  std::string text(wide.size() * MB_CUR_MAX + 1, '\0');
  const std::size_t size = std::wcstombs(text.data(), wide.c_str(), text.size());
  text.resize(size == static_cast<std::size_t>(-1) ? 0 : size);
  return text;
}

}  // namespace

LineEditor::LineEditor(std::function<bool()> wait_for_key, std::function<void(bool)> on_typing)
    : wait_for_key_(std::move(wait_for_key)),
      on_typing_(std::move(on_typing)),
      editor_(el_init("chatd", stdin, stdout, stderr), el_end),
      history_(history_winit(), history_wend) {
  HistEventW event;
  history_w(history_.get(), &event, H_SETSIZE, kHistoryLines);
  history_w(history_.get(), &event, H_SETUNIQUE, 1);
  el_wset(editor_.get(), EL_CLIENTDATA, this);
  el_wset(editor_.get(), EL_EDITOR, L"emacs");
  el_wset(editor_.get(), EL_HIST, history_w, history_.get());
  el_wset(editor_.get(), EL_PROMPT, &LineEditor::show_prompt);
  el_wset(editor_.get(), EL_GETCFN, &LineEditor::read_key);
  el_source(editor_.get(), nullptr);  // the person's own ~/.editrc
}

LineEditor::~LineEditor() = default;

wchar_t* LineEditor::show_prompt(editline* editor) {
  void* self = nullptr;
  el_wget(editor, EL_CLIENTDATA, &self);
  return static_cast<LineEditor*>(self)->prompt_.data();
}

int LineEditor::read_key(editline* editor, wchar_t* key) {
  void* data = nullptr;
  el_wget(editor, EL_CLIENTDATA, &data);
  auto& self = *static_cast<LineEditor*>(data);
  self.note_typing();
  std::mbstate_t state{};
  while (self.wait_for_key_()) {
    char byte = 0;
    if (read(STDIN_FILENO, &byte, 1) != 1) break;
    const std::size_t used = std::mbrtowc(key, &byte, 1, &state);
    if (used == static_cast<std::size_t>(-2)) continue;  // more bytes of this character
    if (used != static_cast<std::size_t>(-1)) return 1;
    state = {};  // no character of this locale: skipped
  }
  return 0;
}

std::optional<std::string> LineEditor::read_line() {
  int count = 0;
  is_editing_ = true;
  const wchar_t* entered = el_wgets(editor_.get(), &count);
  is_editing_ = false;
  if (entered == nullptr || count <= 0) return std::nullopt;
  std::wstring line(entered, static_cast<std::size_t>(count));
  while (!line.empty() && (line.back() == L'\n' || line.back() == L'\r')) line.pop_back();
  entered_columns_ = columns(line.data(), line.data() + line.size());
  HistEventW event;
  if (!line.empty()) history_w(history_.get(), &event, H_ENTER, line.c_str());
  return to_bytes(line);
}

std::size_t LineEditor::width() const {
  winsize size{};
  const bool is_known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsualWidth;
}

void LineEditor::clear_line() {
  const LineInfoW* line = el_wline(editor_.get());
  const std::size_t before = columns(prompt_.data(), prompt_.data() + prompt_.size()) +
                             columns(line->buffer, line->cursor);
  const std::size_t rows_above = before / width();
  if (rows_above > 0) std::printf("\033[%zuA", rows_above);
  std::fputs("\r\033[J", stdout);
}

void LineEditor::take_back_line() {
  const std::size_t all =
      columns(prompt_.data(), prompt_.data() + prompt_.size()) + entered_columns_;
  std::printf("\033[%zuA\r\033[J", all / width() + 1);
  std::fflush(stdout);
}

void LineEditor::print(const std::string& line) {
  if (is_editing_) clear_line();
  std::fputs((line + "\n").c_str(), stdout);
  std::fflush(stdout);
  if (is_editing_) el_wset(editor_.get(), EL_REFRESH);
}

void LineEditor::set_prompt(const std::string& prompt) {
  std::wstring wide = to_wide(prompt);
  if (wide == prompt_) return;
  if (is_editing_) clear_line();
  prompt_ = std::move(wide);
  if (is_editing_) el_wset(editor_.get(), EL_REFRESH);
}

void LineEditor::resize() { el_resize(editor_.get()); }

void LineEditor::note_typing() {
  const LineInfoW* line = el_wline(editor_.get());
  const std::string text = to_bytes(std::wstring(line->buffer, line->lastchar));
  const bool is_typing = !text.empty() && !is_command(text);
  if (is_typing || was_typing_) on_typing_(is_typing);
  was_typing_ = is_typing;
}

}  // namespace terminal
