#pragma once

#include "daemon/core/context.hpp"
#include "daemon/wire/methods/table.hpp"

// One function for each row of the method table: what the method does. All are called by Core after
// it checked that the caller may call the method at all. One file per family.
namespace chatd::core::commands {

template <class Params>
using Answered = Task<Result<typename Params::Answer>>;

// account.cpp
Answered<wire::AccountSignUp> handle(Context& core, Caller caller, wire::AccountSignUp params);
Answered<wire::AccountLogin> handle(Context& core, Caller caller, wire::AccountLogin params);
Answered<wire::SessionResume> handle(Context& core, Caller caller, wire::SessionResume params);
Answered<wire::AccountChangePassword> handle(Context& core, Caller caller,
                                             wire::AccountChangePassword params);
// devices.cpp
Answered<wire::SessionLogout> handle(Context& core, Caller caller, wire::SessionLogout params);
Answered<wire::SessionPing> handle(Context& core, Caller caller, wire::SessionPing params);
Answered<wire::DeviceList> handle(Context& core, Caller caller, wire::DeviceList params);
Answered<wire::DeviceRevoke> handle(Context& core, Caller caller, wire::DeviceRevoke params);
// people.cpp
Answered<wire::ProfileGet> handle(Context& core, Caller caller, wire::ProfileGet params);
Answered<wire::ProfileSet> handle(Context& core, Caller caller, wire::ProfileSet params);
Answered<wire::UserSearch> handle(Context& core, Caller caller, wire::UserSearch params);
// contacts.cpp
Answered<wire::ContactList> handle(Context& core, Caller caller, wire::ContactList params);
Answered<wire::ContactRequest> handle(Context& core, Caller caller, wire::ContactRequest params);
Answered<wire::ContactAccept> handle(Context& core, Caller caller, wire::ContactAccept params);
Answered<wire::ContactRemove> handle(Context& core, Caller caller, wire::ContactRemove params);
Answered<wire::BlockSet> handle(Context& core, Caller caller, wire::BlockSet params);
// rooms.cpp
Answered<wire::RoomCreate> handle(Context& core, Caller caller, wire::RoomCreate params);
Answered<wire::RoomOpenDirect> handle(Context& core, Caller caller, wire::RoomOpenDirect params);
Answered<wire::RoomSet> handle(Context& core, Caller caller, wire::RoomSet params);
Answered<wire::RoomGet> handle(Context& core, Caller caller, wire::RoomGet params);
Answered<wire::RoomList> handle(Context& core, Caller caller, wire::RoomList params);
// members.cpp
Answered<wire::RoomInvite> handle(Context& core, Caller caller, wire::RoomInvite params);
Answered<wire::RoomJoin> handle(Context& core, Caller caller, wire::RoomJoin params);
Answered<wire::RoomLeave> handle(Context& core, Caller caller, wire::RoomLeave params);
Answered<wire::RoomKick> handle(Context& core, Caller caller, wire::RoomKick params);
Answered<wire::RoomBan> handle(Context& core, Caller caller, wire::RoomBan params);
Answered<wire::RoomBanServer> handle(Context& core, Caller caller, wire::RoomBanServer params);
Answered<wire::RoomSetRole> handle(Context& core, Caller caller, wire::RoomSetRole params);
// messages.cpp
Answered<wire::MessageSend> handle(Context& core, Caller caller, wire::MessageSend params);
Answered<wire::MessageEdit> handle(Context& core, Caller caller, wire::MessageEdit params);
Answered<wire::MessageRedact> handle(Context& core, Caller caller, wire::MessageRedact params);
Answered<wire::MessageReact> handle(Context& core, Caller caller, wire::MessageReact params);
Answered<wire::MessageCancel> handle(Context& core, Caller caller, wire::MessageCancel params);
// history.cpp
Answered<wire::HistoryGet> handle(Context& core, Caller caller, wire::HistoryGet params);
// sync.cpp
Answered<wire::Sync> handle(Context& core, Caller caller, wire::Sync params);
Answered<wire::SyncPoll> handle(Context& core, Caller caller, wire::SyncPoll params);
// receipts.cpp
Answered<wire::ReceiptRead> handle(Context& core, Caller caller, wire::ReceiptRead params);
// ephemeral.cpp
Answered<wire::TypingSet> handle(Context& core, Caller caller, wire::TypingSet params);
Answered<wire::PresenceSet> handle(Context& core, Caller caller, wire::PresenceSet params);
Answered<wire::PresenceContacts> handle(Context& core, Caller caller,
                                        wire::PresenceContacts params);
Answered<wire::PresenceWatch> handle(Context& core, Caller caller, wire::PresenceWatch params);
// admin.cpp
Answered<wire::AdminStatus> handle(Context& core, Caller caller, wire::AdminStatus params);
Answered<wire::AdminShutdown> handle(Context& core, Caller caller, wire::AdminShutdown params);
Answered<wire::AdminMetrics> handle(Context& core, Caller caller, wire::AdminMetrics params);
Answered<wire::AdminConfigShow> handle(Context& core, Caller caller, wire::AdminConfigShow params);
Answered<wire::AdminReload> handle(Context& core, Caller caller, wire::AdminReload params);
Answered<wire::AdminCertShow> handle(Context& core, Caller caller, wire::AdminCertShow params);
Answered<wire::AdminCertReload> handle(Context& core, Caller caller, wire::AdminCertReload params);
Answered<wire::AdminPluginList> handle(Context& core, Caller caller, wire::AdminPluginList params);
Answered<wire::AdminLogFollow> handle(Context& core, Caller caller, wire::AdminLogFollow params);
// Passed on as it is.
template <class Params>
concept AboutFederation = requires(wire::FederationQuestion question) {
  std::get<Params>(question);
};
template <AboutFederation Params>
Answered<Params> handle(Context& core, Caller, Params params) {
  auto answer = co_await call<Result<wire::FederationAnswer>>(
      [&](auto done) { core.admin.federation(std::move(params), std::move(done)); });
  if (!answer) co_return fail(std::move(answer).error());
  co_return std::get<typename Params::Answer>(*std::move(answer));
}
// admin_users.cpp
Answered<wire::AdminUserCreate> handle(Context& core, Caller caller, wire::AdminUserCreate params);
Answered<wire::AdminUserList> handle(Context& core, Caller caller, wire::AdminUserList params);
Answered<wire::AdminUserShow> handle(Context& core, Caller caller, wire::AdminUserShow params);
Answered<wire::AdminUserPasswd> handle(Context& core, Caller caller, wire::AdminUserPasswd params);
Answered<wire::AdminUserEnable> handle(Context& core, Caller caller, wire::AdminUserEnable params);
Answered<wire::AdminInviteCreate> handle(Context& core, Caller caller,
                                         wire::AdminInviteCreate params);
// admin_rooms.cpp
Answered<wire::AdminRoomList> handle(Context& core, Caller caller, wire::AdminRoomList params);
Answered<wire::AdminRoomShow> handle(Context& core, Caller caller, wire::AdminRoomShow params);
Answered<wire::AdminRoomVerify> handle(Context& core, Caller caller, wire::AdminRoomVerify params);
Answered<wire::AdminMessageTrace> handle(Context& core, Caller caller,
                                         wire::AdminMessageTrace params);
Answered<wire::AdminRoomHubShow> handle(Context& core, Caller caller,
                                        wire::AdminRoomHubShow params);
Answered<wire::AdminRoomHubMove> handle(Context& core, Caller caller,
                                        wire::AdminRoomHubMove params);

}  // namespace chatd::core::commands
