#pragma once

#include "cache.hpp"
#include "connection.hpp"
#include "outbox.hpp"
#include "people.hpp"
#include "room_log.hpp"
#include "syncer.hpp"
#include "timers.hpp"
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace client {

// What a user interface is told. All on the one thread there is.
class ChatListener {
 public:
  virtual ~ChatListener() = default;
  virtual void on_online() {}  // logged in, and all that was missed is here
  virtual void on_offline(const std::string& /*reason*/) {}
  virtual void on_refused(const std::string& /*reason*/) {}  // for good
  // Each record once, in order. `is_live`: it happened just now.
  virtual void on_record(const Room&, const Record&, bool /*is_live*/) {}
  virtual void on_sent(const Outgoing&, std::uint64_t /*seq*/) {}
  virtual void on_not_sent(const Outgoing&) {}
  virtual void on_read(const Room&, const std::string& /*user*/, std::uint64_t /*seq*/) {}
  virtual void on_typing(const std::string& /*room*/, const std::string& /*user*/, bool) {}
  virtual void on_presence(const std::string& /*user*/, const People::Presence&) {}
  virtual void on_contact(const Contact&) {}
  virtual void on_room(const Room&) {}  // a new one, or an invitation
  virtual void on_room_gone(const std::string& /*room*/) {}
};

// A chat client without a face: one account on one device. Owns nothing but its wiring; the cache
// outlives it. Everything happens in `advance()`, to be called when poll(2) finds the socket ready
// or `next_deadline()` has come.
class Chat {
 public:
  // The cache's stored login is used before the account's password.
  Chat(TlsContext tls, Account account, Env env, Cache& cache, ChatListener& listener);

  void start();
  void stop();
  void hurry() { connection_.hurry(); }
  [[nodiscard]] int fd() const { return connection_.fd(); }
  [[nodiscard]] short wanted_events() const { return connection_.wanted_events(); }
  [[nodiscard]] std::int64_t next_deadline() const;
  void advance();

  // Logged in and in step.
  [[nodiscard]] bool is_online() const { return syncer_.is_in_step(); }
  [[nodiscard]] std::string me() { return cache_.value("user"); }
  [[nodiscard]] Cache& cache() { return cache_; }
  [[nodiscard]] People& people() { return people_; }
  // What to call a room.
  [[nodiscard]] std::string title(const Room& room);

  // Said in a room: kept and sent until the server has it, whatever happens in between.
  void send(const std::string& room, const std::string& text, std::uint64_t reply_to = 0);
  void edit(const std::string& room, std::uint64_t seq, const std::string& text);
  void redact(const std::string& room, std::uint64_t seq);
  void react(const std::string& room, std::uint64_t seq, const std::string& reaction, bool set);
  void retry_refused() { outbox_.retry_refused(); }
  void discard_refused() { outbox_.discard_refused(); }

  // Any other request; needs a connection.
  void call(const std::string& method, json params, OnAnswer on_answer) {
    connection_.call(method, std::move(params), std::move(on_answer));
  }
  // Looks for what changed, as after a connection that broke.
  void sync() { syncer_.begin(); }
  void load_older(const std::string& room, std::function<void(std::size_t)> on_done) {
    syncer_.load_older(room, std::move(on_done));
  }

  // The room on the screen: its members' presence is asked for, and how far they have read.
  void watch(const std::string& room);
  void mark_read(const std::string& room);
  void set_typing(const std::string& room, bool is_typing);
  void set_away(bool is_away);

 private:
  void on_login(const json& login);
  void on_lost(const std::string& reason);
  void on_in_step();
  void on_event(const std::string& method, const json& params);
  void on_record_event(const json& params);
  void on_read_event(const std::string& room, const std::string& user, std::uint64_t seq);
  void on_record(const Room& room, const Record& record, bool is_live);
  void on_contact(const json& contact);
  // Unless the server has confirmed it: then it is in the cache like others' markers.
  void send_read(const Room& room);
  void ask_presence();

  Cache& cache_;
  ChatListener& listener_;
  Env env_;
  Timers timers_;
  Connection connection_;
  People people_;
  RoomLog log_;
  Syncer syncer_;
  Outbox outbox_;
  std::string watched_;
  bool is_away_ = false;
};

}  // namespace client
