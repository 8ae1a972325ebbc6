#include "cli/completion.hpp"

#include "cli/command.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <vector>

namespace chatd::cli {
namespace {

// What may come next behind some words of a command.
struct Stop {
  std::vector<std::pair<std::string, std::string>> words;  // with what they mean
  bool takes_files = false;
};

std::string option_word(const Argument& argument) { return "--" + argument.name; }

void add_arguments(Stop& stop, std::span<const Argument> arguments) {
  for (const Argument& argument : arguments) {
    if (!argument.is_positional) {
      stop.words.emplace_back(option_word(argument), argument.sentence);
    } else if (argument.kind == Kind::file) {
      stop.takes_files = true;
    }
    if (argument.is_positional)
      for (const std::string& choice : argument.choices) stop.words.emplace_back(choice, "");
  }
}

// Words of a command so far ("", "user", "user create") -> what may follow.
std::map<std::string, Stop, std::less<>> stops() {
  std::map<std::string, Stop, std::less<>> out;
  std::set<std::string, std::less<>> seen;
  for (const Command& command : commands()) {
    const std::string words(command.words);
    for (std::size_t begin = 0; begin < words.size();) {
      const std::size_t end = std::min(words.find(' ', begin), words.size());
      const std::string before = words.substr(0, begin == 0 ? 0 : begin - 1);
      if (seen.insert(words.substr(0, end)).second)
        out[before].words.emplace_back(words.substr(begin, end - begin),
                                       end == words.size() ? std::string(command.summary) : "");
      begin = end + 1;
    }
    add_arguments(out[words], command.arguments);
  }
  for (auto& [words, stop] : out) add_arguments(stop, global_arguments());
  return out;
}

// The options that take a value, with files told apart: their values are no words of a command.
struct ValueOptions {
  std::set<std::string> files;
  std::set<std::string> others;
};

ValueOptions value_options() {
  ValueOptions out;
  const auto add = [&](std::span<const Argument> arguments) {
    for (const Argument& argument : arguments) {
      if (argument.is_positional || argument.kind == Kind::flag) continue;
      (argument.kind == Kind::file ? out.files : out.others).insert(option_word(argument));
    }
  };
  add(global_arguments());
  for (const Command& command : commands()) add(command.arguments);
  return out;
}

std::string word_list(const Stop& stop) {
  std::string out;
  for (const auto& [word, meaning] : stop.words) out += (out.empty() ? "" : " ") + word;
  return out;
}

// `text` between single quotes, for all three shells.
std::string shell_word(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
    } else {
      out += c;
    }
  }
  return out + "'";
}

constexpr std::string_view kMade = "# Made by `chatctl completion {}`; do not edit.\n";

std::string bash_script() {
  const ValueOptions options = value_options();
  std::string out = fmt::format(fmt::runtime(kMade), "bash");
  out += fmt::format(
      "_chatctl() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  local command= words= files= i\n"
      "  COMPREPLY=()\n"
      "  case $previous in\n"
      "    {0}) mapfile -t COMPREPLY < <(compgen -f -- \"$current\"); return ;;\n"
      "    {1}) return ;;\n"
      "  esac\n"
      "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
      "    case ${{COMP_WORDS[i]}} in\n"
      "      {0}|{1}) ((i++)) ;;\n"
      "      -*) ;;\n"
      "      *) case \"$command${{command:+ }}${{COMP_WORDS[i]}}\" in\n",
      fmt::join(options.files, "|"), fmt::join(options.others, "|"));
  const auto all = stops();
  for (const auto& [words, stop] : all)
    if (!words.empty())
      out += fmt::format("          {}) command={} ;;\n", shell_word(words), shell_word(words));
  out +=
      "        esac ;;\n"
      "    esac\n"
      "  done\n"
      "  case $command in\n";
  for (const auto& [words, stop] : all)
    out += fmt::format("    {}) words={}{} ;;\n", shell_word(words), shell_word(word_list(stop)),
                       stop.takes_files ? " files=yes" : "");
  out +=
      "  esac\n"
      "  mapfile -t COMPREPLY < <(compgen -W \"$words\" ${files:+-f} -- \"$current\")\n"
      "}\n"
      "complete -o filenames -F _chatctl chatctl\n";
  return out;
}

std::string zsh_script() {
  const ValueOptions options = value_options();
  std::string out = "#compdef chatctl\n" + fmt::format(fmt::runtime(kMade), "zsh");
  out += fmt::format(
      "_chatctl() {{\n"
      "  local command= i\n"
      "  local -a choices\n"
      "  case ${{words[CURRENT-1]}} in\n"
      "    {0}) _files; return ;;\n"
      "    {1}) return ;;\n"
      "  esac\n"
      "  for ((i = 2; i < CURRENT; i++)); do\n"
      "    case ${{words[i]}} in\n"
      "      {0}|{1}) ((i++)) ;;\n"
      "      -*) ;;\n"
      "      *) case \"$command${{command:+ }}${{words[i]}}\" in\n",
      fmt::join(options.files, "|"), fmt::join(options.others, "|"));
  const auto all = stops();
  for (const auto& [words, stop] : all)
    if (!words.empty())
      out += fmt::format("          {}) command={} ;;\n", shell_word(words), shell_word(words));
  out +=
      "        esac ;;\n"
      "    esac\n"
      "  done\n"
      "  case $command in\n";
  for (const auto& [words, stop] : all) {
    out += fmt::format("    {})\n      choices=(\n", shell_word(words));
    for (const auto& [word, meaning] : stop.words)
      out += fmt::format("        {}\n",
                         shell_word(meaning.empty() ? word : fmt::format("{}:{}", word, meaning)));
    out += fmt::format("      ){} ;;\n", stop.takes_files ? "\n      _files" : "");
  }
  out +=
      "  esac\n"
      "  _describe chatctl choices\n"
      "}\n"
      "if [[ $funcstack[1] == _chatctl ]]; then _chatctl \"$@\"; else compdef _chatctl chatctl; "
      "fi\n";
  return out;
}

std::string fish_script() {
  const ValueOptions options = value_options();
  std::string out = fmt::format(fmt::runtime(kMade), "fish");
  out += fmt::format(
      "function __chatctl_at\n"
      "  set -l command ''\n"
      "  set -l skip no\n"
      "  for word in (commandline -opc)[2..-1]\n"
      "    if test $skip = yes\n"
      "      set skip no\n"
      "      continue\n"
      "    end\n"
      "    switch $word\n"
      "      case {} {}\n"
      "        set skip yes\n"
      "      case '-*'\n"
      "      case '*'\n"
      "        set -l longer (string trim -- \"$command $word\")\n"
      "        contains -- $longer $__chatctl_commands; and set command $longer\n"
      "    end\n"
      "  end\n"
      "  test \"$command\" = \"$argv[1]\"\n"
      "end\n"
      "set -g __chatctl_commands",
      fmt::join(options.files, " "), fmt::join(options.others, " "));
  const auto all = stops();
  for (const auto& [words, stop] : all)
    if (!words.empty()) out += " \\\n  " + shell_word(words);
  out += "\ncomplete -c chatctl -f\n";
  for (const auto& [words, stop] : all) {
    const std::string at =
        fmt::format("complete -c chatctl -n \"__chatctl_at {}\"", shell_word(words));
    for (const auto& [word, meaning] : stop.words) {
      const bool is_option = word.starts_with("--");
      out += fmt::format("{} {} {}", at, is_option ? "-l" : "-a", word.substr(is_option ? 2 : 0));
      if (options.files.contains(word)) out += " -r -F";
      if (options.others.contains(word)) out += " -x";
      out += meaning.empty() ? "\n" : " -d " + shell_word(meaning) + "\n";
    }
    if (stop.takes_files) out += at + " -F\n";
  }
  return out;
}

}  // namespace

std::string completion(Shell shell) {
  switch (shell) {
    case Shell::bash:
      return bash_script();
    case Shell::zsh:
      return zsh_script();
    case Shell::fish:
      return fish_script();
  }
  return {};
}

}  // namespace chatd::cli
