#pragma once

#include "daemon/base/clock.hpp"
#include "daemon/core/settings.hpp"
#include "daemon/wire/limits.hpp"

#include <cstddef>

// Every bound between servers, with its reason. A peer's size is checked against one of these
// before memory follows it.
namespace chatd::federation {

// How long a server document is believed after it was issued: what was changed in it, a stolen key
// that was ended above all, is known everywhere after so long.
inline constexpr Millis kMaxDocumentAge = std::chrono::hours(7 * 24);
// A server makes a new one after so long.
inline constexpr Millis kDocumentRenewedAfter = std::chrono::hours(24);
// Clocks of honest servers differ by this at most.
inline constexpr Millis kMaxClockSkew = std::chrono::minutes(5);
// A signing key is short-lived, but an admin whose root key is in a safe signs four times a year.
inline constexpr Millis kMaxKeyLifetime = std::chrono::hours(90 * 24);

// More than the bounds below add up to.
inline constexpr std::size_t kMaxDocumentBytes = 16 * 1024;
// Keys in use, announced and lately ended; older ones are in the rooms where they signed.
inline constexpr std::size_t kMaxKeys = 16;
inline constexpr std::size_t kMaxEndpoints = 8;  // each may cost a peer a connection attempt
inline constexpr std::size_t kMaxServerNameBytes = 190;  // as is_server_name takes them
inline constexpr std::size_t kMaxFeatures = 64;
inline constexpr std::size_t kMaxFeatureBytes = 64;
inline constexpr std::size_t kMaxContactBytes = 200;  // one line: a mail address or a URL

// Two server names, versions and a nonce; an answer with its proof is shorter.
inline constexpr std::size_t kMaxHandshakeBytes = 512;

using wire::kMaxLinkFrameBytes;
// What one page of history may hold: a follower catches up page by page.
inline constexpr std::uint64_t kMaxFeedRecords = wire::kMaxPageRecords;
// About 75 KB; for more rooms the digests, 8 KiB, are cheaper.
inline constexpr std::size_t kMaxHelloHeads = 1000;
// As many as surely fit into a frame; two servers may share a million rooms.
inline constexpr std::size_t kMaxBucketHeads = 4000;
// What a server that is new to a large room is shown of it: together less than 256 KB. A state has
// 60 to 150 bytes a member.
inline constexpr std::size_t kMaxStateBytes = 96 * 1024;
inline constexpr std::size_t kPreviewBytes = 160 * 1024;  // the newest records, several screens
inline constexpr std::uint64_t kMaxPreviewRecords = 128;
inline constexpr std::size_t kMaxUserIdBytes = 256;  // as in a record
inline constexpr std::size_t kMaxCodeBytes = 32;     // the longest name of an error code has 15

// What may wait on a link to leave. About what a far link has on its way.
inline constexpr std::size_t kLinkQueueBytes = 1024 * 1024;
// Where so much waits, what passes by (typing, presence) would be old when it arrives.
inline constexpr std::size_t kPassingQueueBytes = 64 * 1024;
// What is over these is dropped. A large server's people type and come and go so often; who asks
// how a hundred people are costs as many looks at an account.
inline constexpr core::Rate kPassingPerPeer{3000, Millis{60'000}};
inline constexpr core::Rate kLeasesPerPeer{240, Millis{60'000}};
// Submits without an answer: many small ones, or one of the longest.
inline constexpr std::size_t kSubmitWindow = 64;
inline constexpr std::size_t kSubmitWindowBytes = 512 * 1024;
// Fed and not acked, of a room and of a link: pages on their way while others are written to disk.
// All of it lies before an invitation that is told behind it.
inline constexpr std::size_t kRoomWindowBytes = 128 * 1024;
inline constexpr std::size_t kFeedWindowBytes = 512 * 1024;
// About a hundred messages: the follower checks a signature of each of another origin in one go.
inline constexpr std::size_t kFeedPageBytes = 32 * 1024;
inline constexpr std::size_t kFeedReads = 4;  // pages of a link that are read from disk at once
// Rooms about which a peer made us remember something that honest ones seldom do.
inline constexpr std::size_t kMaxOddRooms = 4096;
inline constexpr std::size_t kNoticePage = 100;

// What a server tells people of another one: a line or two of text.
inline constexpr std::size_t kMaxWordsBytes = 500;
// What it tells another that asked it to check their link.
inline constexpr std::size_t kMaxCheckSteps = 16;
inline constexpr std::size_t kMaxCheckNameBytes = 32;
inline constexpr Millis kCheckEvery = std::chrono::seconds(10);  // it makes this server connect
inline constexpr Millis kCheckDeadline = std::chrono::seconds(20);

// Connections that were accepted and are not proven yet: from one network, and in all.
inline constexpr std::size_t kMaxGuests = 64;
inline constexpr std::size_t kMaxGuestsOfNetwork = 8;
inline constexpr std::size_t kMaxSearches = 64;           // for server documents, at once
inline constexpr std::size_t kMaxDocuments = 10'000;      // 1 KB each
inline constexpr std::size_t kMaxAcquaintances = 10'000;  // 200 bytes each

// Each message of the handshake comes within this, or the connection ends.
inline constexpr Millis kHandshakeDeadline = std::chrono::seconds(10);
// What the search for the other's document may add to it.
inline constexpr Millis kGuestDeadline = std::chrono::seconds(30);
inline constexpr Millis kAliveAfter = std::chrono::seconds(20);   // nothing was sent for so long
inline constexpr Millis kSilentAfter = std::chrono::seconds(60);  // nothing came: the link is dead
// For hello: a server that shares a million rooms looks at each of them first.
inline constexpr Millis kHelloDeadline = std::chrono::minutes(10);
// For what is handed in, fed or noticed, on a live link.
inline constexpr Millis kAnswerDeadline = std::chrono::minutes(2);
inline constexpr Millis kRetryAfter = std::chrono::seconds(1);     // where nobody advised another
inline constexpr Millis kMaxRetryAfter = std::chrono::minutes(5);  // whatever a peer advises

}  // namespace chatd::federation
