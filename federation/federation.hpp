#pragma once

#include "daemon/core/ports/peers.hpp"
#include "federation/backoff.hpp"
#include "federation/connection.hpp"
#include "federation/status.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chatd::federation {

// What this server has to do with others: who may come, who is to be reached, and one link with
// each. Owned by the app; loop only. After each batch of calls, also of what it gave to the core
// and to links, end_turn() must be called, after the core's.
class Federation final : public core::PeerPort, public LinkSink {
 public:
  Federation(core::PeerService& service, LinkPort& links, Clock& clock, Random& random,
             Identity identity, Settings settings);

  // Once the core has started: reaches those with whom there is something to share.
  void start();
  // Returns when to come back at the latest.
  std::optional<Monotonic> end_turn();
  // Links with those who are no longer admitted end.
  void apply(Settings settings);
  // Is to raise the restore epoch for good and apply() it: another server has what this one lost.
  void on_rollback(std::function<void()> raise_epoch) { raise_epoch_ = std::move(raise_epoch); }
  // Ends all links; makes no new ones.
  void shut_down();

  // The server document for /.well-known/chatd; empty without a valid key.
  [[nodiscard]] std::string document() const;
  // Makes and publishes the next signing key now.
  [[nodiscard]] Status rotate_key();
  // Ends one now (Identity::end_key), and tells all with whom there is a link.
  [[nodiscard]] Status end_key(const KeyId& id);
  // Publishes one that was certified elsewhere and is kept already.
  [[nodiscard]] Status add_key(OwnKey key);
  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] const Documents& documents() const { return documents_; }

  // core::PeerPort
  [[nodiscard]] Status admits(std::string_view server) const override;
  [[nodiscard]] std::optional<TimeMs> unreachable_since(std::string_view server) const override;
  [[nodiscard]] core::PeerProgress progress(std::string_view server,
                                            const RoomId& room) const override;
  void wake(const std::string& server) override;
  void said_at(const std::string& hub) override;
  void follows(const std::string& hub) override;
  void redirected(const std::string& hub) override;
  void hand_over(const std::string& to, const core::SharedRoom& head,
                 std::function<void(Status)> done) override;
  void stored(const wire::Record& record, const std::vector<std::string>& followers) override;
  bool say(const std::string& server, const core::Passing& what) override;

  // LinkSink
  void opened(LinkId link, const Hash256& exporter) override;
  void accepted(LinkId link, std::string address, const Hash256& exporter) override;
  void received(LinkId link, std::string_view frame) override;
  void drained(LinkId /*link*/) override {}  // the turn's end sees to it
  void closed(LinkId link, std::string why) override;

  // For the admin.
  [[nodiscard]] std::vector<PeerStatus> peers() const;
  [[nodiscard]] std::optional<PeerStatus> peer(std::string_view server) const;
  // How many notices wait for it. Calls back once, maybe from within.
  void count_notices(const std::string& server, std::function<void(std::size_t)> done) {
    service_.count_notices(server, std::move(done));
  }
  [[nodiscard]] Counters totals() const;
  [[nodiscard]] const core::Recovery& recovery() const { return service_.recovery(); }
  void go_on_after_restore() { service_.go_on(); }
  void retry(const std::string& server);  // now, whatever was the plan
  void pause(const std::string& server);  // ends the link, and makes none until it is resumed
  void resume(const std::string& server);
  void forget_document(const std::string& server);
  // Ends all links, which are made again: what is new is told by their first frames.
  void link_anew(const std::string& why);
  // It is the same server as before, with another root key (Acquaintances::accept).
  [[nodiscard]] Status accept_identity(const std::string& server);
  // Tries all that a link needs, one step after the other; ends at the first that fails. Where
  // there is a link the other side is asked to do the same.
  void check(const std::string& server, CheckDone done);

 private:
  struct Peer {
    Backoff backoff;
    LinkId link;              // proven; none: zero
    LinkId attempt;           // dialled and not proven yet
    bool is_looking = false;  // for its document
    bool is_needed = false;   // to be reached again when the link is lost
    bool is_paused = false;
    Monotonic not_before{};        // at the start not all at once
    std::vector<Endpoint> places;  // left to be tried
    std::optional<TimeMs> unreachable_since;
    TimeMs since = 0;  // its link is as it is
    std::string error;
    Counters counters;
    [[nodiscard]] bool is_idle() const {
      return link == LinkId() && attempt == LinkId() && !is_looking;
    }
  };
  struct Check {
    std::string server;
    std::vector<CheckStep> steps;
    std::vector<Endpoint> places;  // left to be tried
    CheckDone done;
  };

  void reach_all();
  Peer& known(const std::string& server);
  [[nodiscard]] Connection* find(LinkId link);
  Connection& connect(LinkId link, const std::string& peer, const Endpoint& place);
  [[nodiscard]] bool is_due(const Peer& peer, Monotonic now, TimeMs wall) const;
  void reach(const std::string& server);
  // Whatever was waited for: by a new link, or by the one that there is, whose session it gives.
  Session* reach_now(const std::string& server);
  void look_for(const std::string& server);  // its document, then dial()
  void dial(const std::string& server);
  void admit_guest(const std::string& server, const std::string& address,
                   std::function<void(Status)> done);
  void failed(const std::string& server, const std::string& why);
  void note_unreachable(const std::string& server, Peer& peer);
  void proven(LinkId link, OrEnd<Link> outcome);
  void begin_session(Connection& connection, const std::string& server);
  void lost(const std::string& server, const Connection& connection, const std::string& why);
  void part_with_guest(Connection& connection);
  void tick();
  void renew_document();
  void rolled_back(const std::string& server);
  [[nodiscard]] PeerStatus status_of(const std::string& server, const Peer& peer) const;

  // check.cpp
  void check_from_here(const std::string& server, CheckDone done);
  void check_document(const std::shared_ptr<Check>& check);
  void check_next_place(const std::shared_ptr<Check>& check);
  static bool note(Check& check, std::string name, const Status& status, std::string words);

  // Constant after construction
  core::PeerService& service_;
  LinkPort& links_;
  Clock& clock_;
  Random& random_;
  // Loop only
  Settings settings_;
  Identity identity_;
  Acquaintances acquaintances_;
  BatchVerifier signatures_;
  Documents documents_;
  HeadSigner heads_;
  core::RateLimiter rates_;
  Quotas quotas_;
  std::optional<ServerDocument> own_document_;
  Env env_;
  std::map<std::string, Peer, std::less<>> peers_;
  std::map<LinkId, std::unique_ptr<Connection>> connections_;
  std::map<std::string, std::size_t> guests_;  // accepted and not proven, by network
  Counters forgotten_;                         // of peers that are no longer known
  std::vector<std::function<void()>> late_;    // answers that must not come from within
  Monotonic next_tick_{};
  bool is_rotation_refused_ = false;  // and the log says it
  bool is_over_ = false;
  std::function<void()> raise_epoch_;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
