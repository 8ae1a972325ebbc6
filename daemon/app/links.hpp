#pragma once

#include "daemon/net/https_get.hpp"
#include "daemon/net/messages.hpp"
#include "daemon/net/tls_stream.hpp"
#include "daemon/net/ws_client.hpp"
#include "federation/ports/links.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace chatd::app {

// The connections with other servers: those that were made here, and those that the network side
// let in. Owned by the daemon; loop only.
class Links final : public federation::LinkPort {
 public:
  struct Parts {
    net::Loop* loop = nullptr;
    std::function<void(SessionId, net::Outbound)> post;  // to the network side
    // Something came: a turn is due. Called from the loop.
    std::function<void()> wake;
  };
  [[nodiscard]] static Result<std::unique_ptr<Links>> create(Parts parts);
  ~Links() override;

  // Who hears of links from now on.
  void set_sink(federation::LinkSink& sink) { sink_ = &sink; }
  void take(net::LinkEvent&& event);
  // Lets what was sent leave.
  void end_turn();
  [[nodiscard]] std::size_t open() const { return calls_.size() + guests_.size(); }

  // federation::LinkPort
  federation::LinkId dial(const federation::Target& target) override;
  void send(federation::LinkId link, std::string frame) override;
  [[nodiscard]] std::size_t queued(federation::LinkId link) const override;
  void close(federation::LinkId link) override;
  void fetch_document(const federation::Target& target,
                      std::function<void(Result<std::string>)> done) override;
  void look_up(const std::string& name,
               std::function<void(Result<std::vector<federation::Endpoint>>)> done) override;

 private:
  class Call;  // a link that was made here
  struct Guest {
    std::size_t queued = 0;
    bool was_full = false;
  };
  struct Fetch {
    std::unique_ptr<net::HttpsGet> get;
    bool is_over = false;
  };

  Links(Parts parts, std::unique_ptr<net::ClientTls> tls, std::unique_ptr<net::Resolver> resolver);
  [[nodiscard]] net::TlsStream::Parts stream_parts() const {
    return {parts_.loop, resolver_.get(), tls_.get()};
  }

  // Constant after construction
  const Parts parts_;
  const std::unique_ptr<net::ClientTls> tls_;
  const std::unique_ptr<net::Resolver> resolver_;
  federation::LinkSink* sink_ = nullptr;

  // Loop only
  std::map<federation::LinkId, std::unique_ptr<Call>> calls_;
  std::vector<federation::LinkId> to_flush_;  // of these
  std::vector<federation::LinkId> ended_;
  std::map<federation::LinkId, Guest> guests_;
  std::map<std::uint64_t, Fetch> fetches_;
  std::uint64_t last_number_ = 0;
};

}  // namespace chatd::app
