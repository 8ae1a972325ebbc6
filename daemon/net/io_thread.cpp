#include "daemon/net/io_thread.hpp"

#include "daemon/base/overloaded.hpp"

#include <iterator>
#include <utility>

namespace chatd::net {
namespace {

// Batches that wait for a thread. A batch is all the core did in one turn, so this is seconds.
constexpr std::size_t kMaxTasks = 1'024;
// How often a thread looks for more input before it hands on what it has: joins bursts into one
// batch and one write per connection, for at most this many system calls of delay.
constexpr int kMaxPasses = 4;
constexpr Millis kRetryDelay{1};

}  // namespace

Result<std::unique_ptr<IoThread>> IoThread::create(Parts parts) {
  std::unique_ptr<IoThread> thread(new IoThread(std::move(parts)));
  auto* const self = thread.get();
  CHATD_TRY(
      self->context_,
      LwsContext::create(*self->parts_.loop, self->parts_.identity, self->options_.takes_links,
                         [self](lws* wsi, lws_callback_reasons reason, void* in, std::size_t size) {
                           return self->on_event(wsi, reason, in, size);
                         }));
  self->set_sweep_alarm();
  return thread;
}

IoThread::IoThread(Parts parts)
    : parts_(std::move(parts)),
      options_(*parts_.options),
      waker_(*parts_.loop, [this] { take_tasks(); }),
      tasks_(kMaxTasks, [this] { waker_.wake(); }),
      allowed_origins_(options_.access.allowed_origins),
      files_(options_.files),
      connections_(parts_.index),
      write_buffer_(LWS_PRE, '\0'),
      turn_end_(*parts_.loop, [this] { return end_turn(); }),
      sweep_alarm_(*parts_.loop, [this] { sweep(); }),
      retry_alarm_(*parts_.loop, [this] { deliver(); }) {
  write_buffer_.reserve(LWS_PRE + LwsContext::kMaxWriteBytes);
}

IoThread::~IoThread() {
  is_stalled_ = true;  // nobody listens any more
  retry_alarm_.clear();
  context_.reset();  // its last events need the rest of us
}

void IoThread::adopt(Arrival&& arrival) {
  if (parts_.loop->is_on_this_thread()) {
    serve(std::move(arrival));
  } else {
    put(Task(std::move(arrival)));
  }
}

bool IoThread::post(std::vector<Outbound>&& batch) {
  if (parts_.loop->is_on_this_thread()) {
    for (Outbound& message : batch) apply(std::move(message));
    return true;
  }
  Task task(std::move(batch));
  if (tasks_.put(std::move(task))) return true;
  batch = std::move(std::get<std::vector<Outbound>>(task));
  return false;
}

void IoThread::use(std::shared_ptr<const TlsIdentity> identity) { put(Task(std::move(identity))); }

void IoThread::allow(std::vector<std::string> origins) { put(Task(std::move(origins))); }

void IoThread::show(std::shared_ptr<const StaticFiles> files) { put(Task(std::move(files))); }

void IoThread::close_all(std::uint16_t code, std::string reason) {
  put(Task(CloseAll{code, std::move(reason)}));
}

// Bounded by what causes them: connections admitted, an admin's wishes.
void IoThread::put(Task&& task) {
  if (parts_.loop->is_on_this_thread()) {
    do_task(std::move(task));
  } else {
    tasks_.put_owed(std::move(task));
  }
}

void IoThread::take_tasks() {
  tasks_.take_all(taken_);
  for (Task& task : taken_) do_task(std::move(task));
  taken_.clear();
}

void IoThread::do_task(Task&& task) {
  std::visit(
      overloaded{[this](std::vector<Outbound>&& batch) {
                   for (Outbound& message : batch) apply(std::move(message));
                 },
                 [this](Arrival&& arrival) { serve(std::move(arrival)); },
                 [this](std::shared_ptr<const TlsIdentity>&& identity) {
                   context_->use(std::move(identity));
                 },
                 [this](Origins&& origins) { allowed_origins_ = std::move(origins); },
                 [this](std::shared_ptr<const StaticFiles>&& files) { files_ = std::move(files); },
                 [this](CloseAll&& all) {
                   for (std::size_t slot = 0; slot < connections_.slots(); ++slot) {
                     Connection* const connection = connections_.at(slot);
                     if (connection == nullptr) continue;
                     close(*connection, all.code, std::string(all.reason));
                   }
                 }},
      std::move(task));
}

void IoThread::apply(Outbound&& message) {
  const SessionId session = std::visit([](const auto& any) { return any.session; }, message);
  if ((session.value() & Sessions<Connection>::kForeignBit) != 0) {
    if (foreign_ != nullptr) foreign_->apply(std::move(message));
    return;
  }
  Connection* const connection = connections_.find(session);
  if (connection == nullptr) return;
  std::visit(
      overloaded{[&](Send&& what) { send(*connection, std::move(what.packet), what.delivery); },
                 [&](Close&& what) { close(*connection, what.code, std::move(what.reason)); },
                 [&](ResumeLive&&) { connection->queue.resume_live(); }},
      std::move(message));
}

void IoThread::serve(Arrival&& arrival) {
  make_room();
  auto made = std::make_unique<Connection>(*parts_.policy);
  Connection& connection = *made;
  connection.peer = std::move(arrival.peer);
  connection.address_group = arrival.address_group;
  connection.is_behind_proxy = arrival.is_behind_proxy;
  connection.since_ms = now_ms();
  connection.slot = connections_.add(std::move(made));
  connection.arrival = ++arrivals_;
  unfinished_.emplace(connection.arrival, connection.slot);
  adopting_ = &connection;
  const lws* const wsi =
      context_->adopt(std::move(arrival.socket), arrival.is_tls, static_cast<void*>(&connection));
  const bool was_known = adopting_ == nullptr;
  adopting_ = nullptr;
  // If libwebsockets got as far as making its part, it also tells us of the end of that.
  if (wsi == nullptr && !was_known) forget(connection);
}

bool IoThread::end_turn() {
  if (!file_readers_.empty()) end_impatient_readers();
  if (read_ahead_.has_more() && !is_stalled_) read_ahead_.serve(*context_);
  if (has_new_input_ && passes_ < kMaxPasses) {
    has_new_input_ = false;
    ++passes_;
    return true;
  }
  passes_ = 0;
  has_new_input_ = false;
  if (!inbound_.empty() && !is_stalled_) deliver();
  if (is_stalled_) hold_paused();
  flush_dirty();
  if (foreign_ != nullptr) foreign_->flush();
  // What the sink's answers ended is news of its own.
  return (has_new_input_ || read_ahead_.has_more()) && !is_stalled_;
}

void IoThread::emit(Inbound&& message) {
  has_new_input_ = true;
  inbound_.push_back(std::move(message));
}

void IoThread::deliver() {
  std::vector<Inbound> batch = std::exchange(inbound_, {});
  if (batch.empty() || parts_.sink->deliver(parts_.index, std::move(batch))) {
    is_stalled_ = false;
    resume_reading();
    return;
  }
  // NOLINTNEXTLINE(bugprone-use-after-move): what is refused stays in the batch
  inbound_.insert(inbound_.begin(), std::move_iterator(batch.begin()),
                  std::move_iterator(batch.end()));
  if (!is_stalled_) counters_.stalled.add();
  is_stalled_ = true;
  retry_alarm_.set(std::chrono::steady_clock::now() + kRetryDelay);
}

// Each connection still adds what is left of its TLS record, then its peer has to wait. Not at
// once: libwebsockets 4.1, told so within an event, looks for ever for what it may not read.
void IoThread::pause_reading(Connection& connection) {
  if (connection.is_paused) return;
  connection.is_paused = true;
  paused_.push_back(connection.session);
}

void IoThread::hold_paused() {
  for (; held_ < paused_.size(); ++held_)
    if (Connection* const connection = connections_.find(paused_[held_]);
        connection != nullptr && connection->wsi != nullptr)
      lws_rx_flow_control(connection->wsi, 0);
}

void IoThread::resume_reading() {
  held_ = 0;
  for (const SessionId session : std::exchange(paused_, {})) {
    Connection* const connection = connections_.find(session);
    if (connection == nullptr || !connection->is_paused) continue;
    connection->is_paused = false;
    if (connection->wsi != nullptr) lws_rx_flow_control(connection->wsi, 1);
  }
}

}  // namespace chatd::net
