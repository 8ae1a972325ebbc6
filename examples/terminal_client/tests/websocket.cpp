#include "websocket.hpp"

#include <catch2/catch.hpp>
#include <openssl/evp.h>
#include <openssl/sha.h>

#include "web_server.hpp"

using client::WebSocket;

namespace {

std::string upgrade_for(WebSocket& socket, const std::string& protocol = "chatd.v1") {
  const std::string request = socket.take_output();
  const std::string name = "Sec-WebSocket-Key: ";
  const auto start = request.find(name) + name.size();
  const std::string text = request.substr(start, request.find("\r\n", start) - start) +
                           "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
  unsigned char digest[SHA_DIGEST_LENGTH];
  SHA1(reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest);
  unsigned char encoded[64] = {};
  EVP_EncodeBlock(encoded, digest, SHA_DIGEST_LENGTH);
  return "HTTP/1.1 101 OK\r\nsec-websocket-accept:  " +
         std::string(reinterpret_cast<const char*>(encoded)) +
         "\r\nSec-WebSocket-Protocol: " + protocol + "\r\n\r\n";
}

struct Open : WebSocket {
  Open() : WebSocket("localhost:1", "/ws", "chatd.v1") { feed(upgrade_for(*this)); }
};

}  // namespace

TEST_CASE("the upgrade asks for the path and the subprotocol", "[websocket]") {
  WebSocket socket("chat.example:8443", "/ws", "chatd.v1");

  const std::string request = socket.take_output();

  CHECK(request.starts_with("GET /ws HTTP/1.1\r\nHost: chat.example:8443\r\n"));
  CHECK(request.find("Sec-WebSocket-Protocol: chatd.v1\r\n") != std::string::npos);
}

TEST_CASE("frames are taken however the bytes are cut", "[websocket]") {
  WebSocket socket("h", "/ws", "chatd.v1");
  const std::string bytes = upgrade_for(socket) + text_frame("one") + text_frame("tw", false) +
                            text_frame("o", true, false) + text_frame(std::string(70'000, 'x'));

  for (const char c : bytes) socket.feed({&c, 1});

  std::string message;
  REQUIRE(socket.take_message(message));
  CHECK(message == "one");
  REQUIRE(socket.take_message(message));
  CHECK(message == "two");
  REQUIRE(socket.take_message(message));
  CHECK(message.size() == 70'000);
  CHECK_FALSE(socket.take_message(message));
}

TEST_CASE("a ping is answered with the same bytes, masked", "[websocket]") {
  Open socket;

  socket.feed(std::string("\x89\x02hi", 4));

  const std::string pong = socket.take_output();
  REQUIRE(pong.size() == 8);
  CHECK(static_cast<unsigned char>(pong[0]) == 0x8A);
  CHECK(static_cast<unsigned char>(pong[1]) == 0x82);
  CHECK((pong[6] ^ pong[2]) == 'h');
}

TEST_CASE("a server that breaks the rules is left", "[websocket]") {
  const auto bytes = GENERATE(
      std::string("\xC1\x00", 2),                                    // a reserved bit
      std::string("\x81\x81....x", 7),                               // masked
      std::string("\x82\x00", 2),                                    // binary
      std::string("\x09\x00", 2),                                    // a ping in pieces
      std::string("\x80\x00", 2),                                    // goes on with nothing
      std::string("\x89\x7e\x00\x80", 4) + std::string(128, 'x'),    // a ping too long
      std::string("\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 10));  // 2^63 bytes announced
  Open socket;

  socket.feed(bytes);

  CHECK(socket.is_over());
  CHECK_FALSE(socket.error().empty());
}

TEST_CASE("whoever does not speak WebSocket or this protocol is refused", "[websocket]") {
  WebSocket socket("h", "/ws", "chatd.v1");

  SECTION("another status") { socket.feed("HTTP/1.1 503 Later\r\n\r\n"); }
  SECTION("a wrong key") { socket.feed("HTTP/1.1 101 OK\r\nSec-WebSocket-Accept: x\r\n\r\n"); }
  SECTION("another protocol") { socket.feed(upgrade_for(socket, "mqtt")); }
  SECTION("headers without end") { socket.feed(std::string(20'000, 'x')); }

  CHECK(socket.is_over());
  CHECK_FALSE(socket.is_open());
}

TEST_CASE("a close frame is answered and its words are passed on", "[websocket]") {
  Open socket;

  socket.feed(std::string("\x88\x07\x03\xe9later", 9));

  CHECK(socket.is_over());
  CHECK(socket.error() == "the server closed: later");
  CHECK(socket.take_output().size() == 8);
}
