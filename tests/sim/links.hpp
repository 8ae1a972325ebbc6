#pragma once

#include "federation/ports/links.hpp"
#include "tests/sim/process.hpp"
#include "tests/sim/world.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace chatd::sim {

class Links;

// One server's way to the others, in the place of net's; survives its crashes.
class Port final : public federation::LinkPort {
 public:
  Port(Links& links, std::string server) : links_(links), server_(std::move(server)) {}

  // The process and what in it hears of links, until end(). `document` is asked for when somebody
  // fetches it.
  void begin(Process& process, federation::LinkSink& sink, std::function<std::string()> document);
  void end();

  federation::LinkId dial(const federation::Target& target) override;
  void send(federation::LinkId link, std::string frame) override;
  [[nodiscard]] std::size_t queued(federation::LinkId link) const override;
  void close(federation::LinkId link) override;
  void fetch_document(const federation::Target& target,
                      std::function<void(Result<std::string>)> done) override;
  void look_up(const std::string& name,
               std::function<void(Result<std::vector<federation::Endpoint>>)> done) override;

 private:
  friend class Links;
  [[nodiscard]] bool is_alive() const { return sink_ != nullptr; }
  // Tells the sink, unless the process ends before.
  void tell(std::function<void(federation::LinkSink&)> what);

  Links& links_;
  const std::string server_;
  Process* process_ = nullptr;
  federation::LinkSink* sink_ = nullptr;
  std::function<std::string()> document_;
};

// The network between servers: connections that keep their order and lose nothing but their end,
// as TLS has it, until they are cut; servers that do not reach each other; and somebody in the
// middle who takes frames away, doubles and swaps them, whom TLS would keep out.
class Links {
 public:
  explicit Links(World& world) : world_(world) {}

  // A server that listens there; who looks up its domain finds that by SRV.
  Port& add(const std::string& server, const federation::Endpoint& at);

  // From now on nothing passes between these two, or it does again. What is on its way waits, and
  // so do its ends, until one of them gives up.
  void part(const std::string& one, const std::string& other, bool is_parted);
  // All between them end; what is on its way is lost.
  void cut(const std::string& one, const std::string& other);
  // What goes from one to the other on the links that are there now is lost from now on, unseen.
  void deafen(const std::string& from, const std::string& to);
  // So many of 1000 frames meet somebody in the middle.
  void meddle(unsigned permille) { meddled_permille_ = permille; }
  // Everything passes, and no one meddles.
  void heal();

  [[nodiscard]] std::size_t most_queued() const { return most_queued_; }
  [[nodiscard]] std::uint64_t frames() const { return frames_; }
  // Frames that somebody in the middle took away or swapped, so that others came before them; and
  // doubled.
  [[nodiscard]] std::uint64_t overtaken() const { return overtaken_; }
  [[nodiscard]] std::uint64_t doubled() const { return doubled_; }
  // Whether a hub ever refused this entry of the outbox of `server`: should that have crashed
  // before it was written down, it is handed in again, behind others.
  [[nodiscard]] bool was_refused(const std::string& server, std::uint64_t entry) const {
    return refused_.contains({server, entry});
  }

  // A fault planted on purpose: what such a frame becomes on its way; nullopt: nothing.
  using Plant = std::function<std::optional<std::string>(std::string frame)>;
  void plant(Plant plant) { plant_ = std::move(plant); }

 private:
  friend class Port;
  struct Parcel {
    std::string frame;
    bool is_end = false;  // no frame: the sender's end is closed
    Monotonic due;
  };
  struct End {
    std::string server;
    bool is_open = false;     // its sink knows of it, and that it is not closed
    bool is_closing = false;  // by itself
    bool is_deaf = false;     // what it is sent is lost
    bool was_full = false;
    std::deque<Parcel> out;  // on its way to the other end
    std::size_t bytes = 0;
    bool is_moving = false;  // an event will bring the first of them
  };
  using Pair = std::pair<std::string, std::string>;
  static Pair pair(const std::string& one, const std::string& other);
  [[nodiscard]] bool are_parted(const std::string& one, const std::string& other) const;
  [[nodiscard]] Millis latency();
  [[nodiscard]] Port* listener(const federation::Target& target);
  [[nodiscard]] End* find(federation::LinkId link);
  void note_refusal(const std::string& to, std::string_view frame);

  federation::LinkId dial(const std::string& from, const federation::Target& target);
  void connect(std::uint64_t connection, const federation::Target& target);
  void send(federation::LinkId link, std::string frame);
  void put(federation::LinkId link, Parcel parcel);
  void move_later(federation::LinkId link);
  void arrive(federation::LinkId link);
  void close(federation::LinkId link);
  // This end is told that it is closed.
  void shut(federation::LinkId link, std::string why);
  void leave(const std::string& server);
  void fetch(const std::string& from, const federation::Target& target,
             std::function<void(Result<std::string>)> done);

  World& world_;
  std::map<std::string, Port> ports_;
  std::map<std::pair<std::string, std::uint16_t>, std::string> listeners_;
  std::map<std::string, federation::Endpoint> places_;  // by server
  std::set<Pair> parted_;
  std::map<std::uint64_t, std::array<End, 2>> connections_;  // LinkId: twice the number, + the end
  std::uint64_t last_ = 0;
  unsigned meddled_permille_ = 0;
  Plant plant_;
  std::size_t most_queued_ = 0;
  std::uint64_t frames_ = 0;
  std::uint64_t overtaken_ = 0;
  std::uint64_t doubled_ = 0;
  std::set<std::pair<std::string, std::uint64_t>> refused_;
};

}  // namespace chatd::sim
