#include "daemon/app/links.hpp"

#include "daemon/base/overloaded.hpp"
#include "daemon/wire/server_info.hpp"
#include "federation/limits.hpp"

#include <utility>

namespace chatd::app {
namespace {

using federation::LinkId;

// In the number of a link that was made here; the others have the session's, which never has it.
constexpr std::uint64_t kCallBit = std::uint64_t{1} << 63;
constexpr std::size_t kDrainedBytes = federation::kLinkQueueBytes / 2;

net::Place place_of(const federation::Target& target) {
  return {.server = target.server,
          .host = target.at.host,
          .port = target.at.port,
          .checks_certificate = target.checks_certificate,
          .may_be_private = target.may_be_private};
}

LinkId link_of(SessionId session) { return LinkId(session.value()); }
SessionId session_of(LinkId link) { return SessionId(link.value()); }

}  // namespace

class Links::Call final : private net::WsClient::Events {
 public:
  Call(Links& links, LinkId id, net::Place place)
      : links_(links),
        id_(id),
        client_(links.stream_parts(), std::move(place), federation::kMaxLinkFrameBytes, *this) {}

  void send(std::string_view frame) {
    if (client_.queued() == 0) links_.to_flush_.push_back(id_);
    client_.send(frame);
    is_full_ = is_full_ || client_.queued() > kDrainedBytes;
  }
  void flush() { client_.flush(); }
  void close() { client_.close(); }
  [[nodiscard]] std::size_t queued() const { return client_.queued(); }

 private:
  void on_open(const Hash256& exporter) override {
    links_.sink_->opened(id_, exporter);
    links_.parts_.wake();
  }
  void on_message(std::string message) override {
    links_.sink_->received(id_, message);
    links_.parts_.wake();
  }
  void on_sent(std::size_t) override {
    if (!is_full_ || client_.queued() >= kDrainedBytes) return;
    is_full_ = false;
    links_.sink_->drained(id_);
    links_.parts_.wake();
  }
  void on_end(std::string why) override {
    links_.ended_.push_back(id_);
    links_.sink_->closed(id_, std::move(why));
    links_.parts_.wake();
  }

  Links& links_;
  const LinkId id_;
  bool is_full_ = false;
  net::WsClient client_;
};

Result<std::unique_ptr<Links>> Links::create(Parts parts) {
  CHATD_TRY(auto tls, net::ClientTls::create(""));
  CHATD_TRY(auto resolver, net::Resolver::create(*parts.loop, ""));
  return std::unique_ptr<Links>(new Links(std::move(parts), std::move(tls), std::move(resolver)));
}

Links::Links(Parts parts, std::unique_ptr<net::ClientTls> tls,
             std::unique_ptr<net::Resolver> resolver)
    : parts_(std::move(parts)), tls_(std::move(tls)), resolver_(std::move(resolver)) {}

Links::~Links() = default;

void Links::take(net::LinkEvent&& event) {
  std::visit(overloaded{[this](net::LinkOpened&& opened) {
                          guests_[link_of(opened.link)] = {};
                          sink_->accepted(link_of(opened.link), std::move(opened.peer),
                                          opened.exporter);
                        },
                        [this](net::LinkReceived&& received) {
                          sink_->received(link_of(received.link), received.bytes);
                        },
                        [this](net::LinkSent&& sent) {
                          const auto guest = guests_.find(link_of(sent.link));
                          if (guest == guests_.end()) return;
                          guest->second.queued -= sent.bytes;
                          if (!guest->second.was_full || guest->second.queued >= kDrainedBytes)
                            return;
                          guest->second.was_full = false;
                          sink_->drained(guest->first);
                        },
                        [this](net::LinkClosed&& closed) {
                          guests_.erase(link_of(closed.link));
                          sink_->closed(link_of(closed.link), std::move(closed.why));
                        }},
             std::move(event));
}

void Links::end_turn() {
  std::erase_if(fetches_, [](const auto& fetch) { return fetch.second.is_over; });
  for (const LinkId link : std::exchange(ended_, {})) calls_.erase(link);
  for (const LinkId link : std::exchange(to_flush_, {}))
    if (const auto call = calls_.find(link); call != calls_.end()) call->second->flush();
}

LinkId Links::dial(const federation::Target& target) {
  const LinkId id(kCallBit | ++last_number_);
  calls_[id] = std::make_unique<Call>(*this, id, place_of(target));
  return id;
}

void Links::send(LinkId link, std::string frame) {
  if (const auto call = calls_.find(link); call != calls_.end()) return call->second->send(frame);
  const auto guest = guests_.find(link);
  if (guest == guests_.end()) return;
  wire::Packet packet = wire::Packet::binary(frame);
  guest->second.queued += packet.frame().size();
  guest->second.was_full = guest->second.was_full || guest->second.queued > kDrainedBytes;
  parts_.post(session_of(link), net::Send{session_of(link), std::move(packet)});
}

std::size_t Links::queued(LinkId link) const {
  if (const auto call = calls_.find(link); call != calls_.end()) return call->second->queued();
  const auto guest = guests_.find(link);
  return guest == guests_.end() ? 0 : guest->second.queued;
}

void Links::close(LinkId link) {
  if (const auto call = calls_.find(link); call != calls_.end()) return call->second->close();
  if (guests_.contains(link)) parts_.post(session_of(link), net::Close{session_of(link), 1000, {}});
}

void Links::fetch_document(const federation::Target& target,
                           std::function<void(Result<std::string>)> done) {
  Fetch& fetch = fetches_[++last_number_];
  fetch.get = std::make_unique<net::HttpsGet>(
      stream_parts(), place_of(target), wire::ServerInfo::kPath,
      [this, &fetch, done = std::move(done)](Result<std::string> page) {
        fetch.is_over = true;
        done(page ? wire::read_server_document(*page) : std::move(page));
        parts_.wake();
      });
}

void Links::look_up(const std::string& name,
                    std::function<void(Result<std::vector<federation::Endpoint>>)> done) {
  resolver_->find_services(
      name, [this, done = std::move(done)](const Result<std::vector<net::Resolver::Service>>& all) {
        if (!all) {
          done(fail(all.error()));
        } else {
          std::vector<federation::Endpoint> targets;
          for (const net::Resolver::Service& one : *all) targets.push_back({one.host, one.port});
          done(std::move(targets));
        }
        parts_.wake();
      });
}

}  // namespace chatd::app
