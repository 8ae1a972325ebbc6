#include "commands.hpp"

#include "app.hpp"
#include "safe_text.hpp"
#include <cctype>

namespace terminal {
namespace {

void help(App& app, const std::vector<std::string>&);

void quit(App& app, const std::vector<std::string>&) { app.quit(); }

const std::vector<Command>& general_commands() {
  static const std::vector<Command> list{
      {"help", "", "this list", 0, help},
      {"quit", "", "leave; this device stays logged in", 0, quit},
  };
  return list;
}

template <class F>
void for_each_command(F&& f) {
  for (const auto* list :
       {&room_commands(), &message_commands(), &people_commands(), &general_commands()})
    for (const Command& command : *list) f(command);
}

void help(App& app, const std::vector<std::string>&) {
  app.say("Plain text goes to the open room; //text sends /text. Commands:");
  for_each_command([&](const Command& command) {
    std::string usage = "/" + std::string(command.name);
    if (!command.arguments.empty()) usage += " " + std::string(command.arguments);
    usage.resize(std::max<std::size_t>(usage.size() + 1, 28), ' ');
    app.say("  " + usage + std::string(command.help));
  });
}

}  // namespace

bool is_command(std::string_view line) { return line.starts_with('/') && !line.starts_with("//"); }

void run_command(App& app, const std::string& line) {
  std::vector<std::string> words = split_words(line);
  if (words.empty()) return app.fail("a command's name is missing: /help lists them");
  const std::string name = words.front();
  words.erase(words.begin());
  const Command* found = nullptr;
  for_each_command([&](const Command& command) {
    if (command.name == name) found = &command;
  });
  if (found == nullptr) return app.fail("there is no /" + safe_line(name) + ": /help lists all");
  if (words.size() < found->least)
    return app.fail("usage: /" + name + " " + std::string(found->arguments));
  found->run(app, words);
}

std::vector<std::string> split_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool is_quoted = false;
  bool is_word = false;
  for (const char c : line) {
    if (c == '"') {
      is_quoted = !is_quoted;
      is_word = true;
    } else if (c == ' ' && !is_quoted) {
      if (is_word) words.push_back(std::move(word));
      word.clear();
      is_word = false;
    } else {
      word += c;
      is_word = true;
    }
  }
  if (is_word) words.push_back(std::move(word));
  return words;
}

std::string join_words(const std::vector<std::string>& words, std::size_t first) {
  std::string text;
  for (std::size_t i = first; i < words.size(); ++i) text += (i == first ? "" : " ") + words[i];
  return text;
}

std::uint64_t message_number(const std::string& word) {
  const std::size_t start = word.starts_with("#") ? 1 : 0;
  if (word.size() == start || word.size() > 18) return 0;
  std::uint64_t number = 0;
  for (std::size_t i = start; i < word.size(); ++i) {
    if (std::isdigit(static_cast<unsigned char>(word[i])) == 0) return 0;
    number = number * 10 + static_cast<std::uint64_t>(word[i] - '0');
  }
  return number;
}

}  // namespace terminal
