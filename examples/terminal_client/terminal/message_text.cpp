#include "message_text.hpp"

#include "safe_text.hpp"
#include <array>
#include <ctime>

namespace terminal {
namespace {

using client::text_of;

constexpr std::size_t kMostLineCharacters = 2000;
constexpr std::size_t kOutgoingCharacters = 60;

std::string member_text(const client::Record& record, const std::string& before,
                        const NameOf& name_of) {
  const std::string user = text_of(record.content, "user");
  const std::string membership = text_of(record.content, "membership");
  const std::string role = text_of(record.content, "role");
  const std::string who = name_of(user);
  const std::string by = name_of(record.sender);
  const bool is_self = user == record.sender;
  if (membership == "invited") return by + " invited " + who;
  if (membership == "banned") return by + " banned " + who;
  if (membership == "left" && before == "banned") return by + " lifted the ban of " + who;
  if (membership == "left" && before == "invited")
    return is_self ? who + " declined" : by + " took the invitation of " + who + " back";
  if (membership == "left") return is_self ? who + " left" : by + " took " + who + " out";
  if (membership == "joined")
    return is_self ? who + " joined" : by + " made " + who + " " + safe_line(role);
  return {};
}

std::string meta_text(const client::Record& record, const NameOf& name_of) {
  const std::string by = name_of(record.sender);
  const std::string name = text_of(record.content, "name");
  const std::string topic = text_of(record.content, "topic");
  if (!name.empty()) return by + " named the room " + safe_line(name);
  if (!topic.empty()) return by + " set the topic: " + safe_line(topic);
  return by + " changed the room's rules";
}

std::string server_text(const client::Record& record, const NameOf& name_of) {
  const std::string server = safe_line(text_of(record.content, "server"));
  const std::string by = name_of(record.sender);
  if (!client::flag_of(record.content, "banned")) return by + " lifted the ban of " + server;
  return by + " banned everyone of " + server;
}

}  // namespace

std::string time_text(std::int64_t time_ms, std::int64_t now_ms) {
  const auto seconds = static_cast<std::time_t>(time_ms / 1000);
  const auto now_seconds = static_cast<std::time_t>(now_ms / 1000);
  std::tm then{};
  std::tm now{};
  if (localtime_r(&seconds, &then) == nullptr || localtime_r(&now_seconds, &now) == nullptr)
    return "?";
  const bool is_today = then.tm_yday == now.tm_yday && then.tm_year == now.tm_year;
  std::array<char, 40> text{};
  const std::size_t size =
      std::strftime(text.data(), text.size(), is_today ? "%H:%M" : "%e %b %Y %H:%M", &then);
  return {text.data(), size};
}

std::vector<std::string> message_lines(const client::Message& message, const NameOf& name_of,
                                       std::size_t most_lines) {
  std::string head = "#" + std::to_string(message.seq) + " " + name_of(message.sender) + ": ";
  if (message.reply_to != 0) head += "(to #" + std::to_string(message.reply_to) + ") ";
  if (message.is_erased) return {head + "(erased)"};
  if (message.is_encrypted) return {head + "(encrypted; this client has no key)"};
  std::vector<std::string> lines = safe_lines(message.text);
  const bool is_cut = lines.size() > most_lines;
  if (is_cut) lines.resize(most_lines);
  for (std::string& line : lines) line = "    | " + shortened(line, kMostLineCharacters);
  lines.front() = head + lines.front().substr(6);
  if (is_cut) lines.emplace_back("    (cut: /show " + std::to_string(message.seq) + " for all)");
  if (message.is_edited) lines.back() += " (edited)";
  for (const auto& [reaction, who] : message.reactions)
    lines.back() +=
        " [" + shortened(safe_line(reaction), 32) + " " + std::to_string(who.size()) + "]";
  return lines;
}

std::string record_text(const client::Record& record, const std::string& membership_before,
                        const NameOf& name_of) {
  const std::string by = name_of(record.sender);
  const std::string target = "#" + std::to_string(record.target);
  if (record.kind == "create") return "* " + by + " made this room";
  if (record.kind == "member") {
    const std::string text = member_text(record, membership_before, name_of);
    return text.empty() ? text : "* " + text;
  }
  if (record.kind == "meta") return "* " + meta_text(record, name_of);
  if (record.kind == "server") return "* " + server_text(record, name_of);
  if (record.kind == "redact") return "* " + by + " erased " + target;
  if (record.kind == "edit") {
    const std::vector<std::string> lines = safe_lines(text_of(record.content, "text"));
    return "* " + by + " changed " + target + ": " + shortened(lines.front(), kMostLineCharacters) +
           (lines.size() > 1 ? " (more: /show " + std::to_string(record.target) + ")" : "");
  }
  if (record.kind == "reaction") {
    const std::string reaction = shortened(safe_line(text_of(record.content, "reaction")), 32);
    const bool is_set = client::flag_of(record.content, "set");
    return "* " + by + (is_set ? " put " : " took ") + reaction + (is_set ? " to " : " from ") +
           target;
  }
  return {};
}

std::string outgoing_text(const client::Outgoing& out) {
  const bool is_refused = out.state == client::Outgoing::State::failed;
  std::string line = out.method;
  if (const std::uint64_t target = client::number_of(out.params, "target"); target != 0)
    line += " #" + std::to_string(target);
  for (const std::string& said :
       {text_of(out.params, "reaction"), text_of(client::member_of(out.params, "content"), "text")})
    if (!said.empty()) line += " " + shortened(safe_line(said), kOutgoingCharacters);
  return line + " — " + (is_refused ? "refused: " + safe_line(out.error) : "on its way");
}

}  // namespace terminal
