#include "cli/command.hpp"
#include "cli/print.hpp"
#include "cli/safe_text.hpp"
#include "daemon/wire/events.hpp"
#include "daemon/wire/methods/admin.hpp"

#include <fmt/format.h>

namespace chatd::cli {
namespace {

// Asks the daemon to end and waits until it has.
Result<wire::Nothing> shut_down(const wire::AdminShutdown&, Context& context) {
  CHATD_TRY(const std::string answer, context.daemon.call(wire::AdminShutdown::kMethod.name, "{}"));
  CHATD_CHECK(context.daemon.wait_until_gone());
  return wire::Nothing{};
}

struct LogFollow {
  using Answer = wire::LogEvent;
  static void fields(auto&, auto&&) {}
};

// Emits each line as it comes; ends with the connection, or the process by Ctrl-C.
Result<wire::LogEvent> follow_log(const LogFollow&, Context& context) {
  CHATD_TRY(const std::string answer,
            context.daemon.call(wire::AdminLogFollow::kMethod.name, "{}"));
  for (;;) {
    CHATD_TRY(const std::string line, context.daemon.next_event(wire::LogEvent::kEvent.name));
    CHATD_CHECK(context.emit(line));
  }
}

std::string print_log_line(const Json& answer) {
  TimeMs time = 0;
  if (answer.at_key("time").get(time) != simdjson::SUCCESS) time = 0;
  return fmt::format("{} {} {}\n", time_text(time), safe_line(text_at(answer, "level")),
                     safe_line(text_at(answer, "line")));
}

std::string print_reload(const Json& answer) {
  std::string out;
  for (const auto& [key, words] : {std::pair{"changed", "in force now:"},
                                   std::pair{"needs_restart", "waits for a restart:"}}) {
    simdjson::dom::array list;
    if (answer.at_key(key).get(list) != simdjson::SUCCESS) continue;
    for (const Json item : list) {
      std::string_view text;
      if (item.get(text) == simdjson::SUCCESS)
        out += fmt::format("{} {}\n", words, safe_line(text));
    }
  }
  return out.empty() ? "Read again; nothing has changed.\n" : out;
}

}  // namespace

std::vector<Command> server_commands() {
  std::vector<Command> out;
  out.push_back(remote<wire::AdminStatus>("status"));
  out.push_back(remote<wire::AdminReload>("reload", {.print = &print_reload}));
  out.push_back(local<wire::AdminShutdown, &shut_down>(
      "shutdown", {.warning = "Everybody is disconnected, and nobody can write until the daemon is "
                              "started again.",
                   .preview = "status"}));
  out.push_back(remote<wire::AdminMetrics>("metrics"));
  out.push_back(local<LogFollow, &follow_log>(
      "log follow",
      {.summary = "Prints each new log line until Ctrl-C.", .print = &print_log_line}));
  out.push_back(remote<wire::AdminCertShow>("cert show"));
  out.push_back(remote<wire::AdminCertReload>("cert reload"));
  return out;
}

}  // namespace chatd::cli
