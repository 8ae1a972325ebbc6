#pragma once

#include "daemon/base/hash.hpp"
#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"

#include <string>
#include <string_view>

// The keys of the core's rows in the store; the one place that knows them. All are short and
// binary: users go in as 16 bytes of hash (their ids are in the values), so that rows of one user
// lie together. The host's rows begin with 'x' (plugins' own state) and 'f' (the commit feed).
namespace chatd::core::keys {

[[nodiscard]] std::string room_snapshot(const RoomId& room);  // 's' room
inline constexpr std::string_view kRoomSnapshots = "s";
[[nodiscard]] std::string preview(const RoomId& room);                  // 'v' room: prefix of
[[nodiscard]] std::string preview_record(const RoomId& room, Seq seq);  // 'v' room seq
[[nodiscard]] std::string user(const UserId& user);     // 'u' user: prefix of all below
[[nodiscard]] std::string account(const UserId& user);  // 'u' user 'a'
[[nodiscard]] std::string device(const UserId& user, DeviceId device);        // 'u' user 'd' device
[[nodiscard]] std::string contact(const UserId& user, const UserId& other);   // 'u' user 'c' other
[[nodiscard]] std::string user_room(const UserId& user, const RoomId& room);  // 'u' user 'r' room
[[nodiscard]] std::string token(const Hash256& token_hash);                   // 't' hash
[[nodiscard]] std::string user_name(std::string_view localpart);  // 'n' localpart, for search
inline constexpr std::string_view kUserNames = "n";
[[nodiscard]] std::string direct_room(const UserId& one, const UserId& other);  // 'p' pair
[[nodiscard]] std::string invite(const Hash256& token_hash);                    // 'i' hash
[[nodiscard]] std::string edit(const RoomId& room, Seq target, Seq edit);  // 'e' room target edit
[[nodiscard]] std::string edits_of(const RoomId& room, Seq target);        // their prefix
[[nodiscard]] Result<Seq> edit_seq(std::string_view key);  // the edit that such a key names
[[nodiscard]] std::string outbox(std::uint64_t entry);     // 'o' entry
inline constexpr std::string_view kOutbox = "o";
inline constexpr std::string_view kOutboxNumber = "mo";  // the last one that was given
// What is shared with another server, and what it must be told; its name is in the values.
[[nodiscard]] std::string shares_of(std::string_view server);  // 'w' server: prefix of
[[nodiscard]] std::string share(std::string_view server, const RoomId& room);  // 'w' server room
inline constexpr std::string_view kShares = "w";
[[nodiscard]] std::string notices_of(std::string_view server);  // 'q' server: prefix of
[[nodiscard]] std::string notice(std::string_view server, const RoomId& room,
                                 const UserId& user);  // 'q' server room user
[[nodiscard]] std::string erasure(std::string_view server, const RoomId& room,
                                  Seq message);  // 'q' server room, message in 16 bytes
inline constexpr std::string_view kNotices = "q";
[[nodiscard]] std::string known_server(std::string_view server);  // 'k' server
inline constexpr std::string_view kKnownServers = "k";
// What the hub of a room that is followed signed of it last (PeerService::follow).
[[nodiscard]] std::string proof(const RoomId& room);     // 'h' room
inline constexpr std::string_view kFeedPosition = "mf";  // the feed's newest position
// The life after a backup (the restore epoch) up to which other servers were heard.
inline constexpr std::string_view kRecovered = "mr";

}  // namespace chatd::core::keys
