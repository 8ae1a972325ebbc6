#pragma once

#include "json.hpp"
#include "web_server.hpp"
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

using client::json;

// A server small enough to read: one account (romeo@test), rooms as lists of records, and switches
// for what can go wrong. It keeps its state when its client is cut off, as a real one does.
class FakeChatd {
 public:
  explicit FakeChatd(const std::string& folder);

  WebServer web;
  std::map<std::string, std::vector<json>> rooms;  // id -> records 1, 2, 3 ...
  std::map<std::string, std::uint64_t> read;
  std::set<std::string> gone;
  std::uint64_t version = 1;
  std::uint64_t page_records = 1000;  // of sync and history
  std::vector<json> requests;         // all that came

  // What goes wrong.
  bool loses_next_answer = false;  // stores the message, then the cable is cut
  bool is_mute = false;            // stores and says nothing more
  std::map<std::string, std::vector<std::string>> errors;  // method -> error codes to answer first
  std::string token = "secret";

  // Somebody else (or, with `device` "d1", this account elsewhere) adds a record. Returns its
  // number.
  std::uint64_t add(const std::string& room, json record, bool is_told = true);
  std::uint64_t say(const std::string& room, const std::string& text, bool is_told = true);
  void tell(const std::string& room, std::uint64_t seq);
  void event(const std::string& method, const json& params);
  // How many requests of this method came.
  [[nodiscard]] int count(const std::string& method) const;
  [[nodiscard]] json last(const std::string& method) const;

 private:
  void take(const std::string& text);
  [[nodiscard]] json answer(const std::string& method, const json& params);
  [[nodiscard]] json post(const std::string& method, const json& params);
  [[nodiscard]] json sync(const json& params);
  [[nodiscard]] json history(const json& params);
  [[nodiscard]] json summary(const std::string& room);

  bool is_live_ = false;
};
