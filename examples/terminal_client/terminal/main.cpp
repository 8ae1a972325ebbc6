#include "app.hpp"
#include "commands.hpp"
#include "line_editor.hpp"
#include "loop.hpp"
#include "options.hpp"
#include "password.hpp"
#include "safe_text.hpp"
#include "script.hpp"
#include <array>
#include <clocale>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <langinfo.h>
#include <limits>
#include <memory>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace terminal {
namespace {

using client::Account, client::Cache, client::Env, client::TlsContext;

int complain(const std::string& what, Exit exit) {
  std::fprintf(stderr, "chatd_terminal_client: %s\n", what.c_str());
  return static_cast<int>(exit);
}

// Reads what is there of a script; false at its end.
bool feed_script(int fd, Script& script) {
  std::array<char, 4096> bytes;
  const ssize_t size = read(fd, bytes.data(), bytes.size());
  if (size > 0) script.feed({bytes.data(), static_cast<std::size_t>(size)});
  return size > 0;
}

Exit run_script(App& app, const Env& env, int fd) {
  Script script(app, env);
  bool is_open = true;
  app.chat().start();
  while (!script.is_done() && !was_told_to_end() && app.chat().cache().error().empty()) {
    const bool can_read =
        wait_and_advance(app.chat(), is_open ? fd : -1, env.steady_ms(), script.next_deadline());
    if (can_read && !feed_script(fd, script)) {
      is_open = false;
      script.end_input();
    }
    script.advance();
    app.tick();
  }
  app.chat().stop();
  if (app.is_refused()) return Exit::refused;
  return script.has_failed() || !script.is_done() ? Exit::failed : Exit::ok;
}

// A person: the editor asks for keys, and waiting for one is when everything else happens.
class Person final : public Screen {
 public:
  explicit Person(const Env& env)
      : env_(env),
        editor_([this] { return wait_for_key(); },
                [this](bool is_typing) { app_->on_typing_here(is_typing); }) {}

  Exit talk(App& app) {
    app_ = &app;
    app.chat().start();
    app.say("· /help lists the commands, Ctrl-D leaves");
    while (is_going_on()) {
      const auto line = editor_.read_line();
      if (!line) break;
      if (!line->empty()) editor_.take_back_line();
      if (is_command(*line)) editor_.print("> " + safe_line(*line));
      app.run_line(*line);
    }
    app.chat().stop();
    editor_.print("");
    return app.is_refused() ? Exit::refused : Exit::ok;
  }

  void print(const std::string& line) override { editor_.print(line); }
  void set_prompt(const std::string& prompt) override { editor_.set_prompt(prompt); }

 private:
  bool is_going_on() const {
    return !app_->has_quit() && !app_->is_refused() && !was_told_to_end() &&
           app_->chat().cache().error().empty();
  }

  bool wait_for_key() {
    constexpr auto kNever = std::numeric_limits<std::int64_t>::max();
    while (is_going_on()) {
      const bool is_key = wait_and_advance(app_->chat(), STDIN_FILENO, env_.steady_ms(), kNever);
      if (was_resized()) editor_.resize();
      app_->tick();
      if (is_key) return true;
    }
    return false;
  }

  const Env env_;
  App* app_ = nullptr;
  LineEditor editor_;
};

int run(const Options& options) {
  auto tls = TlsContext::create(options.ca_file);
  if (!tls.value) return complain(tls.error, Exit::broken);
  auto cache = Cache::open(account_folder(options));
  if (!cache.value) return complain(cache.error, Exit::broken);

  client::Outcome<std::string> password{std::string(), {}};
  if (!options.password_file.empty()) {
    password = read_password_file(options.password_file);
  } else if (cache.value->value("token").empty()) {
    password = ask_password(options.user);
  }
  if (!password.value) return complain(password.error, Exit::usage);

  const Env env = client::system_env();
  Account account{options.host,    options.port,         options.user,
                  *password.value, options.device_name,  options.is_sign_up,
                  options.invite,  options.display_name, {}};
  Exit exit = Exit::ok;
  if (options.script.empty() && isatty(STDIN_FILENO) != 0) {
    Person person(env);
    App app(*tls.value, account, env, *cache.value, person, {});
    exit = person.talk(app);
  } else {
    const bool is_stdin = options.script.empty() || options.script == "-";
    const int fd = is_stdin ? STDIN_FILENO : ::open(options.script.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return complain(options.script + ": " + std::strerror(errno), Exit::broken);
    PlainScreen screen;
    App app(*tls.value, account, env, *cache.value, screen, {.has_time = false, .context = 0});
    exit = run_script(app, env, fd);
  }
  if (!cache.value->error().empty()) return complain(cache.value->error(), Exit::broken);
  return static_cast<int>(exit);
}

}  // namespace
}  // namespace terminal

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "");
  if (std::string_view(nl_langinfo(CODESET)) != "UTF-8") std::setlocale(LC_CTYPE, "C.UTF-8");
  terminal::catch_signals();
  const auto options = terminal::read_options(argc, argv);
  if (!options.value) {
    std::fprintf(stderr, "%s", terminal::kUsage);
    return terminal::complain(options.error, terminal::Exit::usage);
  }
  if (options.value->wants_help) {
    std::fputs(terminal::kUsage, stdout);
    return 0;
  }
  return terminal::run(*options.value);
}
