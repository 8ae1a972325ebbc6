#include "daemon/host/on_thread.hpp"

namespace chatd::host {
namespace {

thread_local ThreadKind current = ThreadKind::other;

}  // namespace

ThreadKind thread_kind() { return current; }

OnThread::OnThread(ThreadKind kind) : before_(std::exchange(current, kind)) {}

OnThread::~OnThread() { current = before_; }

}  // namespace chatd::host
