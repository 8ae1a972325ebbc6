#include "app.hpp"
#include "commands.hpp"
#include "message_text.hpp"
#include "safe_text.hpp"

namespace terminal {
namespace {

using Words = std::vector<std::string>;

// Calls `act(room id, number)` for the message of the open room that the first word names.
template <class F>
void with_message(App& app, const Words& words, F&& act) {
  const auto room = app.open();
  if (!room) return app.fail("no room is open");
  const std::uint64_t number = message_number(words[0]);
  if (number == 0) return app.fail("a message's number stands before it: 5 or #5");
  act(room->id, number);
}

void reply(App& app, const Words& words) {
  with_message(app, words, [&](const std::string& room, std::uint64_t number) {
    app.chat().send(room, join_words(words, 1), number);
  });
}

void edit(App& app, const Words& words) {
  with_message(app, words, [&](const std::string& room, std::uint64_t number) {
    app.chat().edit(room, number, join_words(words, 1));
  });
}

void redact(App& app, const Words& words) {
  with_message(app, words, [&](const std::string& room, std::uint64_t number) {
    app.chat().redact(room, number);
  });
}

void react(App& app, const Words& words) {
  with_message(app, words, [&](const std::string& room, std::uint64_t number) {
    // The same reaction again takes it back.
    const auto message = app.chat().cache().message(room, number);
    bool is_set = true;
    if (message) {
      const auto found = message->reactions.find(words[1]);
      is_set = found == message->reactions.end() || !found->second.contains(app.chat().me());
    }
    app.chat().react(room, number, words[1], is_set);
  });
}

void show(App& app, const Words& words) {
  with_message(app, words, [&](const std::string& room, std::uint64_t number) {
    const auto message = app.chat().cache().message(room, number);
    if (!message) return app.fail("there is no such message here");
    app.show_message(*message);
    for (const std::string& line : safe_lines(message->text)) app.say("    | " + line);
    for (const auto& [reaction, who] : message->reactions) {
      std::string names;
      for (const std::string& user : who) names += " " + app.name(user);
      app.say("    [" + safe_line(reaction) + "]" + names);
    }
  });
}

void outbox(App& app, const Words&) {
  const auto waiting = app.chat().cache().outbox();
  for (const client::Outgoing& out : waiting) app.say("  " + outgoing_text(out));
  if (waiting.empty()) app.say("· all is sent");
}

void retry(App& app, const Words&) { app.chat().retry_refused(); }

void discard(App& app, const Words&) {
  app.chat().discard_refused();
  app.say("· what was refused is given up");
}

}  // namespace

const std::vector<Command>& message_commands() {
  static const std::vector<Command> list{
      {"reply", "#N TEXT", "answer a message", 2, reply},
      {"edit", "#N TEXT", "change a message of your own", 2, edit},
      {"redact", "#N", "erase a message", 1, redact},
      {"react", "#N EMOJI", "put a reaction, or take it back", 2, react},
      {"show", "#N", "a message in full, with who reacted", 1, show},
      {"outbox", "", "what is not sent yet", 0, outbox},
      {"retry", "", "send again what was refused", 0, retry},
      {"discard", "", "give up what was refused", 0, discard},
  };
  return list;
}

}  // namespace terminal
