#include "tests/scenario/hostile_hub.hpp"

#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"
#include "federation/origin.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::hostile {

using namespace federation;
using wire::Record;
using wire::RecordKind;

namespace {

RoomHead head_of(const Record& record) {
  return {record.room, record.term, record.seq, record_hash(record)};
}

Record with_content(Record record, std::string content) {
  record.content = std::move(content);
  record.content_hash = blake2b_256(record.content);
  return record;
}

}  // namespace

std::string HostileHub::attack(const Words& what) {
  const std::string& how = what.at(0);
  if (how == "founds") return found(*UserId::parse(what.at(1)));
  if (how == "numbers") return number();
  link();
  if (how == "says") return say(what.at(1));
  auto said = attack_order(how);
  if (!said) said = attack_signatures(what);
  if (!said) said = attack_past(what);
  return said.value_or("there is no such attack");
}

std::string HostileHub::found(const UserId& guest) {
  wire::CreateContent content;
  content.name = "the trap";
  content.presence = false;
  content.members = {server_.user()};
  content.nonce = "of its own";
  Record create;
  create.seq = 1;
  create.kind = RecordKind::create;
  create.origin = server_.name();
  create.sender = server_.user();
  create.time = server_.now();
  create = with_content(std::move(create), wire::to_json(content));
  create.room = wire::room_id_of(create);
  log_ = {create};
  const wire::MemberContent invitation{guest, wire::Membership::invited, wire::Role::member, {}};
  log_.push_back(next(log_, server_.user(), RecordKind::member, wire::to_json(invitation)));
  link();
  call_->send({encode(NoticeFrame{
      {create.room, 2, guest, wire::Membership::invited, server_.user(), server_.now()}})});
  const std::string said = answer();
  return said == "noticed" ? create.room.text() : said;
}

std::string HostileHub::number() {
  while (auto frame = receive()) {
    const auto* const submit = std::get_if<Submit>(&*frame);
    if (submit == nullptr) continue;
    log_.push_back(as_handed_in(*submit));
    call_->send({encode(Submitted{submit->entry, Accepted{log_.back().seq}})});
    return tell(Log(log_.begin() + static_cast<std::ptrdiff_t>(has_), log_.end()));
  }
  return end_of(*call_);
}

std::string HostileHub::say(const std::string& text) {
  log_.push_back(words(log_, text));
  return tell({log_.back()});
}

std::optional<std::string> HostileHub::attack_order(const std::string& how) {
  Log later = log_;
  later.push_back(words(later, "first"));
  later.push_back(words(later, "second"));
  if (how == "skips") return tell({later.back()});
  Record& odd = later[log_.size()];
  if (how == "breaks_the_chain") {
    odd.prev_hash[0] ^= 1;
  } else if (how == "turns_back_time") {
    odd.time = log_.back().time - 1;
  } else if (how == "miscounts") {
    ++odd.ordinal;
  } else if (how == "begins_a_term") {
    ++odd.term;
  } else {
    return std::nullopt;
  }
  return tell({odd});
}

std::optional<std::string> HostileHub::attack_signatures(const Words& what) {
  const std::string& how = what[0];
  Record record = words(log_, "forged");
  Feed feed = feed_of({record});
  RoomHead head = head_of(record);
  if (how == "signs_another_head") {
    ++head.seq;
    feed.head = server_.sign(Purpose::head, form(head));
    return tell(feed);
  }
  if (how == "signs_with_a_key_of_nobody") {
    feed.head = server_.sign(Purpose::head, form(head), 'x');
    return tell(feed);
  }
  if (how == "forges") {  // what somebody of the victim never said
    record.sender = *UserId::parse(what.at(1));
    record.origin = server_.victim().server;
    if (what.at(2) == "signed")
      record.origin_signature = bytes_of(server_.sign(Purpose::record, origin_form(record)));
    return tell({record});
  }
  if (how == "speaks_for") {
    record.sender = *UserId::parse(what.at(1));
    return tell({record});
  }
  const auto said = std::find_if(log_.rbegin(), log_.rend(), [](const Record& known) {
    return !known.origin_signature.empty() && known.kind == RecordKind::message;
  });
  if (said == log_.rend()) return std::nullopt;
  record = next(log_, said->sender, said->kind, said->content);
  record.origin = said->origin;
  record.origin_signature = said->origin_signature;
  record.device = said->device;
  record.client_msg_id = said->client_msg_id;
  if (how == "changes_words") return tell({with_content(record, R"({"text":"not so"})")});
  if (how == "doubles") return tell({record});
  return std::nullopt;
}

std::optional<std::string> HostileHub::attack_past(const Words& what) {
  if (what.size() != 2) return std::nullopt;
  const auto seq = static_cast<std::size_t>(std::stoul(what[1]));
  Log other(log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(seq));
  ++other.back().time;
  if (what[0] == "tells_another") return tell({other.back()});
  if (what[0] != "tells_another_log_from") return std::nullopt;
  for (std::size_t i = seq; i < log_.size(); ++i) {
    other.push_back(log_[i]);
    other.back().prev_hash = record_hash(other[i - 1]);
  }
  other.push_back(words(other, "what never was"));
  return tell(Log(other.begin() + static_cast<std::ptrdiff_t>(seq) - 1, other.end()));
}

Record HostileHub::next(const Log& log, const UserId& sender, RecordKind kind,
                        std::string content) {
  const Record& last = log.back();
  Record record;
  record.room = last.room;
  record.seq = last.seq + 1;
  record.prev_hash = record_hash(last);
  record.kind = kind;
  record.sender = sender;
  record.origin = server_.name();
  record.time = std::max(server_.now(), last.time + 1);
  record.ordinal = last.ordinal + (kind == RecordKind::message ? 1 : 0);
  return with_content(std::move(record), std::move(content));
}

Record HostileHub::words(const Log& log, const std::string& text) {
  return next(log, server_.user(), RecordKind::message, fmt::format(R"({{"text":"{}"}})", text));
}

Record HostileHub::as_handed_in(const Submit& submit) {
  const core::Draft& draft = submit.draft;
  Record record = next(log_, draft.sender, draft.kind, draft.content);
  record.origin = server_.victim().server;
  record.origin_signature = bytes_of(submit.origin);
  record.device = draft.device;
  record.client_msg_id = draft.client_msg_id;
  record.target = draft.target;
  return record;
}

Feed HostileHub::feed_of(const Log& records) const {
  const Record& first = records.front();
  Feed feed{first.room, first.seq, first.prev_hash, {}, {}};
  for (const Record& record : records) feed.stored.push_back(encode_stored(record));
  feed.head = server_.sign(Purpose::head, form(head_of(records.back())));
  return feed;
}

std::string HostileHub::tell(const Feed& feed) {
  call_->send({encode(feed)});
  return answer();
}

void HostileHub::link() {
  call_.reset();
  Hello hello;
  if (has_ > 0) hello.heads.push_back(head_of(log_[has_ - 1]));
  call_ = server_.link({}, hello);
  read_ = 2;
}

std::optional<Frame> HostileHub::receive() {
  if (!call_->receives(read_ + 1)) return std::nullopt;
  auto frame = decode_frame(call_->received()[read_++]);
  if (!frame) return std::nullopt;
  return *std::move(frame);
}

std::string HostileHub::answer() {
  while (auto frame = receive()) {
    if (std::holds_alternative<Noticed>(*frame)) return "noticed";
    if (const auto* const failure = std::get_if<Failure>(&*frame))
      return fmt::format("failure: {}", chatd::name(failure->code));
    if (const auto* const range = std::get_if<RangeRequest>(&*frame))
      return fmt::format("it asks for {} to {}", range->first, range->last);
    if (const auto* const ack = std::get_if<Ack>(&*frame)) {
      has_ = std::min<std::size_t>(ack->seq, log_.size());
      return fmt::format("it has {}", ack->seq);
    }
  }
  return end_of(*call_);
}

}  // namespace chatd::hostile
