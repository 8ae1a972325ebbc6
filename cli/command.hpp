#pragma once

#include "cli/argument.hpp"
#include "cli/context.hpp"
#include "cli/document.hpp"
#include "cli/shape.hpp"
#include "daemon/wire/decode.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/methods/method.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::cli {

// What a row says beside its method, where the method alone does not tell.
struct Extras {
  std::string_view summary{};     // instead of the method's own
  std::string_view columns{};     // of its table; all unless told
  std::string_view positional{};  // an optional parameter that is given by its place
  std::string_view fixed{};       // members of the parameters that the words imply
  std::string_view warning{};     // what it destroys: it asks first, and has --yes and --dry-run
  std::string_view preview{};     // with a warning: the command that shows what is at stake
  std::string_view problems{};    // a list in the answer: if it holds any, the check found problems
  std::string (*print)(const Json& answer) = nullptr;  // instead of the usual table
  int schema = 1;  // grows when a part of the answer goes or changes its meaning
};

// A row of the table: one thing chatctl can do. Parser, help, man page and completion are made from
// these.
struct Command {
  std::string_view words;  // "user create"
  std::string_view summary;
  std::vector<Argument> arguments{};
  std::string secret{};  // a parameter that is asked for, or read from a file; empty: none
  Shape answer{};
  bool has_pages = false;  // `after` and `next`, and hence --all
  Status (*check)(const Json& params) = nullptr;
  Status (*run)(const std::string& params, Context& context) = nullptr;
  Extras extras;
};

// All rows, in the order of the man page. Made at the first call.
[[nodiscard]] std::span<const Command> commands();
[[nodiscard]] const Command* find_command(std::string_view words);

// What every command takes: --config, --socket, --timeout, --json.
[[nodiscard]] std::span<const Argument> global_arguments();

// What the families in commands/ bring.
[[nodiscard]] std::vector<Command> server_commands();
[[nodiscard]] std::vector<Command> config_commands();
[[nodiscard]] std::vector<Command> user_commands();
[[nodiscard]] std::vector<Command> room_commands();
[[nodiscard]] std::vector<Command> message_commands();
[[nodiscard]] std::vector<Command> federation_commands();
[[nodiscard]] std::vector<Command> plugin_commands();
[[nodiscard]] std::vector<Command> shell_commands();

namespace detail {

template <class Method>
Status check_params(const Json& params) {
  Method method;
  return wire::read_object(params, method, "params");
}

template <class Method>
Status ask_daemon(const std::string& params, Context& context) {
  CHATD_TRY(const std::string answer, context.daemon.call(Method::kMethod.name, params));
  return context.emit(answer);
}

template <class Method, auto kHandler>
Status do_here(const std::string& params, Context& context) {
  Method method;
  CHATD_TRY(const Document document, Document::parse(params));
  CHATD_CHECK(wire::read_object(document.root(), method, "params"));
  CHATD_TRY(const auto answer, kHandler(method, context));
  if constexpr (std::same_as<std::remove_cvref_t<decltype(answer)>, std::string>) {
    return context.emit(answer);
  } else {
    return context.emit(wire::to_json(answer));
  }
}

void finish_row(Command& command);

template <class Method>
[[nodiscard]] Command row(std::string_view words, const Extras& extras) {
  Command command{.words = words, .summary = extras.summary, .extras = extras};
  if constexpr (requires { Method::kMethod; }) {
    if (command.summary.empty()) command.summary = Method::kMethod.summary;
  }
  Method sample;
  Method::fields(sample, ArgumentReader(command.arguments, command.secret, extras.positional));
  command.answer = shape_of<typename Method::Answer>();
  command.check = &check_params<Method>;
  finish_row(command);
  return command;
}

}  // namespace detail

// A row whose method the daemon answers.
template <class Method>
[[nodiscard]] Command remote(std::string_view words, const Extras& extras = {}) {
  Command command = detail::row<Method>(words, extras);
  command.run = &detail::ask_daemon<Method>;
  return command;
}

// A row that chatctl does itself: kHandler is Result<Method::Answer>(const Method&, Context&), or
// gives that answer as JSON text; it may ask the daemon on its way.
template <class Method, auto kHandler>
[[nodiscard]] Command local(std::string_view words, const Extras& extras) {
  Command command = detail::row<Method>(words, extras);
  command.run = &detail::do_here<Method, kHandler>;
  return command;
}

}  // namespace chatd::cli
