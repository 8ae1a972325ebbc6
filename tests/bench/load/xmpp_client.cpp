#include "tests/bench/load/xmpp_client.hpp"

#include <charconv>
#include <utility>

namespace chatd::bench {
namespace {

constexpr std::string_view kGroups = "@conference.localhost";

std::string base64(std::string_view bytes) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  unsigned count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<unsigned char>(byte);
    for (count += 8; count >= 6; count -= 6) text += kDigits[bits >> (count - 6) & 63];
  }
  if (count != 0) text += kDigits[bits << (6 - count) & 63];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

// The value of an attribute, in whichever quotes; of the first element that has it.
std::string_view attribute(std::string_view stanza, std::string_view name) {
  for (const char quote : {'\'', '"'}) {
    const auto value = between(stanza, " " + std::string(name) + "=" + quote, {&quote, 1});
    if (!value.empty()) return value;
  }
  return {};
}

std::uint64_t number_of(std::string_view digits) {
  std::uint64_t number = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

bool has(std::string_view stanza, std::string_view word) {
  return stanza.find(word) != std::string_view::npos;
}

}  // namespace

XmppClient::XmppClient(Loop& loop, const Endpoint& endpoint, Listener& listener, std::size_t number)
    : Client(loop, endpoint, listener, number) {}

void XmppClient::begin_login(Login) {
  stage_ = Stage::features;
  is_counting_ = false;
  heard_ = 0;
  acked_ = 0;
  open_stream();
}

void XmppClient::open_stream() {
  write("<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' to='localhost' version='1.0'/>");
}

void XmppClient::login_goes_on(std::string_view stanza) {
  switch (stage_) {
    case Stage::features:
      if (!has(stanza, "features")) return;
      stage_ = Stage::success;
      return write(
          "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" +
          base64(std::string(1, '\0') + user() + std::string(1, '\0') + std::string(kPassword)) +
          "</auth>");
    case Stage::success:
      if (!has(stanza, "<success")) return;
      stage_ = Stage::features_again;
      return open_stream();
    case Stage::features_again:
      if (!has(stanza, "features")) return;
      stage_ = Stage::bound;
      return write(
          "<iq xmlns='jabber:client' type='set' id='bind'><bind "
          "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>load</resource></bind></iq>");
    case Stage::bound:
      if (!has(stanza, "bind")) return;
      stage_ = Stage::listed;
      // Contacts' presence comes to those who asked for the list.
      return write(
          "<iq xmlns='jabber:client' type='get' id='roster'><query "
          "xmlns='jabber:iq:roster'/></iq>");
    case Stage::listed:
      if (!has(stanza, "roster")) return;
      stage_ = Stage::online;
      write("<presence xmlns='jabber:client'/>");
      return done();
    case Stage::online:
      return;
  }
}

void XmppClient::open_direct(const Client& peer) {
  begin();
  peer_ = peer.user() + "@localhost";
  write("<enable xmlns='urn:xmpp:sm:3'/>");
}

void XmppClient::found_group(const std::string& name, const std::vector<Client*>&) {
  join_group(name + std::string(kGroups));
}

void XmppClient::join_group(const std::string& room) {
  begin();
  entering_ = room;
  write("<presence xmlns='jabber:client' to='" + room + '/' + user() +
        "'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>");
}

bool XmppClient::is_group(std::string_view room) const { return room.ends_with(kGroups); }

void XmppClient::count(const std::string& room) {
  begin();
  query_archive(room, "count", 0, false);
}

void XmppClient::newest(const std::string& room, std::size_t count) {
  page_size_ = 0;
  query_archive(room, "page", count, true);
}

void XmppClient::query_archive(const std::string& room, std::string_view id, std::size_t at_most,
                               bool from_end) {
  std::string query = "<iq xmlns='jabber:client' type='set' id='" + std::string(id) + '\'';
  if (is_group(room)) query += " to='" + room + '\'';
  query += "><query xmlns='urn:xmpp:mam:2'>";
  if (!is_group(room))
    query +=
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE' type='hidden'>"
        "<value>urn:xmpp:mam:2</value></field><field var='with'><value>" +
        room + "</value></field></x>";
  query += "<set xmlns='http://jabber.org/protocol/rsm'><max>" + std::to_string(at_most) +
           (from_end ? "</max><before/></set>" : "</max></set>") + "</query></iq>";
  write(query);
}

void XmppClient::befriend(const Client& peer) {
  begin();
  write("<presence xmlns='jabber:client' type='subscribe' to='" + peer.user() + "@localhost'/>");
}

void XmppClient::send(const std::string& room, std::string_view text) {
  std::string stanza = "<message xmlns='jabber:client' to='";
  stanza += room;
  stanza += is_group(room) ? "' type='groupchat' id='m'><body>" : "' type='chat' id='m'><body>";
  stanza += text;
  stanza += "</body></message>";
  write(stanza);
  if (!is_group(room)) write("<r xmlns='urn:xmpp:sm:3'/>");
}

void XmppClient::set_presence(bool is_away) {
  write(is_away ? "<presence xmlns='jabber:client'><show>away</show></presence>"
                : "<presence xmlns='jabber:client'/>");
}

void XmppClient::received(std::string_view stanza) {
  if (has(stanza.substr(0, 60), "failure") || has(stanza.substr(0, 60), "error")) {
    return fail(stanza);
  }
  if (stanza.starts_with("<r ") || stanza.starts_with("<r>")) {
    return write("<a xmlns='urn:xmpp:sm:3' h='" + std::to_string(heard_) + "'/>");
  }
  if (stanza.starts_with("<a ")) {
    // One message is under way at most, but what is no message is counted too.
    const bool is_waiting = std::exchange(acked_, number_of(attribute(stanza, "h"))) != acked_;
    if (is_waiting) listener_.acked(*this);
    return;
  }
  if (stanza.starts_with("<enabled")) {
    is_counting_ = true;
    return done_with_room(peer_);
  }
  const bool is_online = stage_ == Stage::online;
  if (stanza.starts_with("<message")) take_message(stanza);
  if (stanza.starts_with("<presence")) take_presence(stanza);
  if (stanza.starts_with("<iq") && is_online) take_answer(stanza);
  if (is_counting_) ++heard_;
  if (!is_online) login_goes_on(stanza);
}

void XmppClient::take_message(std::string_view stanza) {
  if (attribute(stanza.substr(0, stanza.find('>')), "type") == "error") return fail(stanza);
  if (has(stanza, "<result")) {
    ++page_size_;
    return;
  }
  const auto text = between(stanza, "<body>", "</body>");
  if (text.empty()) return;
  // Groups give each message back to its sender, which is how they say that they have it.
  const auto from = attribute(stanza, "from");
  if (is_group(from.substr(0, from.find('/'))) && from.ends_with("/" + user()))
    return listener_.acked(*this);
  listener_.delivered(*this, text);
}

void XmppClient::take_presence(std::string_view stanza) {
  const auto head = stanza.substr(0, stanza.find('>'));
  if (attribute(head, "type") == "error") return fail(stanza);
  const auto from = attribute(head, "from");
  if (!entering_.empty() && from == entering_ + '/' + user()) {
    done_with_room(std::exchange(entering_, {}));
    return;
  }
  const auto type = attribute(head, "type");
  if (type == "subscribe")  // whoever asks is accepted
    return write("<presence xmlns='jabber:client' type='subscribed' to='" +
                 std::string(from.substr(0, from.find('/'))) + "'/>");
  if (type == "subscribed") return done();
  if (type.empty() && !has(from, kGroups) && !from.starts_with(user() + '@'))
    listener_.presence(*this, has(stanza, "<show>away"));
}

void XmppClient::take_answer(std::string_view stanza) {
  const auto head = stanza.substr(0, stanza.find('>'));
  const auto id = attribute(head, "id");
  if (attribute(head, "type") == "get" || attribute(head, "type") == "set")
    return;  // a push of the contact list, or the server wants to know who we are
  if (attribute(head, "type") == "error") return fail(stanza);
  if (id == "count") return done_with_count(number_of(between(stanza, "<count>", "</count>")));
  if (id == "page") listener_.page(*this, page_size_);
}

}  // namespace chatd::bench
