#pragma once

#include "chat.hpp"
#include <cstdint>

namespace terminal {

// From now on SIGINT and SIGTERM only set a flag, and SIGWINCH ends a wait.
void catch_signals();
[[nodiscard]] bool was_told_to_end();
// Whether the terminal's size changed since the last time this was asked.
[[nodiscard]] bool was_resized();

// Waits until the socket or `input_fd` (-1: none) is ready, a deadline of the chat's or `deadline`
// (by `now`'s clock) has come, or a signal; then lets the chat do its work. Whether `input_fd` can
// be read.
[[nodiscard]] bool wait_and_advance(client::Chat& chat, int input_fd, std::int64_t now,
                                    std::int64_t deadline);

}  // namespace terminal
