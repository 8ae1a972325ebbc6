#include "tests/sim/links.hpp"

#include "federation/frames.hpp"
#include "federation/limits.hpp"
#include "tests/sim/frame_words.hpp"

#include <algorithm>
#include <variant>

namespace chatd::sim {
namespace {

using federation::Endpoint;
using federation::LinkId;
using federation::LinkSink;
using federation::Target;

constexpr Millis kTimeout{10'000};  // of a connection to where nothing answers
constexpr Millis kLook{200};        // for whether the parted are together again

LinkId link_of(std::uint64_t connection, std::size_t end) { return LinkId(connection * 2 + end); }
LinkId opposite(LinkId link) { return LinkId(link.value() ^ 1); }

}  // namespace

void Port::begin(Process& process, LinkSink& sink, std::function<std::string()> document) {
  process_ = &process;
  sink_ = &sink;
  document_ = std::move(document);
}

void Port::end() {
  process_ = nullptr;
  sink_ = nullptr;
  document_ = nullptr;
  links_.leave(server_);
}

void Port::tell(std::function<void(LinkSink&)> what) {
  if (!is_alive()) return;
  process_->after(Millis(0), [this, what = std::move(what)] { what(*sink_); });
}

LinkId Port::dial(const Target& target) { return links_.dial(server_, target); }
void Port::send(LinkId link, std::string frame) { links_.send(link, std::move(frame)); }
void Port::close(LinkId link) { links_.close(link); }

std::size_t Port::queued(LinkId link) const {
  const Links::End* const end = links_.find(link);
  return end == nullptr ? 0 : end->bytes;
}

void Port::fetch_document(const Target& target, std::function<void(Result<std::string>)> done) {
  links_.fetch(server_, target, std::move(done));
}

void Port::look_up(const std::string& name,
                   std::function<void(Result<std::vector<Endpoint>>)> done) {
  constexpr std::string_view kPrefix = "_chatd._tcp.";
  Result<std::vector<Endpoint>> found = fail(Code::not_found, "there is no such name");
  const auto place = links_.places_.find(name.substr(std::min(name.size(), kPrefix.size())));
  if (place != links_.places_.end()) found = std::vector<Endpoint>{place->second};
  if (links_.world_.chance(3)) found = fail(Code::unavailable, "the name server does not answer");
  process_->after(links_.latency(),
                  [done = std::move(done), found = std::move(found)] { done(found); });
}

Port& Links::add(const std::string& server, const Endpoint& at) {
  listeners_[{at.host, at.port}] = server;
  places_[server] = at;
  return ports_.try_emplace(server, *this, server).first->second;
}

Links::Pair Links::pair(const std::string& one, const std::string& other) {
  return std::minmax(one, other);
}

bool Links::are_parted(const std::string& one, const std::string& other) const {
  return parted_.contains(pair(one, other));
}

Millis Links::latency() {
  return Millis(world_.chance(2) ? world_.between(200, 3000) : world_.between(1, 60));
}

Port* Links::listener(const Target& target) {
  const auto found = listeners_.find({target.at.host, target.at.port});
  if (found == listeners_.end()) return nullptr;
  Port& port = ports_.at(found->second);
  const bool is_right = !target.checks_certificate || found->second == target.server;
  return is_right && port.is_alive() ? &port : nullptr;
}

Links::End* Links::find(LinkId link) {
  const auto found = connections_.find(link.value() / 2);
  return found == connections_.end() ? nullptr : &found->second[link.value() % 2];
}

LinkId Links::dial(const std::string& from, const Target& target) {
  const std::uint64_t connection = ++last_;
  auto& ends = connections_[connection];
  ends[0].server = from;
  ends[0].is_open = true;
  ends[1].server = target.server;
  const Millis delay = are_parted(from, target.server) ? kTimeout : latency();
  world_.after(delay, [this, connection, target] { connect(connection, target); });
  return link_of(connection, 0);
}

void Links::connect(std::uint64_t connection, const Target& target) {
  const auto found = connections_.find(connection);
  if (found == connections_.end()) return;
  auto& [dialler, acceptor] = found->second;
  if (dialler.is_closing) return;
  Port* const port = listener(target);
  if (port == nullptr || are_parted(dialler.server, target.server))
    return shut(link_of(connection, 0), "nobody answers there");
  acceptor.is_open = true;
  Hash256 exporter{};
  world_.fill(exporter);
  const auto number = std::distance(ports_.begin(), ports_.find(dialler.server));
  port->tell([id = link_of(connection, 1), exporter, number](LinkSink& sink) {
    sink.accepted(id, fmt::format("192.0.2.{}", number + 1), exporter);
  });
  ports_.at(dialler.server).tell([id = link_of(connection, 0), exporter](LinkSink& sink) {
    sink.opened(id, exporter);
  });
}

void Links::send(LinkId link, std::string frame) {
  End* const from = find(link);
  if (from == nullptr || !from->is_open || from->is_closing) return;
  ++frames_;
  note_refusal(find(opposite(link))->server, frame);
  if (plant_) {
    auto changed = plant_(std::move(frame));
    if (!changed) return;
    frame = *std::move(changed);
  }
  if (world_.below(1000) >= meddled_permille_) return put(link, {std::move(frame), false, {}});
  const auto what = world_.below(3);
  ++(what == 1 ? doubled_ : overtaken_);
  world_.tell("middle: {} a frame of {}", std::array{"takes", "doubles", "swaps"}[what],
              from->server);
  if (what == 0) return;
  put(link, {frame, false, {}});
  if (what == 1) return put(link, {std::move(frame), false, {}});
  const std::size_t count = from->out.size();
  if (count >= 2) std::swap(from->out[count - 1].frame, from->out[count - 2].frame);
}

void Links::note_refusal(const std::string& to, std::string_view frame) {
  if (frame.empty() || frame.front() != static_cast<char>(federation::FrameKind::submitted)) return;
  const auto decoded = federation::decode_frame(frame);
  const auto* const answer = decoded ? std::get_if<federation::Submitted>(&*decoded) : nullptr;
  if (answer != nullptr && std::holds_alternative<federation::Refused>(answer->outcome))
    refused_.emplace(to, answer->entry);
}

void Links::put(LinkId link, Parcel parcel) {
  End& from = *find(link);
  parcel.due = world_.now() + latency();
  from.bytes += parcel.frame.size();
  most_queued_ = std::max(most_queued_, from.bytes);
  if (from.bytes >= federation::kLinkQueueBytes) from.was_full = true;
  from.out.push_back(std::move(parcel));
  move_later(link);
}

void Links::move_later(LinkId link) {
  End& from = *find(link);
  if (from.is_moving || from.out.empty()) return;
  from.is_moving = true;
  const bool is_parted = are_parted(from.server, find(opposite(link))->server);
  const Millis left = std::chrono::duration_cast<Millis>(from.out.front().due - world_.now());
  world_.after(is_parted ? kLook : std::max(left, Millis(0)), [this, link, is_parted] {
    End* const end = find(link);
    if (end == nullptr) return;
    end->is_moving = false;
    if (!is_parted && !end->out.empty()) arrive(link);
    if (find(link) != nullptr) move_later(link);
  });
}

void Links::arrive(LinkId link) {
  End& from = *find(link);
  End& to = *find(opposite(link));
  Parcel parcel = std::move(from.out.front());
  from.out.pop_front();
  from.bytes -= parcel.frame.size();
  if (from.was_full && from.bytes < federation::kLinkQueueBytes / 2) {
    from.was_full = false;
    if (from.is_open) ports_.at(from.server).tell([link](LinkSink& sink) { sink.drained(link); });
  }
  if (to.is_deaf) return;
  if (parcel.is_end) return shut(opposite(link), "the other side ended it");
  if (!to.is_open) return shut(link, "nobody is there any more");
  if (to.is_closing) return;
  if (world_.is_told()) world_.tell("{} > {}: {}", from.server, to.server, words_of(parcel.frame));
  ports_.at(to.server).tell(
      [this, id = opposite(link), frame = std::move(parcel.frame)](LinkSink& sink) {
        const End* const end = find(id);
        if (end != nullptr && end->is_open && !end->is_closing) sink.received(id, frame);
      });
}

void Links::close(LinkId link) {
  End* const end = find(link);
  if (end == nullptr || !end->is_open || end->is_closing) return;
  end->is_closing = true;
  put(link, {{}, true, {}});
  world_.after(latency(), [this, link] { shut(link, "closed"); });
}

void Links::shut(LinkId link, std::string why) {
  End* const end = find(link);
  if (end == nullptr) return;
  if (end->is_open) {
    end->is_open = false;
    ports_.at(end->server).tell([link, why = std::move(why)](LinkSink& sink) {
      sink.closed(link, why);
    });
  }
  if (!find(opposite(link))->is_open) connections_.erase(link.value() / 2);
}

void Links::leave(const std::string& server) {
  std::vector<LinkId> left;
  for (auto& [connection, ends] : connections_)
    for (std::size_t i = 0; i < 2; ++i)
      if (ends[i].server == server && ends[i].is_open) left.push_back(link_of(connection, i));
  for (const LinkId link : left) {
    End& end = *find(link);
    end.is_open = false;
    end.out.clear();
    end.bytes = 0;
    // Its system says that the process is gone, unless that is gone too.
    if (world_.chance(60)) put(link, {{}, true, {}});
    if (!find(opposite(link))->is_open) connections_.erase(link.value() / 2);
  }
}

void Links::fetch(const std::string& from, const Target& target,
                  std::function<void(Result<std::string>)> done) {
  Port& port = ports_.at(from);
  const Millis delay = are_parted(from, target.server) ? kTimeout : latency();
  port.process_->after(delay, [this, from, target, done = std::move(done)] {
    Port* const there = listener(target);
    if (there == nullptr || are_parted(from, target.server))
      return done(fail(Code::unavailable, "nobody answers there"));
    std::string document = there->document_();
    if (document.empty()) return done(fail(Code::not_found, "there is no document"));
    done(std::move(document));
  });
}

void Links::part(const std::string& one, const std::string& other, bool is_parted) {
  if (is_parted)
    parted_.insert(pair(one, other));
  else
    parted_.erase(pair(one, other));
}

void Links::cut(const std::string& one, const std::string& other) {
  std::vector<std::uint64_t> between;
  for (const auto& [connection, ends] : connections_)
    if (pair(ends[0].server, ends[1].server) == pair(one, other)) between.push_back(connection);
  for (const std::uint64_t connection : between)
    for (std::size_t i = 0; i < 2; ++i) {
      End* const end = find(link_of(connection, i));
      if (end == nullptr) break;
      end->out.clear();
      end->bytes = 0;
      end->is_deaf = true;
      world_.after(Millis(world_.between(0, 2000)),
                   [this, id = link_of(connection, i)] { shut(id, "the connection was lost"); });
    }
}

void Links::deafen(const std::string& from, const std::string& to) {
  for (auto& [connection, ends] : connections_)
    for (std::size_t i = 0; i < 2; ++i)
      if (ends[i].server == to && ends[1 - i].server == from) ends[i].is_deaf = true;
}

void Links::heal() {
  parted_.clear();
  meddled_permille_ = 0;
}

}  // namespace chatd::sim
