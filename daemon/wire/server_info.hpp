#pragma once

#include "daemon/base/result.hpp"
#include "daemon/wire/schema.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::wire {

struct ServerEndpoints {
  static constexpr std::string_view kTypeName = "ServerEndpoints";
  std::string websocket = "/ws";
  std::string rpc = "/rpc";
  std::string openrpc = "/openrpc.json";
  static void fields(auto& self, auto&& field) {
    field("websocket", self.websocket, "The path of the WebSocket.");
    field("rpc", self.rpc, "The path for POST.");
    field("openrpc", self.openrpc,
          "The path where GET gives the OpenRPC document of this server, the methods of its "
          "plugins included.");
  }
};

struct ServerLimits {
  static constexpr std::string_view kTypeName = "ServerLimits";
  std::uint64_t text_characters = 0;
  std::uint64_t frame_bytes = 0;
  std::uint64_t room_members = 0;
  static void fields(auto& self, auto&& field) {
    field("text_characters", self.text_characters,
          "How long the text of a message may be on this server.");
    field("frame_bytes", self.frame_bytes, "How long one message to the server may be.");
    field("room_members", self.room_members, "How many members a room may have on this server.");
  }
};

// What GET /.well-known/chatd answers: all that a client or another server needs before it
// connects. No secrets.
struct ServerInfo {
  static constexpr std::string_view kPath = "/.well-known/chatd";
  std::string server;
  std::string contact;
  std::vector<std::string> protocols = {"chatd.v1"};
  std::string version;
  ServerEndpoints endpoints;
  ServerLimits limits;
  std::optional<std::string> document;
  static void fields(auto& self, auto&& field) {
    field("server", self.server, "The server's name: what follows the @ in its user ids.");
    field("contact", self.contact, "How to reach its admin, as the admin wrote it; may be empty.");
    field("protocols", self.protocols, "The subprotocols that it speaks, the best first.");
    field("version", self.version, "The version of the daemon. For people; do not act on it.");
    field("endpoints", self.endpoints, "Where the doors are: paths on the host that was asked.");
    field("limits", self.limits, "Bounds that the admin may have set lower than the usual ones.");
    field("document", self.document,
          "The server document for other servers (federation/PROTOCOL.md) in base64url; missing "
          "where none are let in.");
  }
};

// The bytes of `document` in what another server answered. Total.
[[nodiscard]] Result<std::string> read_server_document(std::string_view json);

}  // namespace chatd::wire
