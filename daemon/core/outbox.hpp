#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/core/ports/plugins.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::core {

// What the hub says to a sender whom it refuses: a sentence.
inline constexpr std::size_t kMaxRefusalBytes = 500;

// What a user of this server said in a room whose hub is elsewhere, until the hub has answered.
struct Submission {
  std::uint64_t entry = 0;  // its number in the outbox, growing
  std::string hub;
  Draft draft;
  TimeMs since = 0;
  Seq accepted = 0;             // the hub gave it this number; its record is not here yet
  bool may_be_known = false;    // to the hub: it was handed in, or maybe before a restart
  std::optional<Code> refused;  // for good; kept until its sender has seen it
  std::string refusal;          // in the hub's words, if it said any

  [[nodiscard]] std::string encode() const;
  [[nodiscard]] static Result<Submission> decode(std::uint64_t entry, std::string_view row);
};

// All of these, in memory as they are on disk, but for those whose senders are unanswered
// (unanswered.hpp): what was not committed yet, or is being taken away, is not here. Bounded for
// each account and in all. Loop only; owned by the core.
class Outbox {
 public:
  using Entries = std::map<std::uint64_t, Submission>;  // by number
  using Ours = std::vector<std::reference_wrapper<const Submission>>;

  // The next number: larger than all before, also than those that are gone, once the last one that
  // was given is known again.
  [[nodiscard]] std::uint64_t next_number(TimeMs now);
  void continue_after(std::uint64_t number) { last_ = std::max(last_, number); }
  // Whether so much more of this account may wait; `limit_reached`.
  [[nodiscard]] Status has_place(const UserId& user, std::size_t content_bytes) const;

  // It is on disk so: a new one, or one that changed.
  void put(Submission submission);
  void erase(const UserId& user, std::uint64_t entry);
  void accepted(const std::string& hub, std::uint64_t entry, Seq seq);
  // It is on its way to the hub, which may take it whatever is heard of that.
  void handed_in(const std::string& hub, std::uint64_t entry);

  // What waits for this hub, refused ones not.
  [[nodiscard]] const Entries& of_hub(const std::string& hub) const;
  // All of an account, in order.
  [[nodiscard]] Ours of_user(const UserId& user) const;
  [[nodiscard]] const Submission* find(const UserId& user, std::uint64_t entry) const;
  // The one that says the same; a resend, or the record that it became.
  [[nodiscard]] const Submission* find(const RoomId& room, const UserId& user, DeviceId device,
                                       const ClientMsgId& id) const;
  // The one of that name, whoever said it.
  [[nodiscard]] const Submission* find(const RoomId& room, const ClientMsgId& id) const;
  [[nodiscard]] bool awaits_room(const std::string& hub, const RoomId& room) const;
  [[nodiscard]] std::vector<std::string> hubs() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  // Those that were refused, or wait and are surely not known to the hub, since before this time.
  [[nodiscard]] Ours older_than(TimeMs time) const;

 private:
  struct User {
    std::map<std::uint64_t, std::string> hubs;  // by entry
    std::size_t bytes = 0;
  };
  [[nodiscard]] const Submission& at(const std::string& hub, std::uint64_t entry) const;
  [[nodiscard]] Submission* waiting(const std::string& hub, std::uint64_t entry);

  std::map<std::string, Entries> waiting_;  // by hub
  Entries refused_;
  std::map<UserId, User> users_;
  std::uint64_t last_ = 0;
  std::size_t size_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace chatd::core
