#include "daemon/net/address.hpp"
#include "daemon/net/admission.hpp"
#include "daemon/net/http.hpp"
#include "daemon/net/line_splitter.hpp"
#include "daemon/net/loop.hpp"
#include "daemon/net/sessions.hpp"
#include "daemon/net/stall_watch.hpp"

#include <catch2/catch.hpp>

#include <netinet/in.h>
#include <string>
#include <thread>
#include <vector>

using namespace chatd;
using namespace chatd::net;
using namespace std::chrono_literals;

TEST_CASE("an address is numeric, and IPv4 inside IPv6 is IPv4", "[net]") {
  CHECK(Address::parse("127.0.0.1", 80)->text() == "127.0.0.1:80");
  CHECK(Address::parse("::1", 80)->text() == "[::1]:80");
  CHECK_FALSE(Address::parse("localhost", 80));
  CHECK_FALSE(Address::parse("", 80));
  CHECK(Address::parse("127.9.9.9", 0)->is_loopback());
  CHECK(Address::parse("::1", 0)->is_loopback());
  CHECK_FALSE(Address::parse("::2", 0)->is_loopback());
  CHECK_FALSE(Address::parse("10.0.0.1", 0)->is_loopback());

  sockaddr_storage native{};
  CHECK(Address::parse("::ffff:10.1.2.3", 7)->fill(native) == sizeof(sockaddr_in6));
  CHECK(Address::from(native).text() == "10.1.2.3:7");
}

TEST_CASE("a /64 is one address when connections are counted", "[net]") {
  const auto group = [](const char* ip) { return Address::parse(ip, 0)->group(); };
  CHECK(group("2001:db8::1") == group("2001:db8::ffff:1"));
  CHECK(group("2001:db8::1") != group("2001:db8:0:1::1"));
  CHECK(group("10.0.0.1") != group("10.0.0.2"));
}

TEST_CASE("admission counts who is in, from where, and who is not done", "[net]") {
  Admission admission(
      {.max_connections = 3, .max_per_address = 2, .max_unfinished_per_address = 1});
  using Verdict = Admission::Verdict;
  CHECK(admission.arrive(1, true) == Verdict::welcome);
  CHECK(admission.arrive(1, true) == Verdict::full_for_address);
  admission.finish_handshake(1, true);
  CHECK(admission.arrive(1, true) == Verdict::welcome);
  admission.finish_handshake(1, true);
  CHECK(admission.arrive(1, true) == Verdict::full_for_address);
  CHECK(admission.arrive(1, false) == Verdict::welcome);
  CHECK(admission.arrive(2, true) == Verdict::full);
  admission.leave(1, true, true);
  CHECK(admission.arrive(1, true) == Verdict::welcome);
  admission.leave(1, true, false);
  admission.leave(1, true, true);
  admission.leave(1, false, false);
  CHECK(admission.total() == 0);
}

TEST_CASE("a session id finds its own and never another's", "[net]") {
  Sessions<int> sessions(3);
  const std::size_t slot = sessions.add(std::make_unique<int>(7));
  const SessionId first = sessions.open(slot);
  CHECK(first.io_thread() == 3);
  CHECK(*sessions.find(first) == 7);
  const SessionId second = sessions.open(slot);
  CHECK(sessions.find(first) == nullptr);
  CHECK(*sessions.find(second) == 7);
  sessions.close(slot);
  CHECK(sessions.find(second) == nullptr);
  sessions.remove(slot);
  REQUIRE(sessions.add(std::make_unique<int>(8)) == slot);
  CHECK(sessions.find(second) == nullptr);
  CHECK(*sessions.find(sessions.open(slot)) == 8);
  CHECK(sessions.find(SessionId(3, 999'999)) == nullptr);
  CHECK(sessions.find(SessionId(2, first.value() & 0xff'ffff)) == nullptr);
}

TEST_CASE("who takes something now and then is slow, who takes nothing has stalled", "[net]") {
  StallWatch watch;
  Monotonic now{1h};
  const auto is_stalled = [&](std::uint64_t waiting, std::uint64_t taken, Millis later) {
    now += later;
    return watch.is_stalled({.waiting_bytes = waiting, .taken_bytes = taken}, now, 60s);
  };
  CHECK_FALSE(is_stalled(500, 0, 0s));
  CHECK_FALSE(is_stalled(500, 0, 59s));
  CHECK_FALSE(is_stalled(9999, 1, 59s));  // slow
  CHECK_FALSE(is_stalled(9999, 1, 59s));
  CHECK(is_stalled(1, 1, 1s));
  CHECK_FALSE(is_stalled(0, 1, 0s));  // nothing is to be taken
  CHECK_FALSE(is_stalled(0, 1, 3600s));
  CHECK_FALSE(is_stalled(1, 1, 59s));
  CHECK(is_stalled(1, 1, 1s));
}

TEST_CASE("lines come out whole, however they come in", "[net]") {
  LineSplitter splitter(5);
  std::vector<std::string> lines;
  const auto collect = [&](std::string line) { lines.push_back(std::move(line)); };
  CHECK(splitter.feed("a\nb", collect));
  CHECK(splitter.feed("c\r\n\n\r\nde", collect));
  CHECK(splitter.feed("fgh", collect));
  CHECK(splitter.feed("\n", collect));
  CHECK(lines == std::vector<std::string>{"a", "bc", "defgh"});
  CHECK_FALSE(splitter.feed("abcdef", collect));
  CHECK_FALSE(splitter.feed("\nx\n", collect));
  CHECK(lines.size() == 3);
}

TEST_CASE("header values are read as they are meant", "[net]") {
  CHECK(bearer_token("Bearer abc") == "abc");
  CHECK(bearer_token("bEARER  abc ") == "abc");
  CHECK(bearer_token("Basic abc").empty());
  CHECK(bearer_token("Bearer").empty());
  CHECK(bearer_token("").empty());

  CHECK(is_json("application/json"));
  CHECK(is_json("Application/JSON ; charset=utf-8"));
  CHECK_FALSE(is_json("application/jsonp"));
  CHECK_FALSE(is_json(""));

  CHECK(list_has("a, chatd.v1 ,b", "chatd.v1", true));
  CHECK_FALSE(list_has("a, CHATD.v1", "chatd.v1", true));
  CHECK(list_has("keep-alive, Upgrade", "upgrade", false));
  CHECK_FALSE(list_has("", "upgrade", false));

  CHECK(accepts("gzip, br", "br"));
  CHECK(accepts("gzip;q=1.0 , BR ; q=0.001", "br"));
  CHECK(accepts("text/html,*/*;q=0.8", "text/html"));
  CHECK(accepts("gzip, *", "br"));
  CHECK(accepts("br;q", "br"));
  CHECK_FALSE(accepts("br;q=0", "br"));
  CHECK_FALSE(accepts("*, br; Q=0.000", "br"));
  CHECK_FALSE(accepts("*;q=0", "br"));
  CHECK_FALSE(accepts("brotli", "br"));
  CHECK_FALSE(accepts("", "br"));
  CHECK_FALSE(accepts(",;,", "br"));

  CHECK(has_etag(R"("a", "b")", R"("b")"));
  CHECK(has_etag(R"(W/"b")", R"("b")"));
  CHECK(has_etag(" * ", R"("b")"));
  CHECK_FALSE(has_etag(R"("B")", R"("b")"));
  CHECK_FALSE(has_etag("b", R"("b")"));
  CHECK_FALSE(has_etag("", R"("b")"));

  CHECK(parse_content_length("17") == 17);
  CHECK_FALSE(parse_content_length("+17"));
  CHECK_FALSE(parse_content_length("1 7"));
  CHECK_FALSE(parse_content_length(""));

  CHECK(forwarded_peer("1.1.1.1, 2.2.2.2") == "2.2.2.2");
  CHECK(forwarded_peer("1.1.1.1, unknown").empty());
}

TEST_CASE("a page may talk to its own host and to whoever allows it", "[net]") {
  const std::vector<std::string> nobody;
  CHECK(is_origin_allowed("", "chat.example", nobody));
  CHECK(is_origin_allowed("https://chat.example", "chat.example", nobody));
  CHECK(is_origin_allowed("https://Chat.example", "chat.example:443", nobody));
  CHECK(is_origin_allowed("https://chat.example:8443", "chat.example:8443", nobody));
  CHECK(is_origin_allowed("http://localhost", "localhost:80", nobody));
  CHECK_FALSE(is_origin_allowed("https://chat.example:8443", "chat.example", nobody));
  CHECK_FALSE(is_origin_allowed("https://evil.example", "chat.example", nobody));
  CHECK_FALSE(is_origin_allowed("https://", "", nobody));
  CHECK_FALSE(is_origin_allowed("null", "chat.example", nobody));
  CHECK(is_origin_allowed("https://web.example", "chat.example", {"https://web.example"}));
  CHECK_FALSE(is_origin_allowed("https://web.example.evil", "x", {"https://web.example"}));
  CHECK(is_origin_allowed("https://any.example", "x", {"*"}));
}

TEST_CASE("many wakes before a loop looks are one call", "[net]") {
  const auto loop = *Loop::create();
  int calls = 0;
  Waker waker(*loop, [&] {
    ++calls;
    loop->stop();
  });
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) waker.wake();
  });
  other.join();
  loop->run();
  CHECK(calls == 1);
}

TEST_CASE("a loop that was stopped before it runs returns at once, and runs again", "[net]") {
  const auto loop = *Loop::create();
  loop->stop();
  loop->run();

  bool was_inside = false;
  Alarm alarm(*loop, [&] {
    was_inside = loop->is_on_this_thread();
    loop->stop();
  });
  const auto begin = std::chrono::steady_clock::now();
  alarm.set(begin + 30ms);
  alarm.set(begin + 5ms);
  loop->run();
  CHECK(was_inside);
  CHECK_FALSE(loop->is_on_this_thread());
  CHECK(std::chrono::steady_clock::now() - begin >= 5ms);
}

TEST_CASE("the end of a turn may ask for another look before the loop waits", "[net]") {
  const auto loop = *Loop::create();
  int turns = 0;
  TurnEnd end(*loop, [&] {
    if (++turns == 5) loop->stop();
    return turns < 5;
  });
  loop->run();
  CHECK(turns == 5);
}
