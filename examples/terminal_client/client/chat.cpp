#include "chat.hpp"

#include <algorithm>

namespace client {
namespace {

Account with_token(Account account, Cache& cache) {
  account.token = cache.value("token");
  return account;
}

}  // namespace

Chat::Chat(TlsContext tls, Account account, Env env, Cache& cache, ChatListener& listener)
    : cache_(cache),
      listener_(listener),
      env_(env),
      timers_(env),
      connection_(std::move(tls), with_token(std::move(account), cache), env,
                  {.on_login = [this](const json& login) { on_login(login); },
                   .on_lost = [this](const std::string& reason) { on_lost(reason); },
                   .on_refused = [this](const std::string& why) { listener_.on_refused(why); },
                   .on_token_refused = [this] { cache_.set_value("token", ""); },
                   .on_event = [this](const std::string& method,
                                      const json& params) { on_event(method, params); }}),
      people_(connection_, cache),
      log_(cache, [this](const Room& room, const Record& record,
                         bool is_live) { on_record(room, record, is_live); }),
      syncer_(connection_, cache, log_, timers_,
              {.on_in_step = [this] { on_in_step(); },
               .on_profile = [this](const json& profile) { people_.take_profile(profile); },
               .on_contact = [this](const json& contact) { on_contact(contact); },
               .on_room =
                   [this](const Room& room, bool is_new) {
                     if (!room.peer.empty()) people_.look_up(room.peer);
                     if (is_new) listener_.on_room(room);
                   },
               .on_gone = [this](const std::string& room) { listener_.on_room_gone(room); }}),
      outbox_(connection_, cache, log_, timers_, env,
              {.on_sent = [this](const Outgoing& out,
                                 std::uint64_t seq) { listener_.on_sent(out, seq); },
               .on_refused = [this](const Outgoing& out) { listener_.on_not_sent(out); },
               .on_gap = [this](const std::string& room) { syncer_.repair(room, true); }}) {}

void Chat::start() { connection_.start(); }

void Chat::stop() {
  outbox_.stop();
  syncer_.stop();
  connection_.stop();
}

std::int64_t Chat::next_deadline() const {
  return std::min(timers_.next(), connection_.next_deadline());
}

void Chat::advance() {
  connection_.advance();
  timers_.run_due();
}

void Chat::on_login(const json& login) {
  cache_.transaction([&] {
    cache_.set_value("user", text_of(login, "user"));
    cache_.set_value("device", text_of(login, "device"));
    if (const std::string token = text_of(login, "token"); !token.empty())
      cache_.set_value("token", token);
  });
  syncer_.begin();
}

void Chat::on_lost(const std::string& reason) {
  outbox_.stop();
  syncer_.stop();
  people_.forget_presence();
  listener_.on_offline(reason);
}

void Chat::on_in_step() {
  outbox_.go();
  for (const Room& room : cache_.rooms()) send_read(room);
  ask_presence();
  if (is_away_) set_away(true);
  if (!watched_.empty()) watch(watched_);
  listener_.on_online();
}

void Chat::ask_presence() {
  connection_.call("presence.contacts", json::object(), [this](const Answer& answer) {
    for (const json& one : list_of(answer.result, "presence")) people_.take_presence(one);
  });
}

void Chat::on_event(const std::string& method, const json& params) {
  if (method == "room.record") {
    on_record_event(params);
  } else if (method == "room.read") {
    on_read_event(text_of(params, "room"), text_of(params, "user"), number_of(params, "seq"));
  } else if (method == "room.typing") {
    people_.look_up(text_of(params, "user"));
    listener_.on_typing(text_of(params, "room"), text_of(params, "user"),
                        flag_of(params, "typing"));
  } else if (method == "presence") {
    const json& presence = member_of(params, "presence");
    const std::string user = text_of(presence, "user");
    if (people_.take_presence(presence)) listener_.on_presence(user, people_.presence(user));
  } else if (method == "account.changed") {
    syncer_.take_change(params);
  } else if (method == "sync.behind") {
    syncer_.begin();
  }
}

void Chat::on_record_event(const json& params) {
  const std::string room = text_of(params, "room");
  const auto record = read_record(member_of(params, "record"));
  if (room.empty() || !record) return;
  const RoomLog::Fit fit = log_.take(room, *record, true);
  if (fit == RoomLog::Fit::gap) syncer_.repair(room, true);
  if (fit == RoomLog::Fit::no_room && is_online()) syncer_.begin();
}

void Chat::on_read_event(const std::string& id, const std::string& user, std::uint64_t seq) {
  auto room = cache_.room(id);
  if (!room) return;
  if (user == me() && seq > room->read_seq) {
    room->read_seq = seq;
    cache_.put_room(*room);
  }
  if (cache_.put_read(id, user, seq)) listener_.on_read(*room, user, seq);
}

void Chat::on_record(const Room& room, const Record& record, bool is_live) {
  people_.look_up(record.sender);
  if (record.sender == me() && cache_.remove_outgoing(record.client_msg_id)) {
    Outgoing out;
    out.id = record.client_msg_id;
    out.room = room.id;
    listener_.on_sent(out, record.seq);
  }
  listener_.on_record(room, record, is_live);
}

void Chat::on_contact(const json& said) {
  const Contact contact{text_of(said, "user"), text_of(said, "state"), flag_of(said, "blocked")};
  if (contact.user.empty()) return;
  if (const std::string name = text_of(said, "display_name"); !name.empty())
    cache_.put_display_name(contact.user, name);
  cache_.put_contact(contact);
  listener_.on_contact(contact);
}

std::string Chat::title(const Room& room) {
  if (room.type == "direct")
    return room.peer.empty() || room.peer == me() ? "notes to self" : people_.name(room.peer);
  return room.name.empty() ? "a group of " + people_.name(room.invited_by) : room.name;
}

void Chat::send(const std::string& room, const std::string& text, std::uint64_t reply_to) {
  json content{{"text", text}};
  if (reply_to != 0) content["reply_to"] = reply_to;
  outbox_.add("message.send", room, {{"content", std::move(content)}});
}

void Chat::edit(const std::string& room, std::uint64_t seq, const std::string& text) {
  outbox_.add("message.edit", room, {{"target", seq}, {"content", {{"text", text}}}});
}

void Chat::redact(const std::string& room, std::uint64_t seq) {
  outbox_.add("message.redact", room, {{"target", seq}});
}

void Chat::react(const std::string& room, std::uint64_t seq, const std::string& reaction,
                 bool set) {
  outbox_.add("message.react", room, {{"target", seq}, {"reaction", reaction}, {"set", set}});
}

void Chat::watch(const std::string& room) {
  watched_ = room;
  connection_.call("presence.watch", room.empty() ? json::object() : json{{"room", room}},
                   [this](const Answer& answer) {
                     for (const json& one : list_of(answer.result, "presence"))
                       people_.take_presence(one);
                   });
  if (room.empty()) return;
  connection_.call("room.get", {{"room", room}}, [this, room](const Answer& answer) {
    for (const json& member : list_of(answer.result, "members")) {
      people_.look_up(text_of(member, "user"));
      on_read_event(room, text_of(member, "user"), number_of(member, "read_seq"));
    }
  });
}

void Chat::mark_read(const std::string& id) {
  auto room = cache_.room(id);
  if (!room || room->last <= room->read_seq) return;
  room->read_seq = room->last;
  cache_.put_room(*room);
  if (is_online()) send_read(*room);
}

void Chat::send_read(const Room& room) {
  const std::uint64_t seq = room.read_seq;
  if (seq <= cache_.read_by(room.id, me())) return;
  connection_.call("receipt.read", {{"room", room.id}, {"seq", seq}},
                   [this, id = room.id, seq](const Answer& answer) {
                     if (answer.ok()) cache_.put_read(id, me(), seq);
                   });
}

void Chat::set_typing(const std::string& room, bool is_typing) {
  if (!is_online()) return;
  connection_.call("typing.set", {{"room", room}, {"typing", is_typing}}, [](const Answer&) {});
}

void Chat::set_away(bool is_away) {
  is_away_ = is_away;
  connection_.call("presence.set", {{"state", is_away ? "away" : "online"}}, [](const Answer&) {});
}

}  // namespace client
