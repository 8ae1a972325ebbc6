#pragma once

#include "daemon/wire/record.hpp"
#include "tests/scenario/hostile_server.hpp"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace chatd::hostile {

// A hostile server as the hub of a room in which somebody of the victim is: it numbers what is said
// there, and lies about it. Each lie is told on a new link, as the one before may have ended it, or
// have ended the room on it.
class HostileHub {
 public:
  explicit HostileHub(HostileServer& server) : server_(server) {}

  // What the victim did. The first word says what to do: be honest (founds USER, numbers, says
  // TEXT), or not.
  std::string attack(const Words& what);

 private:
  using Log = std::vector<wire::Record>;

  // Honest, but for who it is.
  std::string found(const UserId& guest);
  std::string number();
  std::string say(const std::string& text);
  // Lies
  std::optional<std::string> attack_order(const std::string& how);
  std::optional<std::string> attack_signatures(const Words& what);
  std::optional<std::string> attack_past(const Words& what);

  [[nodiscard]] wire::Record next(const Log& log, const UserId& sender, wire::RecordKind kind,
                                  std::string content);
  [[nodiscard]] wire::Record words(const Log& log, const std::string& text);
  [[nodiscard]] wire::Record as_handed_in(const federation::Submit& submit);
  // With the head that the last of them makes, signed.
  [[nodiscard]] federation::Feed feed_of(const Log& records) const;
  std::string tell(const Log& records) { return tell(feed_of(records)); }
  std::string tell(const federation::Feed& feed);

  void link();
  // The next that the victim says; nothing when it ended the link.
  std::optional<federation::Frame> receive();
  // What it says about what it was told last.
  std::string answer();

  HostileServer& server_;
  Log log_;              // the true one
  std::size_t has_ = 0;  // of it the victim
  std::unique_ptr<Call> call_;
  std::size_t read_ = 0;  // of what came on it
};

}  // namespace chatd::hostile
