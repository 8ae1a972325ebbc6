#include "daemon/core/sessions.hpp"

#include <algorithm>
#include <utility>

namespace chatd::core {

Session& Sessions::open(SessionId id, Door door, std::string address, Secret bearer) {
  Session& session = sessions_[id];
  session.id = id;
  session.door = door;
  session.address = std::move(address);
  session.bearer = std::move(bearer);
  return session;
}

std::optional<Session> Sessions::close(SessionId id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return std::nullopt;
  Session session = std::move(found->second);
  sessions_.erase(found);
  const UserId user = session.user;
  const DeviceId device = session.device;
  unbind(session);
  session.user = user;
  session.device = device;
  return session;
}

Session* Sessions::find(SessionId id) {
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : &found->second;
}

void Sessions::bind(Session& session, const UserId& user, DeviceId device) {
  unbind(session);
  session.user = user;
  session.device = device;
  ++logged_in_;
  if (session.door == Door::websocket) by_user_[user].push_back(session.id);
}

void Sessions::unbind(Session& session) {
  if (session.user.empty()) return;
  --logged_in_;
  const auto mine = by_user_.find(session.user);
  if (mine != by_user_.end()) {
    std::erase(mine->second, session.id);
    if (mine->second.empty()) by_user_.erase(mine);
  }
  session.user = {};
  session.device = {};
}

const std::vector<SessionId>& Sessions::of(const UserId& user) const {
  static const std::vector<SessionId> none;
  const auto found = by_user_.find(user);
  return found == by_user_.end() ? none : found->second;
}

std::vector<SessionId> Sessions::all(Door door) const {
  std::vector<SessionId> ids;
  for (const auto& [id, session] : sessions_)
    if (session.door == door) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::shared_ptr<Change> Sessions::next_change_of(const UserId& user) {
  auto& known = polling_[user];
  auto change = known.lock();
  if (change == nullptr) known = change = std::make_shared<Change>();
  return change;
}

void Sessions::wake(const UserId& user) {
  if (polling_.empty()) return;
  const auto found = polling_.find(user);
  if (found == polling_.end()) return;
  const auto change = found->second.lock();
  polling_.erase(found);
  if (change == nullptr) return;
  change->has_happened = true;
  change->gate.open();
}

}  // namespace chatd::core
