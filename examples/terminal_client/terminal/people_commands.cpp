#include "app.hpp"
#include "commands.hpp"
#include "message_text.hpp"
#include "safe_text.hpp"

namespace terminal {
namespace {

using client::json, client::text_of;
using Words = std::vector<std::string>;

std::string seen_text(const json& presence, std::int64_t now) {
  const std::string state = safe_line(text_of(presence, "state"));
  const std::int64_t seen = client::time_of(presence, "last_seen");
  return seen == 0 ? state : state + ", last seen " + time_text(seen, now);
}

void who(App& app, const Words&) {
  const auto room = app.open();
  const std::string method = room ? "presence.watch" : "presence.contacts";
  json params = json::object();
  if (room) params["room"] = room->id;
  app.ask(method, std::move(params), [&app](const json& answer) {
    for (const json& one : client::list_of(answer, "presence")) {
      app.chat().people().take_presence(one);
      app.say("  " + app.name(text_of(one, "user")) + ": " + seen_text(one, app.now()));
    }
  });
}

void contacts(App& app, const Words&) {
  for (const client::Contact& contact : app.chat().cache().contacts()) {
    const std::string presence = app.chat().people().presence(contact.user).state;
    std::string line = "  " + app.name(contact.user) + " (" + safe_line(contact.user) + ") ";
    line += contact.state == "accepted"    ? "contact"
            : contact.state == "requested" ? "asked by you"
            : contact.state == "received"  ? "asks you: /accept"
                                           : "";
    if (contact.is_blocked) line += " blocked";
    if (!presence.empty()) line += ", " + safe_line(presence);
    app.say(line);
  }
}

// A request about another account whose answer, if any, is how we stand to it now.
void about(App& app, const std::string& method, const std::string& user, json params,
           const std::string& done) {
  const std::string id = app.chat().people().full_id(user);
  params["user"] = id;
  app.ask(method, std::move(params), [&app, id, done](const json& answer) {
    client::Contact contact{id, text_of(answer, "state"), client::flag_of(answer, "blocked")};
    if (contact.state.empty()) contact.state = "none";
    app.chat().cache().put_contact(contact);
    app.say("· " + app.name(id) + ": " + done);
  });
}

void add(App& app, const Words& words) {
  about(app, "contact.request", words[0], json::object(), "asked");
}

void accept(App& app, const Words& words) {
  about(app, "contact.accept", words[0], json::object(), "is your contact");
}

void remove(App& app, const Words& words) {
  about(app, "contact.remove", words[0], json::object(), "is no contact");
}

void block(App& app, const Words& words) {
  about(app, "contact.block", words[0], {{"blocked", true}}, "blocked");
}

void unblock(App& app, const Words& words) {
  about(app, "contact.block", words[0], {{"blocked", false}}, "not blocked");
}

void set_profile(App& app, const char* member, const Words& words) {
  app.ask("profile.set", {{member, join_words(words, 0)}}, [&app](const json& profile) {
    app.chat().people().take_profile(profile);
    app.say("· you are " + app.name(text_of(profile, "user")) + ": " +
            safe_line(text_of(profile, "status_text")));
  });
}

void name(App& app, const Words& words) { set_profile(app, "display_name", words); }
void status(App& app, const Words& words) { set_profile(app, "status_text", words); }

void find(App& app, const Words& words) {
  app.ask("user.search", {{"prefix", words[0]}}, [&app](const json& answer) {
    for (const json& user : client::list_of(answer, "users"))
      app.say("  " + safe_line(text_of(user, "user")) + " " +
              safe_line(text_of(user, "display_name")));
  });
}

void devices(App& app, const Words&) {
  app.ask("device.list", json::object(), [&app](const json& answer) {
    for (const json& device : client::list_of(answer, "devices"))
      app.say("  " + safe_line(text_of(device, "device")) + " " +
              safe_line(text_of(device, "name")) +
              (client::flag_of(device, "this") ? " (this one)" : "") +
              (client::flag_of(device, "online")
                   ? ", online"
                   : ", last seen " + time_text(client::time_of(device, "last_seen"), app.now())));
  });
}

void revoke(App& app, const Words& words) {
  app.ask("device.revoke", {{"device", words[0]}},
          [&app](const json&) { app.say("· that device is logged out"); });
}

void away(App& app, const Words&) {
  app.chat().set_away(true);
  app.say("· you are away; /back ends it");
}

void back(App& app, const Words&) {
  app.chat().set_away(false);
  app.say("· you are back");
}

}  // namespace

const std::vector<Command>& people_commands() {
  static const std::vector<Command> list{
      {"who", "", "presence in the open room, or of contacts", 0, who},
      {"contacts", "", "contacts and requests", 0, contacts},
      {"add", "USER", "ask someone to be a contact", 1, add},
      {"accept", "USER", "accept a request", 1, accept},
      {"remove", "USER", "end a contact, decline a request", 1, remove},
      {"block", "USER", "nothing more from them; they are not told", 1, block},
      {"unblock", "USER", "take that back", 1, unblock},
      {"find", "BEGINNING", "accounts of this server by name", 1, find},
      {"name", "NAME", "the name others see", 1, name},
      {"status", "TEXT", "a line about yourself", 1, status},
      {"away", "", "others see you as away", 0, away},
      {"back", "", "and as there again", 0, back},
      {"devices", "", "where this account is logged in", 0, devices},
      {"revoke", "DEVICE", "log a device out", 1, revoke},
  };
  return list;
}

}  // namespace terminal
