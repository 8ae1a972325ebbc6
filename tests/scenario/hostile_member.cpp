#include "tests/scenario/hostile_member.hpp"

#include "daemon/net/subprotocol.hpp"
#include "daemon/net/tls.hpp"
#include "daemon/wire/encode.hpp"
#include "daemon/wire/room_content.hpp"
#include "federation/origin.hpp"

#include <fmt/format.h>

#include <utility>

namespace chatd::hostile {

using namespace federation;
using tests::WsClient;

namespace {

tests::Frame binary(std::string payload) {
  return {.opcode = tests::Frame::binary, .payload = std::move(payload)};
}

std::string next_message(WsClient& client) {
  while (auto frame = client.read_frame())
    if (frame->opcode == tests::Frame::binary) return std::move(frame->payload);
  return {};
}

}  // namespace

std::string HostileMember::attack(const Words& what) {
  const RoomId room = *RoomId::parse(what.at(1));
  if (what[0] == "joins") return join(room);
  if (what[0] == "reads_nothing") return read_nothing(room, std::stoi(what.at(2)));
  return "there is no such attack";
}

std::string HostileMember::join(const RoomId& room) {
  Submit submit;
  submit.entry = 1;
  submit.draft.room = room;
  submit.draft.sender = server_.user();
  submit.draft.device = DeviceId(1);
  submit.draft.kind = wire::RecordKind::member;
  submit.draft.client_msg_id = *ClientMsgId::parse("018bcfe5-6800-7000-8000-000000000001");
  submit.draft.content = wire::to_json(
      wire::MemberContent{server_.user(), wire::Membership::joined, wire::Role::member, {}});
  submit.origin = server_.sign(Purpose::record, origin_form(submit.draft));
  const auto call = server_.link({encode(submit)});
  for (std::size_t read = 2; call->receives(read + 1); ++read) {
    const auto frame = decode_frame(call->received()[read]);
    if (!frame) return "what can't be read";
    if (const auto* const submitted = std::get_if<Submitted>(&*frame))
      return std::holds_alternative<Accepted>(submitted->outcome) ? "accepted" : "not accepted";
  }
  return end_of(*call);
}

bool HostileMember::link() {
  const net::Place& victim = server_.victim();
  client_ =
      WsClient::open(victim.port, certificate_,
                     {.protocol = std::string(net::kLinkSubprotocol), .address = victim.host});
  if (client_ == nullptr || !client_->is_open()) return false;
  auto dialling = server_.dialler(server_.name(), net::link_exporter(client_->stream().tls()));
  client_->send_frame(binary(dialling.open()));
  auto proof = server_.prove(dialling, next_message(*client_), 'k');
  if (!proof) return false;
  client_->send_frame(binary(*std::move(proof)));
  return !next_message(*client_).empty() && client_->send_frame(binary(encode(Hello{})));
}

// What it asks for makes the victim begin anew with the room.
std::string HostileMember::read_nothing(const RoomId& room, int times) {
  if (!link()) return "there is no link";
  for (int i = 0; i < times; ++i)
    if (!client_->send_frame(binary(encode(RangeRequest{room, 1, 500}))) ||
        !client_->send_frame(binary(encode(Alive{}))))
      return fmt::format("it ended the link after {} times", i);
  return fmt::format("it was asked {} times", times);
}

}  // namespace chatd::hostile
