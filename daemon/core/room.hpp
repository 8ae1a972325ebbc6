#pragma once

#include "daemon/base/bytes.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/preview.hpp"
#include "daemon/wire/methods/room.hpp"
#include "daemon/wire/record.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace chatd::core {

struct MemberState {
  wire::Membership membership = wire::Membership::joined;
  wire::Role role = wire::Role::member;
  TimeMs since = 0;   // of the membership, not of the role
  Seq since_seq = 0;  // its record
  Seq last_sent = 0;  // the newest message of theirs: they have read that far
  std::uint64_t last_sent_ordinal = 0;
  bool operator==(const MemberState&) const = default;
};

// Who sends: devices of other servers choose their own ids, so the account is part of the name.
struct SenderKey {
  UserId user;
  DeviceId device;
  bool operator==(const SenderKey&) const = default;
};

}  // namespace chatd::core

template <>
struct std::hash<chatd::core::SenderKey> {
  std::size_t operator()(const chatd::core::SenderKey& key) const noexcept {
    return std::hash<chatd::UserId>()(key.user) ^ std::hash<chatd::DeviceId>()(key.device) * 31;
  }
};

namespace chatd::core {

// What one device has posted to a room: enough to know a resend without an index.
struct SenderState {
  ClientMsgId newest_id;  // the largest
  Seq newest_id_seq = 0;
  Seq first_seq = 0;  // all it ever posted lies in [first_seq, last_seq]
  Seq last_seq = 0;
};

// The state of a room is what its log says: a fold over its records. Nothing here is true that the
// log does not say, so it can be dropped and built again at any time. Loop only.
class Room {
 public:
  // The state after the create record. Fails when that record is not one.
  [[nodiscard]] static Result<Room> found(const wire::Record& create);
  // The state that encode() wrote; reading on from head() + 1 brings it up to date.
  [[nodiscard]] static Result<Room> decode(const RoomId& id, std::string_view snapshot);
  [[nodiscard]] std::string encode() const;
  // What the log says about the room, in the one form that servers agree on
  // (federation/PROTOCOL.md, "The state of a room").
  [[nodiscard]] std::string state() const;
  // Takes only what state() gives back byte for byte; whether it is true only the log can say.
  [[nodiscard]] static Result<Room> from_state(std::string_view state);

  // Takes the next record: its seq is head() + 1, its prev_hash head_hash(). Fails, changing
  // nothing, for one that cannot follow (gap, other hash, content that its kind does not have).
  [[nodiscard]] Status apply(const wire::Record& record);

  // Whether a draft by this device with this id is new. `resent` names the old record; `look` means
  // that only the log knows: it would lie in [first, last].
  struct Novelty {
    enum class Kind { fresh, resent, look } kind = Kind::fresh;
    Seq seq = 0;
    Seq first = 0;
    Seq last = 0;
  };
  [[nodiscard]] Novelty novelty(const SenderKey& sender, const ClientMsgId& id) const;

  [[nodiscard]] const RoomId& id() const { return id_; }
  [[nodiscard]] Seq head() const { return head_; }
  [[nodiscard]] const Hash256& head_hash() const { return head_hash_; }
  [[nodiscard]] Term head_term() const { return head_term_; }
  // Of the next record.
  [[nodiscard]] Term term() const { return term_; }
  // The server that numbers the records.
  [[nodiscard]] const std::string& hub() const { return hub_; }
  // Records from whose hash on those after them can be proven: every 16th, the newest 8.
  struct Mark {
    Seq seq = 0;
    Hash256 hash{};
  };
  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }
  // Message records up to the head.
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] Seq last_message() const { return last_message_; }
  [[nodiscard]] TimeMs last_active() const { return last_active_; }
  [[nodiscard]] TimeMs created() const { return created_; }
  [[nodiscard]] wire::RoomType type() const { return type_; }
  [[nodiscard]] bool is_direct() const { return type_ == wire::RoomType::direct; }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& topic() const { return topic_; }
  [[nodiscard]] wire::JoinRule join_rule() const { return join_; }
  [[nodiscard]] bool has_presence() const { return has_presence_; }

  // Joined, invited and banned accounts; who left is not here.
  using Members = std::map<UserId, MemberState>;
  [[nodiscard]] const Members& members() const { return members_; }
  // nullptr: no part of this room.
  [[nodiscard]] const MemberState* member(const UserId& user) const;
  [[nodiscard]] bool is_joined(const UserId& user) const;
  // Joined and invited: what the member limit counts.
  [[nodiscard]] std::size_t occupancy() const { return occupancy_; }
  [[nodiscard]] std::size_t owners() const;
  // Whether anybody of another server than the hub is in it, or was.
  [[nodiscard]] bool spans_servers() const { return foreign_ > 0 || !parted_.empty(); }
  // Whether anybody of this server has joined.
  [[nodiscard]] bool has_joined_from(std::string_view server) const;
  // The servers, but for the hub, of which somebody has joined.
  [[nodiscard]] std::vector<std::string> joined_servers() const;
  // The servers, but for the hub, that are to have this record: somebody there is in the room, or
  // was up to then.
  [[nodiscard]] std::vector<std::string> followers_at(Seq seq) const;
  // A server of which nobody is in the room any more: it has what was said up to then.
  struct Parted {
    Seq until = 0;    // the record with which its last member left
    std::string hub;  // then: the one that it takes to be the hub still
  };
  using PartedServers = std::map<std::string, Parted, std::less<>>;
  // Those that have not come back, but for the hub; of very many the oldest are forgotten.
  [[nodiscard]] const PartedServers& parted() const { return parted_; }
  // 0: it has not, or none that is remembered.
  [[nodiscard]] Seq parted_at(std::string_view server) const;
  // Those that have this record and take `hub` for the hub.
  [[nodiscard]] std::vector<std::string> parted_with(Seq seq, std::string_view hub) const;
  // Servers whose users are kept out.
  using Servers = std::set<std::string, std::less<>>;
  [[nodiscard]] const Servers& banned_servers() const { return banned_servers_; }
  [[nodiscard]] bool bans_server(std::string_view server) const {
    return banned_servers_.contains(server);
  }
  // Who of a server has joined or is invited.
  [[nodiscard]] std::vector<UserId> seated_from(std::string_view server) const;
  // Whom this record takes out all at once, if it comes next: those of a server that it bans.
  [[nodiscard]] std::vector<UserId> ousted_by(const wire::Record& record) const;
  // The other one of a 1:1 room.
  [[nodiscard]] UserId peer_of(const UserId& user) const;

  // Records since the newest snapshot; the owner of the cache resets it.
  std::uint32_t records_since_snapshot = 0;
  // Whether the content of a message is gone, by a record after this one: an edit that was on its
  // way must not follow. nullopt: that was too long ago to be remembered.
  [[nodiscard]] std::optional<bool> was_redacted(Seq message, Seq after) const;
  // Their server told that this member has read so far; whether that is news. Of others it is none.
  bool note_read(const UserId& user, Seq seq);
  void note_reads_of(const Room& other);
  // 0: their server told nothing that still matters.
  [[nodiscard]] Seq read_by(const UserId& user) const;
  // Records up to here are on disk: what may be seen. The pipeline moves it.
  Seq durable = 0;
  std::uint64_t last_ticket = 0;  // see Cache
  // While the log is being fetched: where the newest records are.
  std::optional<Preview> preview;

 private:
  Room() = default;
  [[nodiscard]] Status apply_member(const wire::Record& record);
  [[nodiscard]] Status apply_meta(const wire::Record& record);
  [[nodiscard]] Status apply_server(const wire::Record& record);
  [[nodiscard]] Status apply_hub_move(const wire::Record& record);
  void set_member(const UserId& user, wire::Membership membership, wire::Role role,
                  const wire::Record& record);
  void keep_member(const UserId& user, const MemberState& state);
  void count(const UserId& user, wire::Membership membership, int by);
  void count_foreign(const UserId& user, wire::Membership membership, int by);
  void note_parted(const std::string& server, Seq until);
  void note_sender(const wire::Record& record);
  // The parts of the binary forms.
  void write_state(ByteWriter& out) const;
  [[nodiscard]] Status read_state(ByteReader& in);
  void write_rest(ByteWriter& out) const;
  [[nodiscard]] Status read_rest(ByteReader& in);

  RoomId id_;
  Seq head_ = 0;
  Hash256 head_hash_{};
  Term head_term_ = 1;
  std::uint64_t messages_ = 0;
  Seq last_message_ = 0;
  TimeMs last_active_ = 0;
  TimeMs created_ = 0;
  wire::RoomType type_ = wire::RoomType::group;
  std::string name_;
  std::string topic_;
  wire::JoinRule join_ = wire::JoinRule::invite;
  bool has_presence_ = true;
  Members members_;
  std::map<UserId, Seq> read_;  // by members of other servers; not in the log
  Servers banned_servers_;
  std::size_t occupancy_ = 0;
  std::string hub_;
  Term term_ = 1;
  std::map<std::string, int, std::less<>> foreign_servers_;  // joined there; the hub's are not here
  int foreign_ = 0;                                          // of all of these
  PartedServers parted_;
  std::unordered_map<SenderKey, SenderState> senders_;
  Seq forgotten_ = 0;  // senders that were dropped for room posted up to here
  struct Redaction {
    Seq seq;
    Seq message;
  };
  std::deque<Redaction> redactions_;  // the newest
  Seq redactions_since_ = 0;          // all after this record are among them
  std::vector<Mark> marks_;
};

}  // namespace chatd::core
