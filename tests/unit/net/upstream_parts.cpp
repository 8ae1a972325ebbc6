// What of other servers' bytes and addresses is understood, without a network.
#include "daemon/net/address.hpp"
#include "daemon/net/response_head.hpp"
#include "daemon/net/ws_frames.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace chatd;
using namespace chatd::net;
using namespace std::string_literals;

namespace {

struct Taken {
  Opcode opcode;
  std::string payload;
  bool operator==(const Taken&) const = default;
};

struct Outcome {
  std::vector<Taken> taken;
  std::string error;
};

// Read in pieces of one byte: that it makes no difference, the fuzz target shows.
Outcome read(std::string_view bytes, std::size_t max_bytes = 10) {
  WsReader reader(max_bytes);
  Outcome outcome;
  for (const char byte : bytes) {
    const auto status = reader.feed({&byte, 1}, [&](Opcode opcode, std::string payload) {
      outcome.taken.push_back({opcode, std::move(payload)});
    });
    if (status) continue;
    outcome.error = status.error().message;
    break;
  }
  return outcome;
}

bool is_public(const char* ip) { return Address::parse(ip, 0)->is_public(); }

}  // namespace

TEST_CASE("a server's messages are put together, with what comes between", "[net]") {
  const Outcome outcome = read(
      "\x82\x03one\x02\x02tw\x89\x01?\x80\x01o"
      "\x82\x00\x8a\x00\x88\x02\x03\xe8"s);
  CHECK(outcome.error.empty());
  CHECK(outcome.taken == std::vector<Taken>{{Opcode::binary, "one"},
                                            {Opcode::ping, "?"},
                                            {Opcode::binary, "two"},
                                            {Opcode::binary, ""},
                                            {Opcode::pong, ""},
                                            {Opcode::close, "\x03\xe8"}});
}

TEST_CASE("what no server may send ends the connection in words", "[net]") {
  CHECK(read("\x81\x01x"s).error == "messages must be binary");
  CHECK(read("\x83\x01x"s).error == "a frame is of no known kind");
  CHECK(read("\xc2\x01x"s).error == "a frame uses an extension that was not agreed on");
  CHECK(read("\x82\x81kkkkx"s).error == "a server masked its frame");
  CHECK(read("\x80\x01x"s).error == "the fragments of messages are mixed up");
  CHECK(read("\x02\x01x\x82\x01y"s).error == "the fragments of messages are mixed up");
  CHECK(read("\x09\x01x"s).error == "a control frame is too long");
  CHECK(read("\x89\x7e\x00\x7e"s).error == "a control frame is too long");
  CHECK(read("\x82\x0b"s).error == "a message is too long");
  CHECK(read("\x02\x06sixsix\x80\x05"s).error == "a message is too long");
  CHECK(read("\x82\x7f\xff\xff\xff\xff\xff\xff\xff\xff"s).error == "a message is too long");
}

TEST_CASE("a client's frame is masked, of any length", "[net]") {
  for (const std::size_t size : {0U, 1U, 7U, 125U, 126U, 65'535U, 65'536U}) {
    const std::string payload(size, 'x');
    std::string frame;
    append_masked_frame(frame, Opcode::binary, payload, 0x04030201);
    REQUIRE(frame.size() > size + 5);
    CHECK(frame[0] == '\x82');
    CHECK((frame[1] & 0x80) != 0);
    std::string read = frame.substr(frame.size() - size);
    for (std::size_t i = 0; i < size; ++i) read[i] ^= frame[frame.size() - size - 4 + i % 4];
    CHECK(read == payload);
  }
  CHECK(close_sentence("\x03\xe8") == "it ended the connection");
  CHECK(close_sentence("\x03\xe8so\x1b[2J") == "it ended the connection: so?[2J");
}

TEST_CASE("the head of a response is read once it is whole", "[net]") {
  CHECK_FALSE(*read_response_head("HTTP/1.1 200 OK\r\nA: b\r\n"));
  const auto head =
      read_response_head("HTTP/1.1 101 So\r\nUPGRADE:  websocket \r\nEmpty:\r\n\r\nrest");
  REQUIRE(head);
  CHECK((*head)->status == 101);
  CHECK((*head)->field("upgrade") == "websocket");
  CHECK((*head)->field("empty").empty());
  CHECK((*head)->field("missing").empty());
  CHECK((*head)->size == 49);

  CHECK_FALSE(read_response_head("HTTP/2 200\r\n\r\n"));
  CHECK_FALSE(read_response_head("HTTP/1.1 20x OK\r\n\r\n"));
  CHECK_FALSE(read_response_head("HTTP/1.1 099 OK\r\n\r\n"));
  CHECK_FALSE(read_response_head("HTTP/1.1 200 OK\r\nno field\r\n\r\n"));
  CHECK_FALSE(read_response_head(std::string(16 * 1024, 'x')));
}

TEST_CASE("only addresses of the public internet are anybody's", "[net]") {
  for (const char* const ip :
       {"1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "192.169.0.1",
        "223.255.255.255", "2606:4700::1111", "64:ff9b::101:101"})
    CHECK(is_public(ip));
  for (const char* const ip : {"0.0.0.0",
                               "10.1.2.3",
                               "100.64.0.1",
                               "127.0.0.1",
                               "169.254.169.254",
                               "172.16.0.1",
                               "172.31.255.255",
                               "192.168.1.1",
                               "198.18.0.1",
                               "224.0.0.1",
                               "255.255.255.255",
                               "::",
                               "::1",
                               "::ffff:10.0.0.1",
                               "::ffff:8.8.8.8",
                               "fe80::1",
                               "fc00::1",
                               "fd12::1",
                               "ff02::1",
                               "2001:db8::1",
                               "2002:a00:1::1",
                               "2001::1",
                               "64:ff9b::a00:1",
                               "64:ff9b:1::1"})
    CHECK_FALSE(is_public(ip));
}
