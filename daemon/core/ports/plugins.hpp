#pragma once

#include "daemon/base/ids.hpp"
#include "daemon/base/result.hpp"
#include "daemon/wire/record.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::core {

// What a member wants to append to a room, before it has a number.
struct Draft {
  RoomId room;
  wire::RecordKind kind = wire::RecordKind::message;
  UserId sender;
  DeviceId device;
  ClientMsgId client_msg_id;
  Seq target = 0;
  std::string content;
  bool target_is_erased = false;   // then only a resend of what came before is taken
  Seq target_seen = 0;             // that was so when this was the room's last record
  std::string origin{};            // the server that took it from its sender; empty: this one
  std::string origin_signature{};  // that server's, where it is another one
};

// What a plugin says about something that wants to happen.
struct Verdict {
  enum class Kind { pass, deny, drop, replace };
  Kind kind = Kind::pass;
  Error error;          // deny: what the sender is told
  std::string content;  // replace: the new content
};

// Of a question where nothing can be replaced.
[[nodiscard]] inline Status status_of(Verdict verdict) {
  if (verdict.kind == Verdict::Kind::deny) return fail(std::move(verdict.error));
  if (verdict.kind == Verdict::Kind::drop) return fail(Code::denied, "the server refused this");
  return {};
}

// The stops on the core's path where plugins are asked (see plugins/sdk hooks.h). Loop only.
// The asynchronous ones answer once, on the loop, later; deadlines are the host's business.
class HookPort {
 public:
  using Done = std::function<void(Verdict)>;

  HookPort() = default;
  HookPort(const HookPort&) = delete;
  HookPort& operator=(const HookPort&) = delete;
  virtual ~HookPort() = default;

  // False: nobody listens, the core need not ask.
  [[nodiscard]] virtual bool wants_message_pre_accept() const = 0;
  virtual void message_pre_accept(Draft draft, Done done) = 0;
  // Last, while the room is being numbered: answers at once.
  [[nodiscard]] virtual Verdict room_pre_append(const Draft& draft) = 0;

  [[nodiscard]] virtual bool wants_account_pre_register() const = 0;
  virtual void account_pre_register(UserId user, std::string address, Done done) = 0;
  [[nodiscard]] virtual bool wants_room_pre_create() const = 0;
  virtual void room_pre_create(UserId founder, std::string name, Done done) = 0;
  [[nodiscard]] virtual bool wants_room_pre_join() const = 0;
  virtual void room_pre_join(RoomId room, UserId user, Done done) = 0;
  // A link with another server is about to begin: dialled, or accepted from `address`.
  [[nodiscard]] virtual bool wants_federation_peer_policy() const = 0;
  virtual void federation_peer_policy(std::string server, std::string address, Done done) = 0;
  // What somebody of another server wants to append here: refused or not, never replaced.
  [[nodiscard]] virtual bool wants_federation_pre_receive() const = 0;
  virtual void federation_pre_receive(Draft draft, Done done) = 0;
};

// A client method that a plugin serves, named `x.<plugin>.<method>`.
struct PluginMethod {
  std::string name;
  std::string summary;
  std::string params_schema;  // JSON Schema as text
};

class MethodPort {
 public:
  using Done = std::function<void(Result<std::string>)>;  // the result as JSON

  MethodPort() = default;
  MethodPort(const MethodPort&) = delete;
  MethodPort& operator=(const MethodPort&) = delete;
  virtual ~MethodPort() = default;

  [[nodiscard]] virtual const std::vector<PluginMethod>& methods() const = 0;
  // `unknown_method` when no plugin serves it. `params` is one JSON object as the client sent it.
  virtual void call(std::string_view method, UserId user, DeviceId device, std::string params,
                    Done done) = 0;
};

}  // namespace chatd::core
