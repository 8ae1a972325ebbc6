// A server that other servers know and that means no good: it has a name, keys and a document as
// all have, and does on its links what no honest one does.
//
//   hostile_peer NAME ADDRESS PORT VICTIM VICTIM_ADDRESS VICTIM_PORT VICTIM_CERTIFICATE
//
// It listens at ADDRESS:PORT and says "ready ROOT_KEY". For each line of its input, the name of an
// attack and what that needs, it says how the victim ended the link, or answered.

#include "daemon/wire/limits.hpp"
#include "federation/limits.hpp"
#include "federation/origin.hpp"
#include "tests/scenario/hostile_hub.hpp"
#include "tests/scenario/hostile_member.hpp"
#include "tests/scenario/hostile_server.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

using namespace chatd;
using namespace chatd::federation;
using namespace chatd::hostile;

namespace {

constexpr std::size_t kManyConnections = 20;

// What needs no room of its own.
class HostilePeer {
 public:
  explicit HostilePeer(HostileServer& server) : server_(server) {}

  std::string attack(const std::string& how, const Words& with) {
    auto said = attack_handshake(how, with);
    if (!said) said = attack_passing(how, with);
    if (!said) said = attack_moves(how, with);
    return said ? *said : attack_link(how, with);
  }

 private:
  std::optional<std::string> attack_handshake(const std::string& how, const Words& with);
  std::string attack_link(const std::string& how, const Words& with);

  Submit submit(const std::string& room, const std::string& user, std::uint64_t entry = 1) {
    Submit submit;
    submit.entry = entry;
    if (auto id = RoomId::parse(room)) submit.draft.room = *id;
    submit.draft.sender = *UserId::parse(user);
    submit.draft.device = DeviceId(1);
    submit.draft.kind = wire::RecordKind::message;
    submit.draft.client_msg_id =
        *ClientMsgId::parse(fmt::format("018bcfe5-6800-7000-8000-{:012x}", entry));
    submit.draft.content = R"({"text":"forged"})";
    submit.origin = server_.sign(Purpose::record, origin_form(submit.draft));
    return submit;
  }
  Feed feed(const std::string& room) {
    wire::Record record;
    record.room = *RoomId::parse(room);
    record.term = 1;
    record.seq = 1;
    record.kind = wire::RecordKind::meta;
    record.origin = server_.name();
    record.time = server_.now();
    record.content = R"({"topic":"forged"})";
    record.content_hash = blake2b_256(record.content);
    record.ordinal = 0;
    return {record.room, 1, {}, {wire::encode_stored(record)}, {}};
  }
  // What the victim says to it after its own hello.
  static std::string answer(Call& call) {
    if (!call.receives(3)) return end_of(call);
    const auto frame = decode_frame(call.received()[2]);
    if (!frame) return "what can't be read";
    if (const auto* const submitted = std::get_if<Submitted>(&*frame)) {
      if (const auto* const refused = std::get_if<Refused>(&submitted->outcome))
        return fmt::format("refused: {}", chatd::name(refused->code));
      return std::holds_alternative<Accepted>(submitted->outcome) ? "accepted" : "retry";
    }
    if (const auto* const failure = std::get_if<Failure>(&*frame))
      return fmt::format("failure: {}", chatd::name(failure->code));
    if (std::holds_alternative<Noticed>(*frame)) return "noticed";
    if (const auto* const handover = std::get_if<Handover>(&*frame))
      return handover->step == Handover::Step::refused ? "refused" : "not refused";
    if (const auto* const passing = std::get_if<core::Passing>(&*frame)) return words_of(*passing);
    return "something else";
  }
  static std::string words_of(const core::Passing& passing) {
    if (const auto* const news = std::get_if<core::PresenceNews>(&passing))
      return fmt::format("presence of {} users", news->seen.size());
    if (const auto* const profile = std::get_if<core::ProfileAnswer>(&passing))
      return profile->is_known ? profile->display_name : "nobody is called so";
    return "something else";
  }
  // Frames that don't end the link, and then one that does.
  std::string end_after(std::vector<std::string> frames) {
    frames.emplace_back("\x12garbage");
    return end_of(*server_.link(frames));
  }
  static std::string lease_of(const Words& users) {
    core::PresenceLease lease{1, {}};
    for (const std::string& user : users) lease.wishes.push_back({*UserId::parse(user), RoomId()});
    return encode(core::Passing(lease));
  }
  std::optional<std::string> attack_passing(const std::string& how, const Words& with);
  std::optional<std::string> attack_moves(const std::string& how, const Words& with);

  HostileServer& server_;
};

std::optional<std::string> HostilePeer::attack_handshake(const std::string& how,
                                                         const Words& with) {
  std::string proof;
  if (how == "garbage") {
    auto call = server_.connect();
    call->send({"\x63garbage"});
    return end_of(*call);
  }
  if (how == "another_name") {
    auto call = server_.begin(with.at(0), 'k', proof);
    call->send({proof});
    return end_of(*call);
  }
  if (how == "stolen_name") {  // proves with a key that the document does not name
    auto call = server_.begin(server_.name(), 'x', proof);
    call->send({proof});
    return end_of(*call);
  }
  if (how == "forged_proof") {
    auto call = server_.begin(server_.name(), 'k', proof);
    proof.back() ^= 1;
    call->send({proof});
    return end_of(*call);
  }
  if (how == "replayed_proof") {
    const auto first = server_.begin(server_.name(), 'k', proof);
    std::string unused;
    auto call = server_.begin(server_.name(), 'k', unused);
    call->send({proof});
    return end_of(*call);
  }
  if (how == "oversized_handshake") {
    auto call = server_.connect();
    call->send({std::string(kMaxHandshakeBytes + 1, '\1')});
    return end_of(*call);
  }
  if (how == "half_open") {
    std::vector<std::unique_ptr<Call>> calls;
    while (calls.size() < kManyConnections) calls.push_back(server_.connect());
    std::map<std::string, int> ends;
    for (const auto& call : calls) ++ends[call->end()];
    return fmt::format("{} ways, {} of them", ends.size(), ends.begin()->second);
  }
  return std::nullopt;
}

// What passes by: nothing of it is answered but leases and questions.
std::optional<std::string> HostilePeer::attack_passing(const std::string& how, const Words& with) {
  const UserId eve = server_.user();
  if (how == "lease") return answer(*server_.link({lease_of(with)}));
  if (how == "leases") {
    std::vector<std::string> frames;
    while (frames.size() < 300) {
      Words users;
      for (std::size_t i = 0; i < core::kMaxLeaseUsers; ++i)
        users.push_back(fmt::format("u{}.{}@{}", frames.size(), i, server_.victim().server));
      frames.push_back(lease_of(users));
    }
    return end_after(std::move(frames));
  }
  if (how == "presence")
    return end_after({encode(core::Passing(core::PresenceNews{
        0, {{*UserId::parse(with.at(0)), wire::PresenceState::online, 0, {}}}, {}}))});
  if (how == "unasked_presence")
    return end_after({encode(
        core::Passing(core::PresenceNews{99, {{eve, wire::PresenceState::online, 0, {}}}, {}}))});
  if (how == "types") {  // then an answer shows that it was read
    const core::Typing typing{*RoomId::parse(with.at(0)), *UserId::parse(with.at(1)), true};
    return answer(*server_.link({encode(core::Passing(typing)), lease_of({with.at(2)})}));
  }
  if (how == "types_on") {
    const core::Typing typing{*RoomId::parse(with.at(0)), eve, true};
    return end_after(std::vector(20'000, encode(core::Passing(typing))));
  }
  if (how == "profile")
    return answer(*server_.link(
        {encode(core::Passing(core::ProfileQuestion{1, *UserId::parse(with.at(0)), RoomId()}))}));
  if (how == "unasked_profile")
    return end_after({encode(core::Passing(core::ProfileAnswer{99, true, "Eve", {}}))});
  return std::nullopt;
}

// Rooms that are none of its business get lost, come back and move.
std::optional<std::string> HostilePeer::attack_moves(const std::string& how, const Words& with) {
  const auto room = RoomId::parse(with.empty() ? std::string() : with[0]);
  if (!room) return std::nullopt;
  RoomHead head;
  head.room = *room;
  head.term = 1;
  head.seq = 1000;
  if (how == "forged_proof_of") {
    const KeyPair key = key_of('k');
    const TimeMs now = server_.now();
    return end_of(*server_.link({encode(Proof{
        head, server_.sign(Purpose::head, form(head)),
        certify(key_of('r'), server_.name(), key.public_key(), {now - 1000, now + 1'000'000})})}));
  }
  if (how == "gives_back") {
    const Feed forged = feed(with.at(0));
    return end_after({encode(Recalled{head.room, 1, forged.stored})});
  }
  if (how == "takes_over")  // then an answer shows that it was read
    return answer(
        *server_.link({encode(Moved{head.room, server_.name()}), lease_of({with.at(1)})}));
  if (how == "hands_over")
    return answer(*server_.link({encode(Handover{head, Handover::Step::asked, {}})}));
  if (how == "agrees") return end_after({encode(Handover{head, Handover::Step::agreed, {}})});
  return std::nullopt;
}

std::string HostilePeer::attack_link(const std::string& how, const Words& with) {
  if (how == "before_hello") {
    std::string proof;
    auto call = server_.begin(server_.name(), 'k', proof);
    call->send({proof});
    if (call->receives(2)) call->send({encode(submit("", with.at(0)))});
    return end_of(*call);
  }
  if (how == "hello_twice") return end_of(*server_.link({encode(Hello{})}));
  if (how == "malformed") return end_of(*server_.link({"\x12garbage"}));
  if (how == "oversized")
    return end_of(*server_.link({std::string(wire::kMaxLinkFrameBytes + 1, 'x')}));
  if (how == "in_anothers_name")
    return end_of(*server_.link({encode(submit(with.at(0), with.at(1)))}));
  if (how == "unsigned") {
    Submit forged = submit(with.at(0), server_.user().text());
    forged.draft.content = R"({"text":"not what was signed"})";
    return end_of(*server_.link({encode(forged)}));
  }
  if (how == "not_a_member")
    return answer(*server_.link({encode(submit(with.at(0), server_.user().text()))}));
  if (how == "feed") return answer(*server_.link({encode(feed(with.at(0)))}));
  if (how == "range") {
    RangeRequest range{*RoomId::parse(with.at(0)), 1, 500};
    return answer(*server_.link({encode(range)}));
  }
  if (how == "notice") {
    NoticeFrame notice;
    notice.notice = {*RoomId::parse(with.at(0)),
                     1,
                     *UserId::parse(with.at(1)),
                     wire::Membership::invited,
                     server_.user(),
                     server_.now()};
    return answer(*server_.link({encode(notice)}));
  }
  if (how == "flood") {
    std::vector<std::string> frames;
    for (std::uint64_t entry = 1; entry <= 20'000; ++entry)
      frames.push_back(encode(submit(with.at(0), server_.user().text(), entry)));
    return end_of(*server_.link(frames));
  }
  return "there is no such attack";
}

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 1, argv + argc);
  if (words.size() != 7) return EXIT_FAILURE;
  const auto port = [](const std::string& text) {
    return static_cast<std::uint16_t>(std::stoi(text));
  };
  HostileServer server(words[0], {.address = words[1], .port = port(words[2])},
                       {.server = words[3], .host = words[4], .port = port(words[5])});
  HostilePeer peer(server);
  HostileHub hub(server);
  HostileMember member(server, words[6]);
  std::cout << "ready " << server.root() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string how;
    in >> how;
    Words with;
    for (std::string word; in >> word;) with.push_back(word);
    std::cout << (how == "hub"      ? hub.attack(with)
                  : how == "member" ? member.attack(with)
                                    : peer.attack(how, with))
              << std::endl;
  }
}
