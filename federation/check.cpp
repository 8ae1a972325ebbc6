#include "federation/federation.hpp"
#include "federation/limits.hpp"

#include <fmt/format.h>

#include <utility>

// What a link with another server needs, tried one after the other: for an admin who asks why there
// is none.
namespace chatd::federation {

// False: that was the last step.
bool Federation::note(Check& check, std::string name, const Status& status, std::string words) {
  check.steps.push_back(
      {std::move(name), status.has_value(), status ? std::move(words) : status.error().message});
  if (!status) check.done(check.steps);
  return status.has_value();
}

void Federation::check(const std::string& server, CheckDone done) {
  const auto ask = [this, server, done](std::vector<CheckStep> steps) {
    const auto known = peers_.find(server);
    Connection* const link = known == peers_.end() ? nullptr : find(known->second.link);
    if (link == nullptr || link->channel.is_over()) return done(std::move(steps));
    link->session->ask_to_check([steps, done](const std::vector<CheckStep>& theirs) {
      std::vector<CheckStep> all = steps;
      all.insert(all.end(), theirs.begin(), theirs.end());
      done(std::move(all));
    });
  };
  check_from_here(server, lifeline_.guard(ask));
}

void Federation::check_from_here(const std::string& server, CheckDone done) {
  const auto check = std::make_shared<Check>(Check{server, {}, {}, std::move(done)});
  const auto go_on = lifeline_.guard([this, check](const Status& allowed) {
    if (!note(*check, "policy", allowed, "this server federates with it")) return;
    Status key;
    if (!own_document_)
      key = fail(Code::unavailable, "this server has no signing key that is valid now");
    if (!note(*check, "key", key, "this server has a valid signing key")) return;
    check_document(check);
  });
  if (const Status admitted = admits(server); !admitted) return go_on(admitted);
  service_.may_link(server, "", go_on);
}

void Federation::check_document(const std::shared_ptr<Check>& check) {
  documents_.refresh(
      check->server, lifeline_.guard([this, check](const Result<const Documents::Known*>& found) {
        const Status status = found ? Status() : Status(fail(found.error()));
        if (!note(*check, "document", status, "its server document is there and valid")) return;
        const ServerDocument& document = (*found)->document;
        const TimeMs ahead = document.issued - clock_.wall_ms();
        Status clock;
        if (ahead > kMaxClockSkew.count())
          clock = fail(Code::unavailable,
                       fmt::format("its clock, or this one's, is wrong by {} s", ahead / 1000));
        if (!note(*check, "clock", clock, "the two clocks agree, as far as can be seen")) return;
        const auto version = highest_common(kProtocols, document.protocols);
        Status common;
        if (!version) common = fail(Code::unavailable, "no version of the protocol in common");
        if (!note(*check, "version", common, fmt::format("version {}", version.value_or(0))))
          return;
        check->places = (*found)->endpoints;
        check_next_place(check);
      }));
}

void Federation::check_next_place(const std::shared_ptr<Check>& check) {
  const Endpoint place = check->places.front();
  check->places.erase(check->places.begin());
  const LinkId link = links_.dial(target(check->server, place, settings_.pin(check->server)));
  Connection& connection = connect(link, check->server, place);
  const std::string address = connection.address;
  connection.trial_done =
      lifeline_.guard([this, check, address](const Status& status, bool was_open) {
        if (!was_open && !check->places.empty()) return check_next_place(check);
        const Status open = was_open ? Status() : status;
        if (!note(*check, "connect", open, fmt::format("connected to {}", address))) return;
        if (note(*check, "handshake", status, "it is who it says it is, and takes this server"))
          check->done(check->steps);
      });
}

}  // namespace chatd::federation
