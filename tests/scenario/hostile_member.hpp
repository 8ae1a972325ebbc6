#pragma once

#include "tests/scenario/hostile_server.hpp"
#include "tests/support/ws_client.hpp"

#include <memory>
#include <string>
#include <utility>

namespace chatd::hostile {

// A hostile server with a user in a room of the victim, which is brought to it and not read.
class HostileMember {
 public:
  // `certificate`: of the victim.
  HostileMember(HostileServer& server, std::string certificate)
      : server_(server), certificate_(std::move(certificate)) {}

  // What the victim did: joins ROOM, reads_nothing ROOM TIMES.
  std::string attack(const Words& what);

 private:
  std::string join(const RoomId& room);
  std::string read_nothing(const RoomId& room, int times);
  [[nodiscard]] bool link();

  HostileServer& server_;
  const std::string certificate_;
  std::unique_ptr<tests::WsClient> client_;  // reads only when it is told to
};

}  // namespace chatd::hostile
