#pragma once

#include "cache.hpp"
#include "record.hpp"
#include <functional>
#include <string>
#include <vector>

namespace terminal {

using NameOf = std::function<std::string(const std::string& user)>;  // safe to print

// "14:05" of today, "24 Nov 14:05" of other days, in the person's time zone.
[[nodiscard]] std::string time_text(std::int64_t time_ms, std::int64_t now_ms);

// A message as lines: "#5 Juliet: ..." and a bar before each further line, so that no text can
// pass for a line of this program. Long ones are cut at `most_lines` lines.
[[nodiscard]] std::vector<std::string> message_lines(const client::Message& message,
                                                     const NameOf& name_of, std::size_t most_lines);

// What a record that is no message did: "* Juliet invited Romeo". Empty if there is nothing to say.
// `membership_before`: of the person whose membership it changes.
[[nodiscard]] std::string record_text(const client::Record& record,
                                      const std::string& membership_before, const NameOf& name_of);

// What is in the outbox, and why it still is.
[[nodiscard]] std::string outgoing_text(const client::Outgoing& out);

}  // namespace terminal
