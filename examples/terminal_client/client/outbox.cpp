#include "outbox.hpp"

#include <algorithm>

namespace client {
namespace {

constexpr std::int64_t kRetryMs = 1000;

// Errors after which the same message may well be taken.
bool is_passing(const std::string& code) {
  return code == "rate_limited" || code == "unavailable" || code == "timeout" ||
         code == "read_only";
}

}  // namespace

Outbox::Outbox(Connection& connection, Cache& cache, RoomLog& log, Timers& timers, const Env& env,
               Listener listener)
    : connection_(connection),
      cache_(cache),
      log_(log),
      timers_(timers),
      listener_(std::move(listener)),
      ids_(env, cache.value("last_msg_id")) {}

std::string Outbox::add(const std::string& method, const std::string& room, json params) {
  Outgoing out;
  out.id = ids_.next();
  out.room = room;
  out.method = method;
  params["room"] = room;
  params["client_msg_id"] = out.id;
  out.params = std::move(params);
  cache_.transaction([&] {
    cache_.set_value("last_msg_id", out.id);
    cache_.put_outgoing(out);
  });
  send_next();
  return out.id;
}

void Outbox::go() {
  is_open_ = true;
  send_next();
}

void Outbox::retry_refused() {
  for (Outgoing out : cache_.outbox()) {
    out.state = Outgoing::State::sending;
    out.error.clear();
    cache_.put_outgoing(out);
  }
  send_next();
}

void Outbox::discard_refused() {
  for (const Outgoing& out : cache_.outbox()) {
    if (out.state == Outgoing::State::failed) cache_.remove_outgoing(out.id);
  }
}

void Outbox::send_next() {
  if (!is_open_ || is_sending_ || connection_.state() != Connection::State::online) return;
  const auto next = cache_.next_to_send();
  if (!next || !cache_.error().empty()) return;
  is_sending_ = true;
  connection_.call(next->method, next->params, [this, out = *next](const Answer& answer) {
    is_sending_ = false;
    on_answer(out, answer);
  });
}

void Outbox::on_answer(const Outgoing& out, const Answer& answer) {
  if (answer.ok()) {
    take_answer(out, answer.result);
    return send_next();
  }
  const RpcError& error = *answer.error;
  if (error.code == "disconnected") return;
  if (is_passing(error.code)) {
    stop();
    return timers_.after(std::max(error.retry_after_ms, kRetryMs), [this] { go(); });
  }
  Outgoing refused = out;
  refused.state = Outgoing::State::failed;
  refused.error = error.message;
  cache_.put_outgoing(refused);
  listener_.on_refused(refused);
  send_next();
}

void Outbox::take_answer(const Outgoing& out, const json& result) {
  // Those who sent a record are not sent it again: the answer and what was said make it up.
  Record record;
  record.seq = number_of(result, "seq");
  record.kind = out.method == "message.send"     ? "message"
                : out.method == "message.edit"   ? "edit"
                : out.method == "message.redact" ? "redact"
                                                 : "reaction";
  record.sender = cache_.value("user");
  record.device = cache_.value("device");
  record.client_msg_id = out.id;
  record.time = time_of(result, "time");
  record.target = number_of(out.params, "target");
  record.content = member_of(out.params, "content");
  if (record.kind == "reaction")
    record.content = {{"reaction", text_of(out.params, "reaction")},
                      {"set", flag_of(out.params, "set")}};
  cache_.transaction([&] {
    const RoomLog::Fit fit =
        record.seq == 0 ? RoomLog::Fit::known : log_.take(out.room, record, true);
    if (fit == RoomLog::Fit::gap) listener_.on_gap(out.room);
    // If the record was taken it is gone from the outbox already.
    if (cache_.remove_outgoing(out.id)) listener_.on_sent(out, record.seq);
  });
}

}  // namespace client
