#include "daemon/wire/server_info.hpp"

#include "daemon/wire/encode.hpp"

#include <catch2/catch.hpp>

using namespace chatd;
using namespace chatd::wire;

TEST_CASE("a server's document is found in what it says of itself", "[wire]") {
  ServerInfo info;
  info.server = "one.example";
  CHECK(read_server_document(to_json(info)).error().message ==
        "it has no server document: it lets no other servers in");
  info.document = "AQID";
  CHECK(read_server_document(to_json(info)) == "\x01\x02\x03");
  info.document = "AQ==";
  CHECK(read_server_document(to_json(info)).error().message ==
        "its server document is not base64url");
}

TEST_CASE("what is no page of a server is refused in words", "[wire]") {
  CHECK(read_server_document("<html>").error().message == "what it says of itself is not JSON");
  CHECK(read_server_document("").error().code == Code::invalid_json);
  CHECK(read_server_document("[]").error().code == Code::not_found);
  CHECK(read_server_document(R"({"document":7})").error().code == Code::not_found);
}
