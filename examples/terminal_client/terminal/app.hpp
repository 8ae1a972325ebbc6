#pragma once

#include "chat.hpp"
#include "screen.hpp"
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace terminal {

// The person's side: knows which room is open, prints what happens, and does what is typed
// (commands.cpp). Everything it prints that came from others has been made safe.
class App final : public client::ChatListener {
 public:
  struct Style {
    bool has_time = true;      // print when a message was sent
    std::size_t context = 12;  // messages shown again when a room is opened
  };

  App(client::TlsContext tls, client::Account account, client::Env env, client::Cache& cache,
      Screen& screen, Style style);

  [[nodiscard]] client::Chat& chat() { return chat_; }
  void run_line(const std::string& line);
  void on_typing_here(bool is_typing);
  // Things that time alone changes on the screen.
  void tick();

  [[nodiscard]] bool has_quit() const { return has_quit_; }
  [[nodiscard]] bool is_connected() const { return is_connected_; }
  [[nodiscard]] bool is_refused() const { return is_refused_; }
  void quit() { has_quit_ = true; }

  // For scripts: whether something that was asked is not answered yet; errors printed so far.
  [[nodiscard]] bool is_busy() const { return unanswered_ > 0 || !opening_.empty(); }
  [[nodiscard]] int failures() const { return failures_; }
  // Messages of others that came since the start and were not looked at yet.
  [[nodiscard]] std::deque<std::string>& heard() { return heard_; }
  // Whether the newest message sent from here was read by somebody.
  [[nodiscard]] bool is_last_read() const;

  // For commands.
  void say(const std::string& line) { screen_.print(line); }
  void fail(const std::string& line);
  // A request whose failure is printed; `on_ok` may be empty.
  void ask(const std::string& method, client::json params,
           std::function<void(const client::json&)> on_ok);
  void open_room(const std::string& id);
  // As soon as the server has told about it.
  void open_when_known(const std::string& id);
  // After an invitation was accepted: opened once the server counts us in.
  void enter_when_joined(const std::string& id);
  [[nodiscard]] std::int64_t now() const { return env_.wall_ms(); }
  [[nodiscard]] std::optional<client::Room> open() { return cache_.room(open_); }
  void list_rooms();
  // By its number in the list, its name, its id, or the person it is with.
  [[nodiscard]] std::optional<client::Room> find_room(const std::string& text);
  void show_older();
  void show_message(const client::Message& message);
  [[nodiscard]] std::string name(const std::string& user);
  [[nodiscard]] std::string title(const client::Room& room);

  // ChatListener
  void on_online() override;
  void on_offline(const std::string& reason) override;
  void on_refused(const std::string& reason) override;
  void on_record(const client::Room& room, const client::Record& record, bool is_live) override;
  void on_not_sent(const client::Outgoing& out) override;
  void on_read(const client::Room& room, const std::string& user, std::uint64_t seq) override;
  void on_typing(const std::string& room, const std::string& user, bool is_typing) override;
  void on_presence(const std::string& user, const client::People::Presence& presence) override;
  void on_contact(const client::Contact& contact) override;
  void on_room(const client::Room& room) override;
  void on_room_gone(const std::string& room) override;

 private:
  void show_record(const client::Room& room, const client::Record& record);
  void show_other_room(const client::Room& room, const client::Record& record);
  void show_unread();
  [[nodiscard]] std::string mark_of(const client::Message& message);
  void refresh_prompt();

  client::Cache& cache_;
  Screen& screen_;
  const Style style_;
  const client::Env env_;
  client::Chat chat_;

  std::string open_;     // room on the screen
  std::string opening_;  // to be opened once it is known
  std::vector<std::string> listed_;
  std::map<std::string, std::uint64_t> shown_from_;  // oldest message shown, by room
  std::map<std::string, std::uint64_t> shown_to_;    // newest
  std::map<std::string, std::uint64_t> last_own_;    // newest message sent from here, by room
  std::map<std::string, std::uint64_t> told_read_;
  std::map<std::string, std::int64_t> typing_;  // who types in the open room -> until when
  std::int64_t next_typing_ = 0;
  bool is_connected_ = false;
  bool has_told_offline_ = false;
  bool is_refused_ = false;
  bool has_quit_ = false;
  int unanswered_ = 0;
  int failures_ = 0;
  std::deque<std::string> heard_;
};

}  // namespace terminal
