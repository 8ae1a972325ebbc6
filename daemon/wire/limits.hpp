#pragma once

#include <cstddef>
#include <cstdint>

// Every bound of the protocol, with its reason. A peer's size is checked against one of these
// before memory follows it.
namespace chatd::wire {

// 100,000 characters are up to 400,000 bytes of UTF-8, more with JSON escapes: a message of the
// longest text in any script passes.
inline constexpr std::size_t kMaxFrameBytes = 512 * 1024;
// Between servers: a record whose content filled the longest frame of a client, with its envelope
// and signatures.
inline constexpr std::size_t kMaxLinkFrameBytes = kMaxFrameBytes + 4 * 1024;
// What people paste: logs, essays. Counted in Unicode code points.
inline constexpr std::size_t kMaxTextCharacters = 100'000;
// Deeper than any honest message; a parser's stack is not the client's to choose.
inline constexpr std::size_t kMaxJsonDepth = 32;
// A request's id is given back as it came.
inline constexpr std::size_t kMaxRequestIdBytes = 128;
// x.<plugin>.<name>, each as long as an honest name.
inline constexpr std::size_t kMaxPluginMethodBytes = 128;

inline constexpr std::size_t kMaxPasswordCharacters = 1024;  // long pass phrases, not files
inline constexpr std::size_t kMaxNameCharacters = 100;       // of people, rooms and devices
inline constexpr std::size_t kMaxStatusCharacters = 200;
inline constexpr std::size_t kMaxTopicCharacters = 1000;
inline constexpr std::size_t kMaxRoomMembers = 100;  // fan-out per message stays bounded

// One page of history: a phone's screen needs 50, a bot's catch-up more.
inline constexpr std::uint64_t kMaxPageRecords = 500;
inline constexpr std::uint64_t kDefaultPageRecords = 50;
inline constexpr std::uint64_t kMaxPageBytes = 1024 * 1024;
inline constexpr std::uint64_t kDefaultPageBytes = 256 * 1024;

// A cursor costs about 70 bytes: as many as fit a frame.
inline constexpr std::size_t kMaxSyncCursors = 5000;
// Below the idle limits of common proxies.
inline constexpr std::uint64_t kMaxPollMs = 60'000;

// What may wait for one client that reads slowly. A phone on a bad link is back in time for a
// screen of messages; whoever needs more reads the range, which costs no memory here.
inline constexpr std::size_t kMaxLiveBytes = 256 * 1024;
inline constexpr std::size_t kMaxLivePackets = 1024;
// Answers to requests in flight: a few pages of history. Who asks for more without reading is gone.
inline constexpr std::size_t kMaxSendBytes = 4 * 1024 * 1024;
// The admin's tool runs on the same machine and gets lists in one piece.
inline constexpr std::size_t kMaxControlReplyBytes = 16 * 1024 * 1024;
inline constexpr std::size_t kMaxControlSendBytes = 2 * kMaxControlReplyBytes;

}  // namespace chatd::wire
