#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/secret.hpp"
#include "daemon/core/ports/clients.hpp"
#include "daemon/core/task.hpp"
#include "daemon/core/timers.hpp"
#include "daemon/wire/methods/people.hpp"

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace chatd::core {

// One open connection, or one request over http.
struct Session {
  SessionId id;
  Door door = Door::websocket;
  std::string address;  // of the peer, without port
  Secret bearer;        // http: the token of its one request
  UserId user;          // empty: nobody is logged in here
  DeviceId device;
  bool is_live = false;  // events flow
  wire::PresenceState declared = wire::PresenceState::online;
  std::optional<RoomId> watched;  // whose members' presence it shows
  std::size_t requests = 0;       // under way
  Monotonic active_at{};          // the person's last sign of activity here
  Monotonic seen_at{};            // when the device's row was last told that it is here
  bool is_ending = false;         // its device was logged out by itself: ends after the answer
  std::optional<Timers::Id> login_deadline;
};

// For sync.poll: that something of an account changed since this was asked for.
struct Change {
  bool has_happened = false;
  Gate gate;
};

// Who is connected. Loop only; owned by the core.
class Sessions {
 public:
  Session& open(SessionId id, Door door, std::string address, Secret bearer);
  // Forgets it; gives back what it was.
  std::optional<Session> close(SessionId id);
  [[nodiscard]] Session* find(SessionId id);

  // From now on this session is that device's and counts for its account.
  void bind(Session& session, const UserId& user, DeviceId device);
  void unbind(Session& session);

  // Sessions of an account over WebSocket, in no order.
  [[nodiscard]] const std::vector<SessionId>& of(const UserId& user) const;
  [[nodiscard]] std::size_t users_online() const { return by_user_.size(); }
  [[nodiscard]] std::size_t size() const { return sessions_.size(); }
  [[nodiscard]] std::size_t logged_in() const { return logged_in_; }
  [[nodiscard]] std::vector<SessionId> all(Door door) const;

  // The next change of this account.
  [[nodiscard]] std::shared_ptr<Change> next_change_of(const UserId& user);
  void wake(const UserId& user);

 private:
  std::unordered_map<SessionId, Session> sessions_;
  std::unordered_map<UserId, std::vector<SessionId>> by_user_;
  std::size_t logged_in_ = 0;
  std::unordered_map<UserId, std::weak_ptr<Change>> polling_;
};

}  // namespace chatd::core
