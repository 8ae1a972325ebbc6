#pragma once

#include "cache.hpp"
#include "connection.hpp"
#include <cstdint>
#include <map>
#include <set>
#include <string>

namespace client {

// Names and presence of other people. Names are kept in the cache and looked up once per run;
// presence is never kept: the latest is all that counts.
class People {
 public:
  struct Presence {
    std::string state;  // online, away, offline
    std::int64_t last_seen = 0;
  };

  People(Connection& connection, Cache& cache) : connection_(connection), cache_(cache) {}

  // What to call someone: the name they chose, or the part of their id before the @ for people of
  // this server, or the whole id. An unknown name is asked for and there the next time.
  [[nodiscard]] std::string name(const std::string& user);
  // `bob` or `bob@server` as a full id.
  [[nodiscard]] std::string full_id(const std::string& user);
  void take_profile(const json& profile);
  // Asks for the name of someone who is about to appear.
  void look_up(const std::string& user);

  // Whether it changed.
  bool take_presence(const json& presence);
  [[nodiscard]] Presence presence(const std::string& user) const;
  // The connection is gone, and with it what was known.
  void forget_presence() { presence_.clear(); }

 private:
  Connection& connection_;
  Cache& cache_;
  std::set<std::string> asked_;
  std::map<std::string, Presence> presence_;
};

}  // namespace client
