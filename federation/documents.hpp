#pragma once

#include "federation/acquaintances.hpp"
#include "federation/batch_signature.hpp"
#include "federation/lifeline.hpp"
#include "federation/ports/links.hpp"
#include "federation/settings.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace chatd::federation {

// The server documents of others: found, kept for a day, fetched anew. In memory: after a restart
// each is fetched again when it is needed. Owned by Federation; loop only.
class Documents {
 public:
  struct Known {
    ServerDocument document;
    std::vector<Endpoint> endpoints;  // where to connect to, the best first; never empty
    TimeMs fetched = 0;
  };
  using Done = std::function<void(Result<const Known*>)>;

  Documents(LinkPort& links, Clock& clock, const Settings& settings, Acquaintances& acquaintances,
            BatchVerifier& signatures)
      : links_(links),
        clock_(clock),
        settings_(settings),
        acquaintances_(acquaintances),
        signatures_(signatures) {}
  Documents(const Documents&) = delete;
  Documents& operator=(const Documents&) = delete;

  // One that may be used now; null when there is none.
  [[nodiscard]] const Known* find(std::string_view server) const;
  // Gives a fresh one, or the old one where that can't be had; calls back once, maybe from within.
  void get(const std::string& server, Done done);
  // As get(), but what was fetched more than a minute ago is no longer fresh: a key is not known.
  void refresh(const std::string& server, Done done);
  // Whether `server` signed `form` with a key that is valid now; unknown_key: maybe with one that a
  // newer document names.
  enum class Judgement { good, unknown_key, bad };
  [[nodiscard]] Judgement judge(std::string_view server, const BatchSignature& signature,
                                Purpose purpose, std::string_view form) const;
  // Forgets it. By which root key the server is known, its acquaintance says.
  void forget(const std::string& server) { entries_.erase(server); }

  [[nodiscard]] const std::map<std::string, Known, std::less<>>& all() const { return entries_; }

 private:
  struct Search {
    Discovery discovery;
    std::vector<Done> waiting;
  };
  void search(const std::string& server, Done done);
  void go_on(const std::string& server, Discovery::Step step);
  void finish(const std::string& server, Result<const Known*> outcome);

  // Constant after construction
  LinkPort& links_;
  Clock& clock_;
  const Settings& settings_;
  Acquaintances& acquaintances_;
  BatchVerifier& signatures_;
  // Loop only
  std::map<std::string, Known, std::less<>> entries_;
  std::map<std::string, Search, std::less<>> searches_;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
