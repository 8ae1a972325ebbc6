#pragma once

#include "federation/channel.hpp"
#include "federation/env.hpp"
#include "federation/handshake.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::federation {

// The handshake on one connection, with the documents that it needs. Owned by Federation; loop
// only.
class Greeting {
 public:
  // Called once: who the other side is, or why it came to nothing; the refusal is sent then.
  using Done = std::function<void(OrEnd<Link>)>;
  // Whether to speak with that server; calls back once, maybe from within.
  using Admits = std::function<void(const std::string& server, std::function<void(Status)>)>;

  // This side accepted the connection.
  Greeting(Env& env, Channel& channel, const Hash256& exporter, Admits admits, Done done);
  // This side dialled it, and holds the other's document. `is_trial`: it will not go on.
  Greeting(Env& env, Channel& channel, const Hash256& exporter, std::string peer, bool is_trial,
           Done done);
  Greeting(const Greeting&) = delete;
  Greeting& operator=(const Greeting&) = delete;

  void received(std::string_view message);
  // By when the next message must be there.
  [[nodiscard]] Monotonic deadline() const { return deadline_; }

 private:
  [[nodiscard]] LinkEnd own_end(const Hash256& exporter) const;
  void take_open(std::string_view open);
  void answer_open();
  // The message that proves the other side, once its document is there.
  void take_proof();
  void look_for_document();
  void finish(OrEnd<Link> outcome);
  void end(HandshakeFault fault) {
    finish(tl::unexpected<HandshakeEnd>(HandshakeEnd{fault, false}));
  }

  // Constant after construction
  Env& env_;
  Channel& channel_;
  Hash256 exporter_;
  Admits admits_;
  Done done_;
  bool is_trial_ = false;
  // Loop only
  std::string peer_;
  std::optional<Dialler> dialler_;
  std::optional<Acceptor> acceptor_;
  std::string proof_;  // empty: not there yet
  bool is_looking_ = false;
  bool has_looked_ = false;
  bool is_over_ = false;
  Monotonic deadline_;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
