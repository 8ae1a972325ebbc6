#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace terminal {

class App;

// One thing a person may ask for.
struct Command {
  std::string_view name;
  std::string_view arguments;  // as /help shows them
  std::string_view help;
  std::size_t least;  // arguments it needs
  void (*run)(App& app, const std::vector<std::string>& words);
};

// Begins with one slash. Two of them stand for a text that begins with one.
[[nodiscard]] bool is_command(std::string_view line);
// What the words after the slash say. Mistakes are told on the screen.
void run_command(App& app, const std::string& line);

// Words apart by blanks; "two words" in quotes are one.
[[nodiscard]] std::vector<std::string> split_words(std::string_view line);
// The words from `first` on as one text.
[[nodiscard]] std::string join_words(const std::vector<std::string>& words, std::size_t first);
// A message's number: 5 or #5; 0 for anything else.
[[nodiscard]] std::uint64_t message_number(const std::string& word);

// The tables, by what they are about.
[[nodiscard]] const std::vector<Command>& room_commands();
[[nodiscard]] const std::vector<Command>& message_commands();
[[nodiscard]] const std::vector<Command>& people_commands();

}  // namespace terminal
