#include "fake_chatd.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

using client::list_of, client::number_of, client::text_of;

FakeChatd::FakeChatd(const std::string& folder) : web(folder) {
  web.on_text = [this](const std::string& text) { take(text); };
  web.on_drop = [this] { is_live_ = false; };
}

std::uint64_t FakeChatd::add(const std::string& room, json record, bool is_told) {
  auto& log = rooms[room];
  record["seq"] = log.size() + 1;
  record["time"] = 1'700'000'000'000 + static_cast<std::int64_t>(log.size());
  log.push_back(std::move(record));
  if (is_told) tell(room, log.size());
  return log.size();
}

std::uint64_t FakeChatd::say(const std::string& room, const std::string& text, bool is_told) {
  return add(room, {{"kind", "message"}, {"sender", "juliet@test"}, {"content", {{"text", text}}}},
             is_told);
}

void FakeChatd::tell(const std::string& room, std::uint64_t seq) {
  if (is_live_) event("room.record", {{"room", room}, {"record", rooms[room][seq - 1]}});
}

void FakeChatd::event(const std::string& method, const json& params) {
  web.send_text(json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}}.dump());
}

int FakeChatd::count(const std::string& method) const {
  return static_cast<int>(std::count_if(requests.begin(), requests.end(), [&](const json& one) {
    return text_of(one, "method") == method;
  }));
}

json FakeChatd::last(const std::string& method) const {
  for (auto one = requests.rbegin(); one != requests.rend(); ++one)
    if (text_of(*one, "method") == method) return *one;
  return nullptr;
}

void FakeChatd::take(const std::string& text) {
  const json request = client::parse_json(text);
  if (!request.is_object()) std::abort();
  requests.push_back(request);
  const std::string method = text_of(request, "method");
  json frame{{"jsonrpc", "2.0"}, {"id", request["id"]}};
  if (auto& codes = errors[method]; !codes.empty()) {
    frame["error"] = {{"code", -32000}, {"message", codes[0]}, {"data", {{"code", codes[0]}}}};
    codes.erase(codes.begin());
  } else {
    json result = answer(method, request["params"]);
    if (result.contains("refused")) {
      frame["error"] = {{"code", -32000},
                        {"message", result["refused"]},
                        {"data", {{"code", result["refused"]}}}};
    } else {
      frame["result"] = std::move(result);
    }
  }
  if (method == "message.send" && std::exchange(loses_next_answer, false)) return web.drop();
  if (!is_mute) web.send_text(frame.dump());
}

json FakeChatd::answer(const std::string& method, const json& params) {
  const json login{{"user", "romeo@test"}, {"device", "d1"}};
  if (method == "account.login") {
    if (text_of(params, "password") != "balcony") return {{"refused", "unauthenticated"}};
    json answer = login;
    answer["token"] = token;
    return answer;
  }
  if (method == "session.resume")
    return text_of(params, "token") == token ? login : json{{"refused", "unauthenticated"}};
  if (method.starts_with("message.")) return post(method, params);
  if (method == "sync") return sync(params);
  if (method == "history.get") return history(params);
  if (method == "profile.get") return {{"user", params["user"]}, {"display_name", ""}};
  return json::object();
}

json FakeChatd::post(const std::string& method, const json& params) {
  auto& log = rooms[text_of(params, "room")];
  for (const json& record : log) {
    if (text_of(record, "client_msg_id") == text_of(params, "client_msg_id"))
      return {{"seq", record["seq"]}, {"time", record["time"]}};
  }
  const std::string kind = method.substr(8) == "send" ? "message" : method.substr(8);
  json record{{"kind", kind == "react" ? "reaction" : kind},
              {"sender", "romeo@test"},
              {"device", "d1"},
              {"client_msg_id", params["client_msg_id"]}};
  for (const char* name : {"target", "content"})
    if (params.contains(name)) record[name] = params[name];
  if (kind == "react")
    record["content"] = {{"reaction", params["reaction"]}, {"set", params["set"]}};
  const std::uint64_t seq = add(text_of(params, "room"), record, false);
  return {{"seq", seq}, {"time", log.back()["time"]}};
}

json FakeChatd::summary(const std::string& room) {
  return {{"room", room},
          {"type", "group"},
          {"membership", "joined"},
          {"name", "Room " + room},
          {"head_seq", rooms[room].size()},
          {"read_seq", read[room]},
          {"unread", rooms[room].size() - read[room]},
          {"last_active", rooms[room].empty() ? json(0) : rooms[room].back()["time"]}};
}

json FakeChatd::sync(const json& params) {
  is_live_ = true;
  std::map<std::string, std::uint64_t> cursors;
  for (const json& cursor : list_of(params, "rooms"))
    cursors[text_of(cursor, "room")] = number_of(cursor, "seq");
  json answer{{"account_version", version}, {"contacts", json::array()}};
  answer["gone"] = gone;
  answer["rooms"] = json::array();
  for (const auto& [id, log] : rooms) {
    const std::uint64_t have = cursors[id];
    if (gone.contains(id) || have >= log.size()) continue;
    const std::uint64_t from = std::max(have, log.size() - std::min(log.size(), page_records));
    const json records(std::vector<json>(log.begin() + static_cast<long>(from), log.end()));
    answer["rooms"].push_back(
        {{"summary", summary(id)}, {"records", records}, {"from_seq", from + 1}});
  }
  return answer;
}

json FakeChatd::history(const json& params) {
  const auto& log = rooms[text_of(params, "room")];
  const std::uint64_t head = log.size();
  const std::uint64_t limit = std::min(number_of(params, "limit"), page_records);
  std::uint64_t first = head - std::min(head, limit);
  std::uint64_t end = head;
  if (params.contains("after")) {
    first = std::min(number_of(params, "after"), head);
    end = std::min(first + limit, head);
  } else if (params.contains("before")) {
    end = number_of(params, "before") - 1;
    first = end - std::min(end, limit);
  }
  const json records(std::vector<json>(log.begin() + static_cast<long>(first),
                                       log.begin() + static_cast<long>(end)));
  return {{"room", params["room"]},
          {"records", records},
          {"head_seq", head},
          {"has_before", first > 0},
          {"has_after", end < head}};
}
