#pragma once

#include "daemon/base/clock.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

namespace chatd::core {

enum class SignUp : std::uint8_t { open, invite, closed };

// A rate: so many at once, refilled evenly over the period.
struct Rate {
  std::uint32_t count = 0;  // 0: no limit
  Millis per{60'000};
};

// What the admin decides about the rules. May be replaced while running.
struct Settings {
  std::string server_name;
  SignUp sign_up = SignUp::closed;
  std::size_t max_devices = 20;     // an account
  std::size_t max_rooms = 2000;     // an account
  std::size_t max_contacts = 1000;  // an account, requests included
  std::size_t room_member_limit = 100;
  std::size_t presence_room_limit = 20;  // larger rooms show no presence
  std::size_t max_text_characters = 100'000;
  // Notices that wait for one other server, and for all of them: a row of some 200 bytes each.
  std::size_t max_notices_per_server = 1'000;
  std::size_t max_notices = 100'000;
  Millis presence_grace{30'000};    // a lost connection counts as there for so long
  Millis presence_coalesce{1'000};  // changes of one person within this are one event
  Millis presence_away{600'000};    // online without a sign of activity becomes away; 0: never
  Millis device_idle{0};            // a device not connected for so long is logged out; 0: never
  Millis login_deadline{30'000};    // a WebSocket that has not logged in is closed
  // States kept in memory, fixed at the start: a room costs about 1 KiB, an account with 20 rooms
  // 4 KiB. What is dropped is read again, in tens of microseconds.
  std::size_t rooms_in_memory = 50'000;
  std::size_t users_in_memory = 20'000;
  Rate messages_per_user{120, Millis{60'000}};
  Rate requests_per_device{600, Millis{60'000}};
  Rate logins_per_address{30, Millis{60'000}};
  Rate sign_ups_per_address{10, Millis{3'600'000}};
  Rate resumes_per_address{600, Millis{60'000}};
  Rate contact_requests_per_user{30, Millis{3'600'000}};
  Rate invites_per_user{300, Millis{3'600'000}};  // a full group is founded at once
};

}  // namespace chatd::core
