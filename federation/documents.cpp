#include "federation/documents.hpp"

#include "daemon/base/overloaded.hpp"
#include "federation/limits.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace chatd::federation {
namespace {

// Whoever shows an unknown key again and again makes us ask for its document so often at most.
constexpr Millis kRefreshAfter = std::chrono::minutes(1);

}  // namespace

const Documents::Known* Documents::find(std::string_view server) const {
  const auto found = entries_.find(server);
  if (found == entries_.end()) return nullptr;
  const Known& known = found->second;
  return is_usable(known.document, known.fetched, clock_.wall_ms()) ? &known : nullptr;
}

void Documents::get(const std::string& server, Done done) {
  const Known* const known = find(server);
  if (known != nullptr && is_fresh(known->fetched, clock_.wall_ms())) return done(known);
  search(server, std::move(done));
}

void Documents::refresh(const std::string& server, Done done) {
  const Known* const known = find(server);
  const TimeMs now = clock_.wall_ms();
  if (known != nullptr && known->fetched <= now && now - known->fetched < kRefreshAfter.count())
    return done(known);
  search(server, std::move(done));
}

Documents::Judgement Documents::judge(std::string_view server, const BatchSignature& signature,
                                      Purpose purpose, std::string_view form) const {
  const Known* const known = find(server);
  const SigningKey* const key =
      known == nullptr ? nullptr : known->document.find(signature.root.key);
  if (key == nullptr) return Judgement::unknown_key;
  const bool is_good = key->is_valid_at(clock_.wall_ms()) &&
                       signatures_.is_signed(signature, key->key, purpose, server, form);
  return is_good ? Judgement::good : Judgement::bad;
}

void Documents::search(const std::string& server, Done done) {
  const auto running = searches_.find(server);
  if (running != searches_.end()) {
    running->second.waiting.push_back(std::move(done));
    return;
  }
  if (searches_.size() >= kMaxSearches)
    return done(fail(Code::unavailable, "too many server documents are being looked for"));
  const auto known = entries_.find(server);
  const Acquaintance* const acquaintance = acquaintances_.find(server);
  // Who has proven nothing yet may change its mind.
  const bool is_known = acquaintance != nullptr && known != entries_.end();
  Search search{
      Discovery(server, settings_.pin(server),
                acquaintance == nullptr ? std::nullopt : std::optional(acquaintance->root),
                is_known ? std::optional(known->second.document) : std::nullopt),
      {}};
  search.waiting.push_back(std::move(done));
  Search& begun = searches_.emplace(server, std::move(search)).first->second;
  go_on(server, begun.discovery.start());
}

void Documents::go_on(const std::string& server, Discovery::Step step) {
  const auto next = [this, server](auto take) {
    return lifeline_.guard([this, server, take](const auto& given) {
      const auto running = searches_.find(server);
      if (running != searches_.end()) go_on(server, take(running->second.discovery, given));
    });
  };
  std::visit(
      overloaded{
          [&](Discovery::Fetch& fetch) {
            links_.fetch_document(target(server, fetch.at, settings_.pin(server)),
                                  next([this](Discovery& search, const auto& bytes) {
                                    return search.take_document(bytes, clock_.wall_ms());
                                  }));
          },
          [&](Discovery::LookUp& look_up) {
            links_.look_up(look_up.name, next([](Discovery& search, const auto& targets) {
                             return search.take_targets(targets);
                           }));
          },
          [&](Discovery::Found& found) {
            if (entries_.size() >= kMaxDocuments && !entries_.contains(server))
              entries_.erase(std::min_element(entries_.begin(), entries_.end(),
                                              [](const auto& a, const auto& b) {
                                                return a.second.fetched < b.second.fetched;
                                              }));
            Known known{std::move(found.document), std::move(found.endpoints), clock_.wall_ms()};
            finish(server, &(entries_[server] = std::move(known)));
          },
          [&](Error& why) {
            if (const auto& root = searches_.find(server)->second.discovery.other_root())
              acquaintances_.showed(server, *root, clock_.wall_ms());
            const Known* const known = why.code == Code::conflict ? nullptr : find(server);
            if (known != nullptr) return finish(server, known);
            finish(server, fail(std::move(why)));
          }},
      step);
}

void Documents::finish(const std::string& server, Result<const Known*> outcome) {
  const auto running = searches_.find(server);
  const std::vector<Done> waiting = std::move(running->second.waiting);
  searches_.erase(running);
  for (const Done& done : waiting) done(outcome);
}

}  // namespace chatd::federation
