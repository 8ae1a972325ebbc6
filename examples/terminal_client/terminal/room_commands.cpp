#include "app.hpp"
#include "commands.hpp"
#include "safe_text.hpp"

namespace terminal {
namespace {

using client::json, client::text_of;
using Words = std::vector<std::string>;

void rooms(App& app, const Words&) { app.list_rooms(); }

void open(App& app, const Words& words) {
  const std::string text = join_words(words, 0);
  if (const auto room = app.find_room(text)) return app.open_room(room->id);
  if (text.find(' ') != std::string::npos) return app.fail("there is no such room");
  // Not a room yet: the 1:1 room with somebody of that name.
  app.ask("room.open_direct", {{"user", app.chat().people().full_id(text)}},
          [&app](const json& answer) { app.open_when_known(text_of(answer, "room")); });
}

void found_group(App& app, const Words& words) {
  json invite = json::array();
  for (std::size_t i = 1; i < words.size(); ++i)
    invite.push_back(app.chat().people().full_id(words[i]));
  json params{{"name", words[0]}};
  if (!invite.empty()) params["invite"] = std::move(invite);
  app.ask("room.create", std::move(params),
          [&app](const json& answer) { app.open_when_known(text_of(answer, "room")); });
}

void invite(App& app, const Words& words) {
  const auto room = app.open();
  if (!room) return app.fail("no room is open");
  for (const std::string& word : words) {
    app.ask("room.invite", {{"room", room->id}, {"user", app.chat().people().full_id(word)}}, {});
  }
}

// The newest invitation, or nothing.
std::optional<client::Room> newest_invitation(App& app) {
  for (const client::Room& room : app.chat().cache().rooms()) {
    if (room.membership == "invited") return room;
  }
  return std::nullopt;
}

void join(App& app, const Words& words) {
  const std::string text = join_words(words, 0);
  const auto room = words.empty() ? newest_invitation(app) : app.find_room(text);
  // Open rooms can be entered by whoever has their id.
  const std::string id = room ? room->id : text;
  if (id.empty()) return app.fail("there is no invitation");
  app.ask("room.join", {{"room", id}}, [&app, id](const json&) { app.enter_when_joined(id); });
}

void leave(App& app, const Words& words) {
  const auto room = words.empty() ? app.open() : app.find_room(join_words(words, 0));
  if (!room) return app.fail("there is no such room");
  app.ask("room.leave", {{"room", room->id}}, [&app](const json&) { app.chat().sync(); });
}

void members(App& app, const Words&) {
  const auto room = app.open();
  if (!room) return app.fail("no room is open");
  app.ask("room.get", {{"room", room->id}}, [&app](const json& details) {
    for (const json& member : client::list_of(details, "members")) {
      const std::string user = text_of(member, "user");
      app.say("  " + app.name(user) + " (" + safe_line(user) + ") " +
              safe_line(text_of(member, "membership")) + ", " + safe_line(text_of(member, "role")) +
              ", has read up to #" + std::to_string(client::number_of(member, "read_seq")));
    }
  });
}

void kick(App& app, const Words& words) {
  const auto room = app.open();
  if (!room) return app.fail("no room is open");
  app.ask("room.kick", {{"room", room->id}, {"user", app.chat().people().full_id(words[0])}}, {});
}

void rename(App& app, const Words& words) {
  const auto room = app.open();
  if (!room) return app.fail("no room is open");
  app.ask("room.set", {{"room", room->id}, {"name", join_words(words, 0)}}, {});
}

void history(App& app, const Words&) { app.show_older(); }

}  // namespace

const std::vector<Command>& room_commands() {
  static const std::vector<Command> list{
      {"rooms", "", "rooms and invitations, with what is unread", 0, rooms},
      {"open", "N|NAME|USER", "open a room, or the 1:1 room with someone", 1, open},
      {"new", "NAME [USER...]", "found a group and invite people", 1, found_group},
      {"invite", "USER...", "invite to the open room", 1, invite},
      {"join", "[N|ID]", "accept an invitation (the newest), or enter an open room", 0, join},
      {"leave", "[N]", "leave a room, or decline an invitation", 0, leave},
      {"members", "", "who is in the open room", 0, members},
      {"kick", "USER", "take someone out of the open room", 1, kick},
      {"rename", "NAME", "name the open room", 1, rename},
      {"history", "", "older messages of the open room", 0, history},
  };
  return list;
}

}  // namespace terminal
