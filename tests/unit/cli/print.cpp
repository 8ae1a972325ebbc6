#include "cli/print.hpp"

#include "daemon/wire/methods/admin.hpp"

#include <catch2/catch.hpp>

namespace chatd::cli {
namespace {

template <class T>
std::string tables(const std::string& json, std::string_view columns = "") {
  const auto document = Document::parse(json);
  REQUIRE(document);
  return to_tables(document->root(), shape_of<T>(), columns);
}

TEST_CASE("single values stand below each other behind their names", "[cli]") {
  CHECK(tables<wire::CertificateInfo>(
            R"({"subject":"CN=chat","names":["a.example","b.example"],"not_before":0,)"
            R"("not_after":1769860800000,"fingerprint":""})") ==
        "subject      CN=chat\n"
        "names        a.example\n"
        "             b.example\n"
        "not before   never\n"
        "not after    2026-01-31 12:00:00 UTC\n"
        "fingerprint  -\n");
}

TEST_CASE("a list of objects is a table with the columns that were chosen", "[cli]") {
  CHECK(tables<wire::PluginListAnswer>(
            R"({"plugins":[{"name":"storage_lmdb","version":"1.0","state":"loaded",)"
            R"("roles":["storage","search"]},{"name":"x","state":"refused","roles":[]}]})",
            "name state roles") ==
        "NAME          STATE    ROLES\n"
        "storage_lmdb  loaded   storage, search\n"
        "x             refused  -\n");
}

TEST_CASE("an empty list says so", "[cli]") {
  CHECK(tables<wire::AdminUserListAnswer>(R"({"users":[]})") == "none\n");
}

TEST_CASE("where the next page begins is no part of the table", "[cli]") {
  CHECK(tables<wire::AdminUserListAnswer>(R"({"users":[],"next":"x"})") == "none\n");
}

TEST_CASE("an object with a list shows its values above the table", "[cli]") {
  CHECK(tables<wire::AdminRoomShowAnswer>(
            R"({"summary":{"name":"Balcony","members":1},"members":[{"user":"a@b.example",)"
            R"("membership":"joined","role":"owner","read_seq":3}]})") ==
        "name     Balcony\n"
        "members  1\n"
        "\n"
        "USER         MEMBERSHIP  ROLE   READ SEQ\n"
        "a@b.example  joined      owner  3\n");
}

TEST_CASE("what a plugin says of itself is shown value by value", "[cli]") {
  CHECK(tables<wire::AdminStatusAnswer>(
            R"({"state":"running","storage":{"map_used":"1 GiB","ok":true,"n":5}})") ==
        "state             running\n"
        "storage map used  1 GiB\n"
        "storage ok        true\n"
        "storage n         5\n");
}

TEST_CASE("an answer that is one text is printed as that text", "[cli]") {
  CHECK(tables<wire::TextAnswer>(R"({"text":"a\n\tb"})") == "a\n\tb\n");
}

TEST_CASE("a name cannot break the table or the terminal", "[cli]") {
  const std::string out = tables<wire::AdminUserListAnswer>(
      R"({"users":[{"user":"a@b.example","display_name":"\u001b[2Jx\ny\u009b\u202e"}]})");

  CHECK(out.find("?[2Jx?y??") != std::string::npos);
  CHECK(std::count(out.begin(), out.end(), '\n') == 2);
}

TEST_CASE("an answer of the wrong types is printed without failing", "[cli]") {
  CHECK(tables<wire::AdminUserListAnswer>(R"({"users":7})") == "none\n");
  CHECK(tables<wire::AdminUserListAnswer>(R"({"users":[7,{"user":[],"online":"x"}]})") != "");
  CHECK(tables<wire::AdminUserListAnswer>("[]") == "");
  CHECK(tables<wire::CertificateInfo>(R"({"names":{},"not_after":"soon"})") ==
        "names      -\nnot after  soon\n");
}

TEST_CASE("a time that no calendar has is shown as it is", "[cli]") {
  CHECK(time_text(-5) == "-5 ms");
  CHECK(time_text(INT64_MAX) == "9223372036854775807 ms");
}

}  // namespace
}  // namespace chatd::cli
