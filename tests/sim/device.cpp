#include "tests/sim/device.hpp"

#include "daemon/wire/json_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace chatd::sim {
namespace {

std::string text_of(const Json& json, std::string_view key) {
  std::string_view text;
  return json[key].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

Seq seq_of(const Json& json, std::string_view key) {
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
  signs_up_ = signs_up;
  connect();
}

void Device::connect() {
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
               [this](std::optional<Json> result) {
                 if (result) return sync(std::nullopt);
                 if (session_ != SessionId()) drop_connection();
               });
  }
  const std::string credentials =
      signs_up_ ? fmt::format(R"({{"name":"{}","password":"secret of {}","device_name":"{}"}})",
                              user_, user_, name_)
                : fmt::format(R"({{"user":"{}","password":"secret of {}","device_name":"{}"}})",
                              user_, user_, name_);
  ask(signs_up_ ? "account.sign_up" : "account.login", credentials,
      [this](std::optional<Json> result) {
        if (result) {
          token_ = text_of(*result, "token");
          return sync(std::nullopt);
        }
        signs_up_ = false;  // it may have worked although the answer was lost
        if (session_ != SessionId()) drop_connection();
      });
}

void Device::ask(const std::string& method, const std::string& params, Answer answer) {
  if (session_ == SessionId()) return answer(std::nullopt);
  const std::uint64_t id = ++requests_;
  waiting_.emplace(id, std::move(answer));
  server_.receive(session_, fmt::format(R"({{"jsonrpc":"2.0","id":{},"method":"{}","params":{}}})",
                                        id, method, params));
}

void Device::drop_connection() {
  if (session_ == SessionId()) return;
  server_.disconnect(session_);
  on_closed();
}

void Device::read_slowly(bool slowly) { server_.throttle(session_, slowly ? 2 : 1000); }

void Device::on_closed() {
  if (session_ == SessionId()) return;
  session_ = SessionId();
  is_synced_ = false;
  for (Outgoing& outgoing : outbox_) outgoing.is_in_flight = false;
  for (auto& [room, copy] : rooms_) copy.is_reading = false;
  auto waiting = std::exchange(waiting_, {});
  for (auto& [id, answer] : waiting) answer(std::nullopt);
  reconnect_later();
}

void Device::sync(std::optional<std::string> after) {
  std::string params = fmt::format(R"({{"account_version":{},"rooms":[)", account_version_);
  for (const auto& [room, copy] : rooms_) {
    if (params.back() != '[') params += ',';
    params += fmt::format(R"({{"room":"{}","seq":{}}})", room, copy.have());
  }
  params += fmt::format(R"(],"max_rooms":3,"records_per_room":{})", world_.between(1, 20));
  if (after) params += R"(,"after":)" + json_string(*after);
  params += '}';
  ask("sync", params, [this](std::optional<Json> result) {
    if (result) return on_sync(*result);
    if (session_ != SessionId()) drop_connection();
  });
}

void Device::on_sync(const Json& result) {
  const std::string next = text_of(result, "next");
  const Seq version = seq_of(result, "account_version");
  simdjson::dom::array rooms;
  if (result["rooms"].get(rooms) == simdjson::SUCCESS) {
    for (const Json delta : rooms) {
      const Json summary = delta["summary"].value();
      const std::string room = text_of(summary, "room");
      if (text_of(summary, "membership") != "joined") continue;
      simdjson::dom::array records;
      if (delta["records"].get(records) == simdjson::SUCCESS)
        for (const Json record : records) take(room, record);
      hear_of(room, seq_of(summary, "head_seq"));
    }
  }
  if (!next.empty()) return sync(next);
  account_version_ = version;
  is_synced_ = true;
  failures_ = 0;
  flush_outbox();
}

void Device::take(const std::string& room, const Json& record) {
  RoomCopy& copy = rooms_[room];
  const Seq seq = seq_of(record, "seq");
  copy.seen = std::max(copy.seen, seq);
  if (seq > copy.have() + 1) return read_range(room);
  if (seq <= copy.have()) return;
  Copy taken{
      text_of(record, "kind"), text_of(record, "client_msg_id"), {}, seq_of(record, "target")};
  Json content;
  if (record["content"].get(content) == simdjson::SUCCESS)
    taken.content = simdjson::minify(content);
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
  RoomCopy& copy = rooms_[room];
  copy.seen = std::max(copy.seen, seq);
  if (copy.have() < copy.seen) read_range(room);
}

void Device::read_range(const std::string& room) {
  RoomCopy& copy = rooms_[room];
  if (copy.is_reading) return;
  copy.is_reading = true;
  const Seq after = copy.have();
  ask("history.get",
      fmt::format(R"({{"room":"{}","after":{},"limit":{}}})", room, after, world_.between(2, 60)),
      [this, room, after](std::optional<Json> result) {
        RoomCopy& here = rooms_[room];
        here.is_reading = false;
        if (!result) return;
        std::size_t got = 0;
        simdjson::dom::array records;
        if ((*result)["records"].get(records) == simdjson::SUCCESS) {
          for (const Json record : records) {
            take(room, record);
            ++got;
          }
        }
        if (got == 0 && after < seq_of(*result, "head_seq"))
          complaints_.push_back(
              fmt::format("{} asked for {} after {} and got nothing", name_, room, after));
        hear_of(room, seq_of(*result, "head_seq"));
      });
}

void Device::on_frame(std::string_view payload) {
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
  if (json["result"].get(result) == simdjson::SUCCESS) return answer(result);
  world_.tell("{}: refused: {}", name_, payload);
  answer(std::nullopt);
}

void Device::on_event(std::string_view method, const Json& params) {
  if (method == "room.record") return take(text_of(params, "room"), params["record"].value());
  if (method == "sync.behind") {
    world_.tell("{}: is behind", name_);
    return sync(std::nullopt);
  }
  Json room;
  if (method == "account.changed" && params["room"].get(room) == simdjson::SUCCESS &&
      text_of(room, "membership") == "joined") {
    const std::string id = text_of(room, "room");
    hear_of(id, seq_of(room, "head_seq"));
  }
}

bool Device::is_at_rest() const {
  if (!is_synced_ || !outbox_.empty()) return false;
  return std::none_of(rooms_.begin(), rooms_.end(),
                      [](const auto& room) { return room.second.is_reading; });
}

}  // namespace chatd::sim
