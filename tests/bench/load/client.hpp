#pragma once

#include "tests/bench/load/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chatd::bench {

class Client;

// What a scenario hears while it measures. `room` is as the client's own server calls it.
class Listener {
 public:
  // A message came, the client's own ones included where the server sends them back.
  virtual void delivered(Client& client, std::string_view text) = 0;
  // The server itself confirmed the oldest message that this client sent and that wasn't yet.
  virtual void acked(Client& client) = 0;
  // The answer to newest(): how many messages it held.
  virtual void page(Client& client, std::size_t messages) = 0;
  // The presence of somebody else is this now.
  virtual void presence(Client& client, bool is_away) = 0;
  // The connection ended or the server refused something.
  virtual void failed(Client& client, std::string_view why) = 0;

 protected:
  ~Listener() = default;
};

// One account's connection, in words that all servers share; a subclass a server translates them.
//
// The steps of preparation (from log_in to count) are one at a time: the client is busy until the
// server has confirmed it, and then room() or counted() has the answer.
class Client : public Connection::Owner {
 public:
  enum class Login { none, first, by_password, by_token };

  virtual ~Client() = default;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  // Connects and logs in. `first` makes the account where the server lets clients do that; `none`
  // only connects.
  void log_in(Login how) {
    begin();
    how_ = how;
    connection_ = std::make_unique<Connection>(loop_, endpoint_, loopback_address(number_), *this);
  }
  virtual void open_direct(const Client& peer) = 0;
  virtual void found_group(const std::string& name, const std::vector<Client*>& members) = 0;
  virtual void join_group(const std::string& room) = 0;
  // How many messages the archive holds; only where has_archive().
  virtual void count(const std::string& room) = 0;
  // From then on this client is told of the peer's presence, who agrees.
  virtual void befriend(const Client& peer) = 0;

  // Measured: many at a time.
  virtual void send(const std::string& room, std::string_view text) = 0;
  virtual void newest(const std::string& room, std::size_t count) = 0;
  virtual void set_presence(bool is_away) = 0;

  [[nodiscard]] virtual bool has_archive() const = 0;
  [[nodiscard]] bool is_busy() const { return is_busy_; }
  [[nodiscard]] const std::string& user() const { return user_; }
  [[nodiscard]] const std::string& domain() const { return endpoint_.domain; }
  [[nodiscard]] const std::string& room() const { return rooms_.front(); }
  // Who is in several takes them in turn.
  [[nodiscard]] const std::string& room(std::size_t number) const {
    return rooms_[number % rooms_.size()];
  }
  [[nodiscard]] std::uint64_t counted() const { return counted_; }
  [[nodiscard]] std::size_t number() const { return number_; }
  // Whether a login gives a token that is good for the next.
  [[nodiscard]] virtual bool has_tokens() const { return false; }
  // The account and its rooms exist: from now on it logs in by this token.
  virtual void know(std::string token, std::vector<std::string> rooms) {
    static_cast<void>(token);
    rooms_ = std::move(rooms);
  }
  void disconnect() { connection_.reset(); }

 protected:
  Client(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number)
      : listener_(listener),
        number_(number),
        user_("u" + std::to_string(number)),
        loop_(loop),
        endpoint_(endpoint) {}

  virtual void begin_login(Login how) = 0;

  void opened() final {
    if (how_ == Login::none) return done();
    begin_login(how_);
  }
  void lost(std::string_view why) final { fail(why); }

  void begin() { is_busy_ = true; }
  void done() { is_busy_ = false; }
  void done_with_room(std::string room) {
    rooms_.assign(1, std::move(room));
    done();
  }
  void done_with_count(std::uint64_t counted) {
    counted_ = counted;
    done();
  }
  void fail(std::string_view why) {
    done();
    listener_.failed(*this, why);
  }
  void write(std::string_view message) { connection_->send(message); }

  Listener& listener_;

 private:
  // Constant after construction
  const std::size_t number_;
  const std::string user_;
  Loop& loop_;
  const Endpoint& endpoint_;

  // Loop only
  std::unique_ptr<Connection> connection_;
  Login how_ = Login::first;
  bool is_busy_ = false;
  std::vector<std::string> rooms_{1};
  std::uint64_t counted_ = 0;
};

// What every account's password is.
inline constexpr std::string_view kPassword = "a rose by any other name";

// The bytes between the first `before` and the next `after` in `text`; empty if there are none.
[[nodiscard]] inline std::string_view between(std::string_view text, std::string_view before,
                                              std::string_view after) {
  const auto start = text.find(before);
  if (start == std::string_view::npos) return {};
  const auto rest = text.substr(start + before.size());
  const auto end = rest.find(after);
  return end == std::string_view::npos ? std::string_view() : rest.substr(0, end);
}

}  // namespace chatd::bench
