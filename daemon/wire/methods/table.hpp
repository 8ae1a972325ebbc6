#pragma once

#include "daemon/wire/methods/account.hpp"
#include "daemon/wire/methods/admin.hpp"
#include "daemon/wire/methods/admin_message.hpp"
#include "daemon/wire/methods/federation.hpp"
#include "daemon/wire/methods/message.hpp"
#include "daemon/wire/methods/people.hpp"
#include "daemon/wire/methods/room.hpp"
#include "daemon/wire/methods/room_hub.hpp"
#include "daemon/wire/methods/sync.hpp"

#include <cstddef>
#include <variant>

namespace chatd::wire {

// A method that the table does not know but a plugin may: `x.<plugin>.<name>`.
struct PluginCall {
  std::string method;
  std::string params;  // one JSON object as it came
};

// The method table of all doors: a request is one of these. The decoder, the dispatcher, the
// documents, OpenRPC and chatctl are made from this list.
using Params = std::variant<
    AccountSignUp, AccountLogin, SessionResume, SessionLogout, SessionPing, AccountChangePassword,
    DeviceList, DeviceRevoke, ProfileGet, ProfileSet, UserSearch, ContactList, ContactRequest,
    ContactAccept, ContactRemove, BlockSet, RoomCreate, RoomOpenDirect, RoomInvite, RoomJoin,
    RoomLeave, RoomKick, RoomBan, RoomBanServer, RoomSetRole, RoomSet, RoomGet, RoomList,
    MessageSend, MessageEdit, MessageRedact, MessageReact, MessageCancel, HistoryGet, Sync,
    SyncPoll, ReceiptRead, TypingSet, PresenceSet, PresenceContacts, PresenceWatch, AdminStatus,
    AdminShutdown, AdminMetrics, AdminConfigShow, AdminReload, AdminCertShow, AdminCertReload,
    AdminPluginList, AdminLogFollow, AdminUserCreate, AdminUserList, AdminUserShow, AdminUserPasswd,
    AdminUserEnable, AdminInviteCreate, AdminRoomList, AdminRoomShow, AdminRoomVerify,
    AdminRoomHubShow, AdminRoomHubMove, AdminMessageTrace, AdminFederationStatus,
    AdminFederationPeers, AdminFederationPeerShow, AdminFederationPeerAccept, AdminFederationCheck,
    AdminFederationRetry, AdminFederationPause, AdminFederationResume, AdminFederationAllow,
    AdminFederationDeny, AdminFederationRuleList, AdminFederationRuleRemove,
    AdminFederationKeysShow, AdminFederationKeysRotate, AdminFederationKeysEnd,
    AdminFederationKeysRequest, AdminFederationKeysAdd, AdminFederationCacheShow,
    AdminFederationCacheFlush, AdminFederationRestored, PluginCall>;

inline constexpr std::size_t kTableSize = std::variant_size_v<Params> - 1;  // without PluginCall

// Calls f.template operator()<T>() for each method's parameter type, in the order of the table.
template <class F>
void for_each_method(F&& f) {
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (f.template operator()<std::variant_alternative_t<I, Params>>(), ...);
  }
  (std::make_index_sequence<kTableSize>());
}

}  // namespace chatd::wire
