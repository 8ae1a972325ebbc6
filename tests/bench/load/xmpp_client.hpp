#pragma once

#include "tests/bench/load/client.hpp"

namespace chatd::bench {

// Speaks XMPP over WebSocket (RFC 7395): SASL PLAIN, multi-user chat (XEP-0045), where the server's
// acknowledgement is one's own message coming back, and the archive (XEP-0313). For messages to a
// person the acknowledgement is that of stream management (XEP-0198), which is on only then, as it
// costs the server something. Accounts exist beforehand. It finds what it
// needs by looking for the words: texts are the generator's own and hold no markup.
class XmppClient final : public Client {
 public:
  XmppClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number);

  void open_direct(const Client& peer) override;
  void found_group(const std::string& name, const std::vector<Client*>& members) override;
  void join_group(const std::string& room) override;
  void count(const std::string& room) override;
  void befriend(const Client& peer) override;
  void send(const std::string& room, std::string_view text) override;
  void newest(const std::string& room, std::size_t count) override;
  void set_presence(bool is_away) override;
  [[nodiscard]] bool has_archive() const override { return true; }

 private:
  // What the server has to say next for the login to go on.
  enum class Stage { features, success, features_again, bound, listed, online };

  void begin_login(Login how) override;
  void received(std::string_view stanza) override;
  void login_goes_on(std::string_view stanza);
  void open_stream();
  void take_message(std::string_view stanza);
  void take_presence(std::string_view stanza);
  void take_answer(std::string_view stanza);
  void enter(const std::string& room);
  void query_archive(const std::string& room, std::string_view id, std::size_t at_most,
                     bool from_end);
  [[nodiscard]] bool is_group(std::string_view room) const;

  Stage stage_ = Stage::features;
  std::string peer_;           // whom open_direct is for
  bool is_counting_ = false;   // stream management is on
  std::string entering_;       // the group whose own presence is waited for
  std::uint64_t heard_ = 0;    // stanzas, for the server's question how many
  std::uint64_t acked_ = 0;    // the server's count of ours, as it last said
  std::size_t page_size_ = 0;  // messages of the page that is coming
};

}  // namespace chatd::bench
