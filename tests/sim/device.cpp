#include "tests/sim/device.hpp"

#include "daemon/wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

// Of a request or a frame, in the story.
constexpr std::size_t kTold = 400;

std::string text_of(const Json& json, std::string_view key) {
  std::string_view text;
  return json[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

std::uint64_t number_of(const Json& json, std::string_view key) {
  std::uint64_t number = 0;
  return json[key].get(number) == simdjson::SUCCESS ? number : 0;
}

std::string json_string(std::string_view text) {
  std::string out;
  wire::append_string(out, text);
  return out;
}

}  // namespace

Device::Device(World& world, Server& server, std::string user, std::string name)
    : world_(world), server_(server), user_(std::move(user)), name_(std::move(name)) {}

void Device::start(bool signs_up) {
  is_founder_ = signs_up_ = signs_up;
  connect();
}

void Device::connect() {
  if (is_away_) return;
  session_ = server_.connect(*this, core::Door::websocket);
  ++connection_;
  if (session_ == SessionId()) return reconnect_later();
  log_in();
}

void Device::reconnect_later() {
  const unsigned shift = std::min(failures_++, 6u);
  const std::uint64_t ceiling = std::uint64_t{200} << shift;
  world_.after(Millis(world_.between(ceiling / 2, ceiling)), [this, connection = connection_] {
    if (connection == connection_ && session_ == SessionId()) connect();
  });
}

void Device::log_in() {
  if (!token_.empty()) {
    return ask("session.resume", fmt::format(R"({{"token":"{}"}})", token_),
               [this](const Reply& reply) {
                 if (reply.result) return sync(std::nullopt);
                 if (session_ != SessionId()) drop_connection();
               });
  }
  const std::string credentials =
      signs_up_ ? fmt::format(R"({{"name":"{}","password":"secret of {}","device_name":"{}"}})",
                              user_, user_, name_)
                : fmt::format(R"({{"user":"{}","password":"secret of {}","device_name":"{}"}})",
                              user_, user_, name_);
  ask(signs_up_ ? "account.sign_up" : "account.login", credentials, [this](const Reply& reply) {
    if (reply.result) {
      token_ = text_of(*reply.result, "token");
      return sync(std::nullopt);
    }
    // It may have worked although the answer was lost, or not.
    if (is_founder_) signs_up_ = !signs_up_;
    if (session_ != SessionId()) drop_connection();
  });
}

void Device::ask(const std::string& method, const std::string& params, Answer answer) {
  if (session_ == SessionId()) return answer({std::nullopt, "closed"});
  const std::uint64_t id = ++requests_;
  waiting_.emplace(id, std::move(answer));
  world_.tell("{}: {} asks {} {}", name_, id, method, std::string_view(params).substr(0, kTold));
  server_.receive(session_, fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{}}})",
                                        id, method, params));
}

void Device::drop_connection() {
  if (session_ == SessionId()) return;
  server_.disconnect(session_);
  on_closed();
}

void Device::lose_replies() {
  if (session_ == SessionId()) return;
  server_.mute(session_);
  is_deaf_ = true;
  world_.after(Millis(world_.between(200, 4000)), [this, connection = connection_] {
    if (connection == connection_) drop_connection();
  });
}

void Device::go_away() {
  is_away_ = true;
  drop_connection();
}

void Device::come_back() {
  if (!is_away_) return;
  is_away_ = false;
  reconnect_later();
}

void Device::read_slowly(bool slowly) { server_.throttle(session_, slowly ? 2 : 1000); }

void Device::on_closed() {
  if (session_ == SessionId()) return;
  session_ = SessionId();
  is_synced_ = is_deaf_ = false;
  for (Outgoing& outgoing : outbox_) outgoing.is_in_flight = false;
  for (auto& [room, copy] : rooms_) copy.is_reading = false;
  auto waiting = std::exchange(waiting_, {});
  for (auto& [id, answer] : waiting) answer({std::nullopt, "closed"});
  reconnect_later();
}

void Device::sync(std::optional<std::string> after) {
  if (!after) ++walk_;
  std::string params = fmt::format(R"({{"account_version":{},"rooms":[)", account_version_);
  for (const auto& [room, copy] : rooms_) {
    if (params.back() != '[') params += ',';
    params += fmt::format(R"({{"room":"{}","seq":{}}})", room, copy.have());
  }
  params += fmt::format(R"(],"max_rooms":3,"records_per_room":{})", world_.between(1, 20));
  if (after) params += R"(,"after":)" + json_string(*after);
  params += '}';
  ask("sync", params, [this, walk = walk_](const Reply& reply) {
    if (walk != walk_) return;  // one that began later tells all that this does, and newer
    if (reply.result) return on_sync(*reply.result);
    if (session_ != SessionId()) drop_connection();
  });
}

void Device::on_sync(const Json& result) {
  const std::string next = text_of(result, "next");
  const std::uint64_t version = number_of(result, "account_version");
  simdjson::dom::array gone;
  if (result["gone"].get(gone) == simdjson::SUCCESS)
    for (const Json room : gone) learn(std::string(room.get_string().value()), "left", version);
  simdjson::dom::array pending;
  if (result["pending"].get(pending) == simdjson::SUCCESS) {
    // But for what events that overtook this answer told.
    std::erase_if(pending_, [&](const auto& each) { return told_at_[each.first] <= version; });
    for (const Json each : pending) learn_pending(each, version);
  }
  simdjson::dom::array rooms;
  if (result["rooms"].get(rooms) == simdjson::SUCCESS) {
    for (const Json delta : rooms) {
      const Json summary = delta["summary"].value();
      const std::string room = text_of(summary, "room");
      learn(room, text_of(summary, "membership"), version);
      if (!rooms_.contains(room)) continue;
      simdjson::dom::array records;
      if (delta["records"].get(records) == simdjson::SUCCESS)
        for (const Json record : records) take(room, record);
      hear_of(room, number_of(summary, "head_seq"));
    }
  }
  if (!next.empty()) return sync(next);
  account_version_ = version;
  is_synced_ = true;
  failures_ = 0;
  flush_outbox();
  if (std::exchange(heard_of_unknown_, false)) sync(std::nullopt);
}

void Device::learn(const std::string& room, std::string_view membership, std::uint64_t version) {
  std::uint64_t& learned_at = learned_at_[room];
  if (version < learned_at) return;  // an event overtook this answer
  learned_at = version;
  if (membership == "joined")
    rooms_[room];
  else
    rooms_.erase(room);
  if (membership == "invited")
    invitations_.insert(room);
  else
    invitations_.erase(room);
}

void Device::take(const std::string& room, const Json& record) {
  const auto known = rooms_.find(room);
  if (known == rooms_.end()) {
    heard_of_unknown_ = true;  // it may have moved to a page of sync that was here already
    return;
  }
  RoomCopy& copy = known->second;
  const Seq seq = number_of(record, "seq");
  copy.seen = std::max(copy.seen, seq);
  if (seq > copy.have() + 1) return read_range(room);
  if (seq <= copy.have()) return;
  Copy taken{
      text_of(record, "kind"), text_of(record, "client_msg_id"), {}, number_of(record, "target")};
  Json content;
  if (record["content"].get(content) == simdjson::SUCCESS)
    taken.content = simdjson::minify(content);
  note_numbered(taken.id, seq);
  if (taken.kind == "redact") {
    for (std::size_t i = 0; i < copy.records.size(); ++i) {
      Copy& old = copy.records[i];
      if (i + 1 == taken.target || (old.kind == "edit" && old.target == taken.target))
        old.content.clear();
    }
  }
  copy.records.push_back(std::move(taken));
}

void Device::hear_of(const std::string& room, Seq seq) {
  const auto known = rooms_.find(room);
  if (known == rooms_.end()) return;
  RoomCopy& copy = known->second;
  copy.seen = std::max(copy.seen, seq);
  if (copy.have() < copy.seen) read_range(room);
}

void Device::read_range(const std::string& room) {
  RoomCopy& copy = rooms_.at(room);
  if (copy.is_reading) return;
  copy.is_reading = true;
  const Seq after = copy.have();
  ask("history.get",
      fmt::format(R"({{"room":"{}","after":{},"limit":{}}})", room, after, world_.between(2, 60)),
      [this, room, after](const Reply& reply) {
        const auto known = rooms_.find(room);
        if (known == rooms_.end()) return;
        known->second.is_reading = false;
        if (reply.result) return on_range(room, after, *reply.result);
        if (session_ == SessionId()) return;  // the sync after the next login tells of it
        world_.after(Millis(world_.between(200, 800)), [this, room] { hear_of(room, 0); });
      });
}

void Device::on_range(const std::string& room, Seq after, const Json& result) {
  Seq last = after;
  simdjson::dom::array records;
  if (result["records"].get(records) == simdjson::SUCCESS)
    for (const Json record : records)
      if (number_of(record, "seq") == last + 1) {
        take(room, record);
        ++last;
      }
  const Seq head = number_of(result, "head_seq");
  // Asking again would bring the same again.
  if (last == after && after < head)
    return complaints_.push_back(
        fmt::format("{} asked for {} after {} and did not get the next", name_, room, after));
  hear_of(room, head);
}

void Device::on_frame(std::string_view payload) {
  world_.tell("{}: hears {}", name_, payload.substr(0, kTold));
  Json json;
  if (parser_.parse(payload.data(), payload.size()).get(json) != simdjson::SUCCESS) {
    complaints_.push_back(fmt::format("{} got what is not JSON: {}", name_, payload));
    return;
  }
  std::string_view method;
  if (json["method"].get(method) == simdjson::SUCCESS)
    return on_event(method, json["params"].value());
  std::uint64_t id = 0;
  if (json["id"].get(id) != simdjson::SUCCESS) return;
  const auto found = waiting_.find(id);
  if (found == waiting_.end()) return;
  const Answer answer = std::move(found->second);
  waiting_.erase(found);
  Json result;
  if (json["result"].get(result) == simdjson::SUCCESS) return answer({result, {}});
  std::string_view code;
  if (json["error"]["data"]["code"].get(code) != simdjson::SUCCESS)
    complaints_.push_back(fmt::format("{} got neither result nor code: {}", name_, payload));
  answer({std::nullopt, std::string(code)});
}

void Device::on_event(std::string_view method, const Json& params) {
  if (method == "room.record") {
    const std::string room = text_of(params, "room");
    return take(room, params["record"].value());
  }
  if (method == "sync.behind") return sync(std::nullopt);
  if (method != "account.changed") return;
  const std::uint64_t version = number_of(params, "account_version");
  std::string_view gone;
  if (params["gone"].get(gone) == simdjson::SUCCESS) learn(std::string(gone), "left", version);
  Json pending;
  std::uint64_t settled = 0;
  const bool is_pending = params["pending"].get(pending) == simdjson::SUCCESS;
  const bool is_settled = params["settled"].get(settled) == simdjson::SUCCESS;
  if (is_pending) learn_pending(pending, version);
  if (is_settled) {
    pending_.erase(settled);
    settled_.insert(settled);
  }
  Json summary;
  if (params["room"].get(summary) != simdjson::SUCCESS) return;
  const std::string room = text_of(summary, "room");
  learn(room, text_of(summary, "membership"), version);
  hear_of(room, number_of(summary, "head_seq"));
}

std::vector<std::string> Device::known_rooms() const {
  std::vector<std::string> rooms;
  for (const auto& [room, version] : learned_at_) rooms.push_back(room);
  return rooms;
}

bool Device::is_at_rest() const {
  if (!is_synced_ || is_deaf_ || !outbox_.empty() || !pending_.empty()) return false;
  return std::all_of(rooms_.begin(), rooms_.end(),
                     [](const auto& room) { return room.second.have() >= room.second.seen; });
}

}  // namespace chatd::sim
