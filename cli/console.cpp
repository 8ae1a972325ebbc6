#include "cli/console.hpp"

#include "daemon/wire/limits.hpp"

#include <fmt/format.h>

#include <array>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <iostream>
#include <termios.h>
#include <unistd.h>

namespace chatd::cli {
namespace {

constexpr std::size_t kMaxSecretBytes = wire::kMaxPasswordCharacters * 4;  // as UTF-8
constexpr int kMaxTries = 3;
constexpr std::array kEndingSignals{SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};

volatile std::sig_atomic_t caught_signal = 0;

// The terminal with its echo switched off. A signal that would end the process meanwhile is kept
// until the echo is on again.
class QuietTerminal {
 public:
  QuietTerminal() : fd_(open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC)) {
    if (fd_ < 0 || tcgetattr(fd_, &before_) != 0) return;
    caught_signal = 0;
    struct sigaction action {};
    action.sa_handler = [](int signal) { caught_signal = signal; };  // no SA_RESTART: read() ends
    for (std::size_t i = 0; i < kEndingSignals.size(); ++i)
      sigaction(kEndingSignals[i], &action, &handlers_[i]);
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    is_quiet_ = tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;
  ~QuietTerminal() {
    if (is_quiet_) {
      tcsetattr(fd_, TCSAFLUSH, &before_);
      for (std::size_t i = 0; i < kEndingSignals.size(); ++i)
        sigaction(kEndingSignals[i], &handlers_[i], nullptr);
    }
    if (fd_ >= 0) close(fd_);
    if (is_quiet_ && caught_signal != 0) std::raise(caught_signal);
  }

  [[nodiscard]] bool is_ready() const { return is_quiet_; }
  void say(std::string_view text) const {
    [[maybe_unused]] const auto written = write(fd_, text.data(), text.size());
  }
  // One line; nothing when a signal or the input's end came first.
  [[nodiscard]] Result<Secret> line() const {
    std::string text;
    text.reserve(kMaxSecretBytes + 1);  // so that no copy is left behind
    char c = 0;
    while (read(fd_, &c, 1) == 1 && c != '\n') {
      if (text.size() == kMaxSecretBytes) return fail(Code::too_large, "that is too long");
      text.push_back(c);
    }
    if (c != '\n') return fail(Code::conflict, "nothing was entered, nothing was done");
    return Secret(std::move(text));
  }

 private:
  int fd_;
  bool is_quiet_ = false;
  termios before_{};
  std::array<struct sigaction, kEndingSignals.size()> handlers_{};
};

Result<Secret> ask_on_terminal(std::string_view prompt) {
  const QuietTerminal terminal;
  if (!terminal.is_ready())
    return fail(Code::invalid_params,
                "there is no terminal to ask on: use --password-stdin or --password-file FILE");
  terminal.say(prompt);
  auto line = terminal.line();
  terminal.say("\n");
  return line;
}

}  // namespace

Console system_console() {
  return {std::cin, std::cout, std::cerr, isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1,
          &ask_on_terminal};
}

bool ask_yes(Console& console, std::string_view question) {
  console.err << question << " [y/N] " << std::flush;
  std::string line;
  if (!std::getline(console.in, line)) console.err << '\n';
  return line == "y" || line == "Y" || line == "yes";
}

Result<Secret> read_secret(std::istream& stream, std::string_view what) {
  std::string text(kMaxSecretBytes + 3, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(stream.gcount()));
  if (stream.bad()) return fail(Code::internal, fmt::format("{} can't be read", what));
  if (text.ends_with('\n')) text.pop_back();
  if (text.ends_with('\r')) text.pop_back();
  Secret secret(std::move(text));
  if (secret.empty()) return fail(Code::invalid_params, fmt::format("{} holds nothing", what));
  if (secret.reveal().size() > kMaxSecretBytes)
    return fail(Code::too_large, fmt::format("{} holds more than a password", what));
  if (secret.reveal().find('\n') != std::string_view::npos)
    return fail(Code::invalid_params, fmt::format("{} holds more than one line", what));
  return secret;
}

Result<Secret> ask_new_secret(Console& console, std::string_view what) {
  for (int i = 0; i < kMaxTries; ++i) {
    CHATD_TRY(Secret first, console.ask_secret(fmt::format("New {}: ", what)));
    if (first.empty()) return fail(Code::invalid_params, "nothing was entered, nothing was done");
    CHATD_TRY(const Secret again, console.ask_secret("The same again: "));
    if (again.equals(first.reveal())) return first;
    console.err << "These were not the same.\n";
  }
  return fail(Code::invalid_params, "they were never the same, nothing was done");
}

}  // namespace chatd::cli
