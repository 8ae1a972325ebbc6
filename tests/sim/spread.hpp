#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/wire/methods/room.hpp"
#include "daemon/wire/record.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace chatd::sim {

// A room as its hub has it, and as the others are to have it.
struct Spread {
  std::string room;
  std::string hub;
  bool is_direct = false;
  std::vector<std::string> log;                   // stored forms
  std::map<std::string, Seq> numbers;             // by client_msg_id
  std::map<std::string, wire::Membership> users;  // at the end
  std::map<std::string, TimeMs> invited;          // when it was last
  TimeMs spoke = 0;                               // when somebody did first
  std::map<std::string, Seq> due;                 // by server: it has what is up to here
  std::map<std::string, std::set<Seq>> partings;  // by server: the last of it left
  bool has_moved = false;                         // to another hub, once at least
};

// The hub of a room with this log, in stored forms.
[[nodiscard]] std::string hub_of(const RoomId& room, const std::vector<std::string>& log);

// Counts who of each server is in a room, record by record.
class Attendance {
 public:
  explicit Attendance(Spread& spread) : spread_(spread) {}

  void take(const wire::Record& record);

 private:
  void set(const UserId& user, wire::Membership now);

  Spread& spread_;
  std::map<std::string, int> joined_;
  std::string left_;  // with this record
  std::string hub_;
};

}  // namespace chatd::sim
