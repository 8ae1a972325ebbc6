#pragma once

#include "tests/sim/server.hpp"
#include "tests/sim/world.hpp"

#include <simdjson.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace chatd::sim {

using Json = simdjson::dom::element;

// A record as a device holds it.
struct Copy {
  std::string kind;
  std::string id;       // client_msg_id, empty for the server's records
  std::string content;  // empty once erased
  Seq target = 0;
  bool operator==(const Copy&) const = default;
};

// What a device knows of a room it is in: all records from the first one on.
struct RoomCopy {
  std::vector<Copy> records;  // seq 1 is records[0]
  Seq seen = 0;               // the largest number heard of
  bool is_reading = false;    // a range is on its way
  [[nodiscard]] Seq have() const { return records.size(); }
};

// What came back for a request: a result, or the error's code ("closed": the connection ended).
struct Reply {
  std::optional<Json> result;
  std::string error;
};

// Something a device says until the server acknowledges it.
struct Outgoing {
  std::string id;
  std::string room;
  std::string method;  // message.send, message.edit, message.redact or message.react
  Seq target = 0;
  std::string text;
  bool is_in_flight = false;
  bool was_sent = false;
  bool was_resent = false;
  std::uint64_t after = 0;  // the largest number of what is pending, when it was sent first
};
// What the server acknowledged.
struct Acked {
  std::string id;
  std::string room;
  std::string method;
  Seq seq = 0;                // 0: it was pending, and its record is not here
  std::uint64_t pending = 0;  // its number, if it was
  Seq target = 0;
  std::string text;
  bool was_resent = false;  // it may have been taken the first time
};

// One device of one person: a client that never gives up. Keeps what it wants to say until it is
// acknowledged, sends it again under the same name, keeps cursors, and reads ranges where it sees
// gaps. What it holds survives everything; only connections end.
class Device final : public Peer {
 public:
  Device(World& world, Server& server, std::string user, std::string name);

  // Lives by itself from now on: signs up or logs in, reconnects, resends.
  void start(bool signs_up);
  void say(std::string room, std::string text);
  void edit(std::string room, Seq target, std::string text);
  void redact(std::string room, Seq target);
  void react(std::string room, Seq target);
  void mark_read(std::string room);
  // Takes back one that is pending.
  void take_back(std::uint64_t pending);
  // Any other request.
  using Answer = std::function<void(const Reply&)>;
  void ask(const std::string& method, const std::string& params, Answer answer);

  void drop_connection();
  // Nothing arrives any more, which the device notices after a while: what the server does
  // meanwhile, it does without an answer.
  void lose_replies();
  // Offline until it comes back, for days perhaps.
  void go_away();
  void come_back();
  void read_slowly(bool slowly);
  // The next names do not grow, as on a phone whose clock was set back.
  void set_clock_back() { id_time_ -= 100'000; }

  [[nodiscard]] bool is_online() const { return is_synced_; }
  [[nodiscard]] bool is_away() const { return is_away_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  // The same with its server, as others call it.
  [[nodiscard]] std::string address() const { return user_ + "@" + server_.name(); }
  [[nodiscard]] const Server& home() const { return server_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Those it is in; it forgets what it leaves.
  [[nodiscard]] const std::map<std::string, RoomCopy>& rooms() const { return rooms_; }
  // Those to which it is invited.
  [[nodiscard]] const std::set<std::string>& invitations() const { return invitations_; }
  // Those it ever heard of.
  [[nodiscard]] std::vector<std::string> known_rooms() const;
  [[nodiscard]] const std::vector<Outgoing>& outbox() const { return outbox_; }
  [[nodiscard]] const std::vector<Acked>& acked() const { return acked_; }
  // What its account waits for other servers to take, by number, and how who said it calls it; and
  // of all that it ever heard of those that were refused, and that it tried to take back.
  using Numbered = std::map<std::uint64_t, std::string>;
  [[nodiscard]] const Numbered& pending() const { return pending_; }
  [[nodiscard]] const Numbered& refused() const { return refused_; }
  [[nodiscard]] const Numbered& cancelled() const { return cancelled_; }
  // Of these, whose refusal it has taken note of: said again, it is a new one.
  [[nodiscard]] const Numbered& dismissed() const { return dismissed_; }
  // Nothing to say, nothing to read.
  [[nodiscard]] bool is_at_rest() const;
  // Someone's own rooms: a gap that the device saw and did not close.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

  void on_frame(std::string_view payload) override;
  void on_closed() override;

 private:
  void connect();
  void reconnect_later();
  void log_in();
  void sync(std::optional<std::string> after);
  [[nodiscard]] std::vector<Outgoing>::iterator find_outgoing(const std::string& id);
  void flush_outbox();
  void send_outgoing(Outgoing& outgoing);
  void enqueue(Outgoing outgoing);
  void on_reply(Outgoing& said, const Reply& reply);
  void on_pending(const Outgoing& said, std::uint64_t pending);
  void cancel(std::uint64_t pending);
  void on_event(std::string_view method, const Json& params);
  void on_sync(const Json& result);
  // What the account is in the room as of this version of it.
  void learn(const std::string& room, std::string_view membership, std::uint64_t version);
  void learn_pending(const Json& pending, std::uint64_t version);
  void take(const std::string& room, const Json& record);
  // What was pending is this record.
  void note_numbered(const std::string& id, Seq seq);
  // The room has at least so many records: reads what is missing.
  void hear_of(const std::string& room, Seq seq);
  void read_range(const std::string& room);
  void on_range(const std::string& room, Seq after, const Json& result);
  [[nodiscard]] std::string new_id();

  World& world_;
  Server& server_;
  const std::string user_;
  const std::string name_;
  bool is_founder_ = false;  // of the account
  bool signs_up_ = false;    // the next time; else logs in
  std::string token_;
  SessionId session_;
  bool is_synced_ = false;
  bool heard_of_unknown_ = false;  // a record of a room that it is not in: a reason to sync again
  bool is_away_ = false;
  bool is_deaf_ = false;
  unsigned failures_ = 0;
  std::uint64_t connection_ = 0;  // counts, so that late events know theirs is over
  std::uint64_t walk_ = 0;        // counts those through the pages of sync
  std::uint64_t requests_ = 0;
  std::map<std::uint64_t, Answer> waiting_;
  std::uint64_t account_version_ = 0;
  std::map<std::string, RoomCopy> rooms_;
  std::map<std::string, std::uint64_t> learned_at_;  // the version of the newest news of a room
  std::set<std::string> invitations_;
  std::vector<Outgoing> outbox_;
  std::vector<Acked> acked_;
  std::map<std::string, std::size_t> unnumbered_;  // of acked_, by id
  Numbered pending_;
  std::map<std::uint64_t, std::uint64_t> told_at_;  // versions of the newest news of them
  std::uint64_t newest_pending_ = 0;                // the largest number heard of
  std::set<std::uint64_t> settled_;
  Numbered refused_;
  Numbered cancelled_;
  Numbered dismissed_;
  std::vector<std::string> complaints_;
  std::uint64_t id_time_ = 1'800'000'000'000;
  simdjson::dom::parser parser_;
};

}  // namespace chatd::sim
