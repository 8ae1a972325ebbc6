#pragma once

namespace chatd {

// Prints the claim that failed to standard error and ends the process. Any thread.
[[noreturn]] void assertion_failed(const char* claim, const char* file, int line);

}  // namespace chatd

// What cannot happen whatever a peer, disk, config or plugin does. Stays on in release.
#define CHATD_ASSERT(claim) \
  ((claim) ? void(0) : ::chatd::assertion_failed(#claim, __FILE__, __LINE__))
