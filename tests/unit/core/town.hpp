#pragma once

#include "tests/unit/core/world.hpp"

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chatd::core {

// What is between one server and the others: a line that can be cut, and a policy.
class TestPeers final : public PeerPort {
 public:
  std::set<std::string, std::less<>> denied;
  std::optional<TimeMs> cut_since;
  PeerProgress shown;

  [[nodiscard]] Status admits(std::string_view server) const override {
    if (denied.contains(server)) return fail(Code::denied, "this server does not talk to that one");
    return {};
  }
  [[nodiscard]] std::optional<TimeMs> unreachable_since(std::string_view) const override {
    return cut_since;
  }
  [[nodiscard]] PeerProgress progress(std::string_view, const RoomId&) const override {
    return shown;
  }
  void wake(const std::string& server) override { woken.insert(server); }
  void said_at(const std::string& hub) override { woken.insert(hub); }
  void follows(const std::string& /*hub*/) override {}
  void redirected(const std::string& server) override { woken.insert(server); }
  void hand_over(const std::string& to, const SharedRoom& head,
                 std::function<void(Status)> done) override {
    ask_to_take_over(to, head, std::move(done));
  }
  std::function<void(const std::string&, const SharedRoom&, std::function<void(Status)>)>
      ask_to_take_over;
  void stored(const wire::Record& record, const std::vector<std::string>& followers) override {
    for (const std::string& server : followers) told[server].push_back(record.seq);
  }

  bool say(const std::string& server, const Passing& what) override {
    if (cut_since || is_slow) return false;
    said.emplace_back(server, what);
    ++kinds_said[what.index()];
    return true;
  }
  // How many of this kind it has said.
  template <class What>
  [[nodiscard]] std::size_t count() const {
    const auto found = kinds_said.find(Passing(What()).index());
    return found == kinds_said.end() ? 0 : found->second;
  }

  bool is_slow = false;                               // then nothing more is said
  std::vector<std::pair<std::string, Passing>> said;  // not carried yet
  std::map<std::size_t, std::size_t> kinds_said;      // by the index of the variant
  std::set<std::string> woken;
  std::map<std::string, std::vector<Seq>> told;
};

// Some servers, and what federation does between them, by the letter of PeerService: it hands in
// what waits, feeds what is shared, brings notices and what passes by. Signatures and frames it has
// none.
class Town {
 public:
  explicit Town(std::vector<std::string> servers = {"montague.example", "capulet.example"});

  [[nodiscard]] World& operator[](std::size_t i) { return *servers_.at(i).world; }
  [[nodiscard]] TestPeers& peers(std::size_t i) { return *servers_.at(i).peers; }
  [[nodiscard]] PeerService& service(std::size_t i) { return (*this)[i].core->peer_service(); }

  // Until nobody has anything left to say to another.
  void settle();
  // From now on nothing passes; or it does again.
  void cut();
  void mend();
  // No log is fed until this is called again.
  void hold_feeds(bool is_held) { holds_feeds_ = is_held; }
  // As World::pass, of all.
  void pass(Millis duration);
  // Ends a server and starts it on what its store holds.
  void restart(std::size_t i);

  // As one peer would ask them, answered at once.
  Result<Seq> submit(std::size_t to, const std::string& peer, Draft draft);
  Result<Seq> follow(std::size_t to, const std::string& hub, std::vector<wire::Record> records,
                     std::string proof = {});
  // What one server shows another of a room, and what that makes of it.
  Result<ShownPreview> preview(std::size_t of, const std::string& to, const RoomId& room);
  Result<Followed> show(std::size_t to, const std::string& hub, const ShownPreview& preview);
  Status notice(std::size_t to, const std::string& hub, const Notice& notice);
  Status pass_by(std::size_t to, const std::string& peer, Passing what);
  std::vector<SharedRoom> shared(std::size_t of, const std::string& with);

  // The room's log as it is on that server's disk.
  std::vector<std::string> log(std::size_t of, const RoomId& room);
  // The same, as records.
  std::vector<wire::Record> records(std::size_t of, const RoomId& room);
  // Those from this number on.
  std::vector<wire::Record> records(std::size_t of, const RoomId& room, Seq first);

 private:
  struct Server {
    std::string name;
    std::unique_ptr<TestPeers> peers;
    std::unique_ptr<World> world;
  };
  struct Cursor {
    Seq seq = 0;
    Hash256 hash{};
  };
  bool carry(std::size_t from, std::size_t to);
  bool carry_submits(std::size_t from, std::size_t to);
  bool carry_feed(std::size_t from, std::size_t to);
  bool carry_notices(std::size_t from, std::size_t to);
  bool carry_passing(std::size_t from, std::size_t to);

  std::vector<Server> servers_;
  std::map<std::pair<std::pair<std::size_t, std::size_t>, RoomId>, Cursor> cursors_;
  bool is_cut_ = false;
  bool holds_feeds_ = false;
};

// What that server hands in.
[[nodiscard]] Draft signed_by(const std::string& server, Draft draft);
// One record that a hub could have made after these.
[[nodiscard]] wire::Record next_record(const std::vector<wire::Record>& log, const UserId& sender,
                                       wire::RecordKind kind, std::string content);

}  // namespace chatd::core
