#include "loop.hpp"

#include <algorithm>
#include <poll.h>
#include <signal.h>

namespace terminal {
namespace {

// Wakes at least this often, for what only time changes on the screen.
constexpr std::int64_t kLongestWaitMs = 1000;

volatile sig_atomic_t is_ending = 0;
volatile sig_atomic_t is_resized = 0;
sigset_t usual_mask;

void note_signal(int signal) {
  if (signal == SIGWINCH) {
    is_resized = 1;
  } else {
    is_ending = 1;
  }
}

}  // namespace

void catch_signals() {
  // Blocked except while waiting, so that none comes unseen between a look and a wait.
  sigset_t ours;
  sigemptyset(&ours);
  struct sigaction action {};
  action.sa_handler = note_signal;
  for (const int signal : {SIGINT, SIGTERM, SIGWINCH}) {
    sigaddset(&ours, signal);
    sigaction(signal, &action, nullptr);
  }
  sigprocmask(SIG_BLOCK, &ours, &usual_mask);
  signal(SIGPIPE, SIG_IGN);  // a broken connection is an error of write(2), not the end
}

bool was_told_to_end() { return is_ending != 0; }

bool was_resized() {
  const bool was = is_resized != 0;
  is_resized = 0;
  return was;
}

bool wait_and_advance(client::Chat& chat, int input_fd, std::int64_t now, std::int64_t deadline) {
  const std::int64_t until = std::min(deadline, chat.next_deadline());
  const std::int64_t wait = std::clamp<std::int64_t>(until - now, 0, kLongestWaitMs);
  // poll(2) passes over negative descriptors.
  pollfd ready[2] = {{chat.fd(), chat.wanted_events(), 0}, {input_fd, POLLIN, 0}};
  const timespec timeout{wait / 1000, wait % 1000 * 1'000'000};
  const int count = ppoll(ready, 2, &timeout, &usual_mask);
  chat.advance();
  return count > 0 && ready[1].revents != 0;
}

}  // namespace terminal
