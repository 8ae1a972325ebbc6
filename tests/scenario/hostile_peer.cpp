// A server that other servers know and that means no good: it has a name, keys and a document as
// all have, and does on its links what no honest one does.
//
//   hostile_peer NAME ADDRESS PORT VICTIM VICTIM_ADDRESS VICTIM_PORT
//
// It listens at ADDRESS:PORT and says "ready ROOT_KEY". For each line of its input, the name of an
// attack and what that needs, it says how the victim ended the link, or answered.

#include "daemon/base/encoding.hpp"
#include "daemon/base/random.hpp"
#include "daemon/wire/limits.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/frames.hpp"
#include "federation/handshake.hpp"
#include "federation/identity.hpp"
#include "federation/limits.hpp"
#include "federation/origin.hpp"
#include "tests/unit/net/test_caller.hpp"
#include "tests/unit/net/test_server.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <utility>

using namespace chatd;
using namespace chatd::federation;
using Words = std::vector<std::string>;
using tests::TestCaller;
using Call = TestCaller::Call;

namespace {

constexpr std::size_t kManyConnections = 20;

KeyPair key_of(char letter) {
  return *KeyPair::from_seed(Secret(std::string(KeyPair::kSeedBytes, letter)));
}

class HostilePeer {
 public:
  HostilePeer(std::string name, net::Listen listen, net::Place victim)
      : name_(std::move(name)),
        victim_(std::move(victim)),
        identity_(make_identity()),
        server_(options(std::move(listen))),
        caller_(server_.cert().certificate) {
    victim_.checks_certificate = false;
    victim_.may_be_private = true;
  }

  [[nodiscard]] std::string root() const { return base64url(bytes(identity_.root_key())); }
  std::string attack(const std::string& how, const Words& with) {
    auto said = attack_handshake(how, with);
    if (!said) said = attack_passing(how, with);
    if (!said) said = attack_moves(how, with);
    return said ? *said : attack_link(how, with);
  }

 private:
  std::optional<std::string> attack_handshake(const std::string& how, const Words& with);
  std::string attack_link(const std::string& how, const Words& with);
  static std::string bytes(const PublicKey& key) { return {key.bytes.begin(), key.bytes.end()}; }

  Identity make_identity() {
    const KeyPair root = key_of('r');
    KeyPair pair = key_of('k');
    const Validity validity{clock_.wall_ms() - 1000,
                            clock_.wall_ms() + Millis(kMaxKeyLifetime).count() - 2000};
    std::vector<OwnKey> keys;
    const SigningKey certified = certify(root, name_, pair.public_key(), validity);
    keys.push_back({certified, std::move(pair)});
    return {name_, root.public_key(), key_of('r'), std::move(keys), {}};
  }

  net::Options options(net::Listen listen) {
    net::Options options;
    options.listen.push_back(std::move(listen));
    const std::string document = encode(*identity_.document({}, clock_.wall_ms()));
    options.routes[std::string(wire::ServerInfo::kPath)] = {[document] {
      return net::HttpReply{200, "application/json",
                            fmt::format(R"({{"document":"{}"}})", base64url(document))};
    }};
    return options;
  }

  std::unique_ptr<Call> connect() {
    auto call = std::make_unique<Call>(caller_, victim_);
    exporter_ = call->exporter().value_or(Hash256{});
    return call;
  }
  Dialler dialler(const std::string& from) {
    LinkEnd self{from, kProtocols, {}, exporter_};
    random_.fill(self.nonce);
    return {std::move(self), victim_.server};
  }
  ServerDocument document() {
    const auto page = caller_.get(victim_, wire::ServerInfo::kPath);
    if (!page) std::abort();
    return *decode_document(*wire::read_server_document(*page));
  }
  // Up to the proof, which it makes in that name with that key.
  std::unique_ptr<Call> begin(const std::string& from, const KeyPair& key, std::string& proof) {
    auto call = connect();
    auto dialling = dialler(from);
    call->send({dialling.open()});
    if (!call->receives(1)) return call;
    auto proven = dialling.take_answer(call->received()[0], document(), key, clock_.wall_ms());
    if (proven) proof = proven->proof;
    return call;
  }
  // How the victim ended it, and why if it said so.
  static std::string end(Call& call) {
    std::string end = call.end();
    for (const std::string& message : call.received())
      if (const auto fault = read_refusal(message))
        end += fmt::format(", {}", chatd::federation::name(*fault));
    return end;
  }
  // Proven, and after hello.
  std::unique_ptr<Call> link(const std::vector<std::string>& frames) {
    std::string proof;
    auto call = begin(name_, key_of('k'), proof);
    call->send({proof});
    if (call->receives(2)) call->send({encode(Hello{})});
    call->send(frames);
    return call;
  }
  BatchSignature sign(Purpose purpose, const std::string& form) {
    return sign_batch(key_of('k'), purpose, name_, {&form, 1}).front();
  }
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
    submit.origin = sign(Purpose::record, origin_form(submit.draft));
    return submit;
  }
  Feed feed(const std::string& room) {
    wire::Record record;
    record.room = *RoomId::parse(room);
    record.term = 1;
    record.seq = 1;
    record.kind = wire::RecordKind::meta;
    record.origin = name_;
    record.time = clock_.wall_ms();
    record.content = R"({"topic":"forged"})";
    record.content_hash = blake2b_256(record.content);
    record.ordinal = 0;
    return {record.room, 1, {}, {wire::encode_stored(record)}, {}};
  }
  // What the victim says to it after its own hello.
  static std::string answer(Call& call) {
    if (!call.receives(3)) return end(call);
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
    return end(*link(frames));
  }
  static std::string lease_of(const Words& users) {
    core::PresenceLease lease{1, {}};
    for (const std::string& user : users) lease.wishes.push_back({*UserId::parse(user), RoomId()});
    return encode(core::Passing(lease));
  }
  std::optional<std::string> attack_passing(const std::string& how, const Words& with);
  std::optional<std::string> attack_moves(const std::string& how, const Words& with);

  // Constant after construction
  SystemClock clock_;
  SystemRandom random_;
  const std::string name_;
  net::Place victim_;
  const Identity identity_;
  tests::TestServer server_;
  TestCaller caller_;
  Hash256 exporter_{};  // of the newest connection
};

std::optional<std::string> HostilePeer::attack_handshake(const std::string& how,
                                                         const Words& with) {
  std::string proof;
  if (how == "garbage") {
    auto call = connect();
    call->send({"\x63garbage"});
    return end(*call);
  }
  if (how == "another_name") {
    auto call = begin(with.at(0), key_of('k'), proof);
    call->send({proof});
    return end(*call);
  }
  if (how == "stolen_name") {  // proves with a key that the document does not name
    auto call = begin(name_, key_of('x'), proof);
    call->send({proof});
    return end(*call);
  }
  if (how == "forged_proof") {
    auto call = begin(name_, key_of('k'), proof);
    proof.back() ^= 1;
    call->send({proof});
    return end(*call);
  }
  if (how == "replayed_proof") {
    const auto first = begin(name_, key_of('k'), proof);
    std::string unused;
    auto call = begin(name_, key_of('k'), unused);
    call->send({proof});
    return end(*call);
  }
  if (how == "oversized_handshake") {
    auto call = connect();
    call->send({std::string(kMaxHandshakeBytes + 1, '\1')});
    return end(*call);
  }
  if (how == "half_open") {
    std::vector<std::unique_ptr<Call>> calls;
    while (calls.size() < kManyConnections) calls.push_back(connect());
    std::map<std::string, int> ends;
    for (const auto& call : calls) ++ends[call->end()];
    return fmt::format("{} ways, {} of them", ends.size(), ends.begin()->second);
  }
  return std::nullopt;
}

// What passes by: nothing of it is answered but leases and questions.
std::optional<std::string> HostilePeer::attack_passing(const std::string& how, const Words& with) {
  const UserId eve = *UserId::parse(fmt::format("eve@{}", name_));
  if (how == "lease") return answer(*link({lease_of(with)}));
  if (how == "leases") {
    std::vector<std::string> frames;
    while (frames.size() < 300) {
      Words users;
      for (std::size_t i = 0; i < core::kMaxLeaseUsers; ++i)
        users.push_back(fmt::format("u{}.{}@{}", frames.size(), i, victim_.server));
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
    return answer(*link({encode(core::Passing(typing)), lease_of({with.at(2)})}));
  }
  if (how == "types_on") {
    const core::Typing typing{*RoomId::parse(with.at(0)), eve, true};
    return end_after(std::vector(20'000, encode(core::Passing(typing))));
  }
  if (how == "profile")
    return answer(*link(
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
    const TimeMs now = clock_.wall_ms();
    return end(*link({encode(
        Proof{head, sign(Purpose::head, form(head)),
              certify(key_of('r'), name_, key.public_key(), {now - 1000, now + 1'000'000})})}));
  }
  if (how == "gives_back") {
    const Feed forged = feed(with.at(0));
    return end_after({encode(Recalled{head.room, 1, forged.stored})});
  }
  if (how == "takes_over")  // then an answer shows that it was read
    return answer(*link({encode(Moved{head.room, name_}), lease_of({with.at(1)})}));
  if (how == "hands_over")
    return answer(*link({encode(Handover{head, Handover::Step::asked, {}})}));
  if (how == "agrees") return end_after({encode(Handover{head, Handover::Step::agreed, {}})});
  return std::nullopt;
}

std::string HostilePeer::attack_link(const std::string& how, const Words& with) {
  if (how == "before_hello") {
    std::string proof;
    auto call = begin(name_, key_of('k'), proof);
    call->send({proof});
    if (call->receives(2)) call->send({encode(submit("", with.at(0)))});
    return end(*call);
  }
  if (how == "hello_twice") return end(*link({encode(Hello{})}));
  if (how == "malformed") return end(*link({"\x12garbage"}));
  if (how == "oversized") return end(*link({std::string(wire::kMaxLinkFrameBytes + 1, 'x')}));
  if (how == "in_anothers_name") return end(*link({encode(submit(with.at(0), with.at(1)))}));
  if (how == "unsigned") {
    Submit forged = submit(with.at(0), fmt::format("eve@{}", name_));
    forged.draft.content = R"({"text":"not what was signed"})";
    return end(*link({encode(forged)}));
  }
  if (how == "not_a_member")
    return answer(*link({encode(submit(with.at(0), fmt::format("eve@{}", name_)))}));
  if (how == "feed") return answer(*link({encode(feed(with.at(0)))}));
  if (how == "range") {
    RangeRequest range{*RoomId::parse(with.at(0)), 1, 500};
    return answer(*link({encode(range)}));
  }
  if (how == "notice") {
    NoticeFrame notice;
    notice.notice = {*RoomId::parse(with.at(0)),
                     1,
                     *UserId::parse(with.at(1)),
                     wire::Membership::invited,
                     *UserId::parse(fmt::format("eve@{}", name_)),
                     clock_.wall_ms()};
    return answer(*link({encode(notice)}));
  }
  if (how == "flood") {
    std::vector<std::string> frames;
    for (std::uint64_t entry = 1; entry <= 20'000; ++entry)
      frames.push_back(encode(submit(with.at(0), fmt::format("eve@{}", name_), entry)));
    return end(*link(frames));
  }
  return "there is no such attack";
}

}  // namespace

int main(int argc, char** argv) {
  const Words words(argv + 1, argv + argc);
  if (words.size() != 6) return EXIT_FAILURE;
  const auto port = [](const std::string& text) {
    return static_cast<std::uint16_t>(std::stoi(text));
  };
  HostilePeer peer(words[0], {.address = words[1], .port = port(words[2])},
                   {.server = words[3], .host = words[4], .port = port(words[5])});
  std::cout << "ready " << peer.root() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream in(line);
    std::string how;
    in >> how;
    Words with;
    for (std::string word; in >> word;) with.push_back(word);
    std::cout << peer.attack(how, with) << std::endl;
  }
}
