#include "daemon/base/encoding.hpp"
#include "daemon/base/error.hpp"
#include "daemon/base/hash.hpp"
#include "daemon/base/result.hpp"
#include "daemon/base/utf8.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

using namespace chatd;

TEST_CASE("base64url has no padding and reads back", "[base]") {
  CHECK(base64url("") == "");
  CHECK(base64url("f") == "Zg");
  CHECK(base64url("foobar") == "Zm9vYmFy");
  CHECK(base64url("\xfb\xff") == "-_8");
  for (const std::string& bytes :
       {std::string(), std::string("\0\xff\x80", 3), std::string(100, 'x')})
    CHECK(*from_base64url(base64url(bytes)) == bytes);
}

TEST_CASE("base64url and hexadecimal have a text for every byte, wherever it stands", "[base]") {
  std::string bytes;
  for (unsigned i = 0; i < 3 * 256; ++i) {
    bytes += static_cast<char>(i * 7 + i / 256);
    CHECK(from_base64url(base64url(bytes)).value_or("") == bytes);
    CHECK(from_hex(hex(bytes)).value_or("") == bytes);
  }
}

TEST_CASE("what is not base64url is refused", "[base]") {
  for (const char* text : {"A", "Zg==", "Zg=", "+/8", "Z g", "Zh", "Zm9=", "Zg\n", "\xc3\xa4"}) {
    INFO(text);
    CHECK_FALSE(from_base64url(text));
  }
}

TEST_CASE("hexadecimal is lower-case and reads back in either case", "[base]") {
  CHECK(hex(std::string("\x00\xab", 2)) == "00ab");
  CHECK(*from_hex("00Ab") == std::string("\x00\xab", 2));
  for (const char* text : {"0", "0g", "0x", " 0", "00 1"}) {
    INFO(text);
    CHECK_FALSE(from_hex(text));
  }
}

TEST_CASE("hashes are BLAKE2b as RFC 7693 has it", "[base]") {
  CHECK(hex(view(blake2b_256("abc"))) ==
        "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
  CHECK(hex(view(blake2b_128("abc"))) == "cf4ab791c62b8d2b2109c90275287816");
}

TEST_CASE("characters are code points, whatever their bytes", "[base]") {
  CHECK(count_code_points("") == 0);
  CHECK(count_code_points("abc") == 3);
  CHECK(count_code_points("\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80") == 3);
  std::string text;
  for (std::size_t count = 0; count < 40; ++count) {
    CHECK(count_code_points(text) == count);
    text += count % 3 == 0 ? "a" : count % 3 == 1 ? "\xe2\x82\xac" : "\xf0\x9f\x98\x80";
  }
}

TEST_CASE("a quotation is cut between code points", "[base]") {
  CHECK(first_bytes("abc", 5) == "abc");
  CHECK(first_bytes("abc", 2) == "ab");
  CHECK(first_bytes("a\xe2\x82\xac", 4) == "a\xe2\x82\xac");
  CHECK(first_bytes("a\xe2\x82\xac", 3) == "a");
  CHECK(first_bytes("\xf0\x9f\x98\x80", 3).empty());
  CHECK(first_bytes("abc", 0).empty());
}

TEST_CASE("tab and line feed are the only control characters of a text", "[base]") {
  CHECK_FALSE(has_control_characters("a\tb\nc \xc3\xa4"));
  for (const char c : {'\0', '\r', '\x1b', '\x7f'})
    CHECK(has_control_characters(std::string("a") + c));
}

TEST_CASE("a name is one line that shows something and turns no writing around", "[base]") {
  for (const char* const name :
       {"J\xc3\xbcrgen M.", "\xd7\x93\xd7\x95\xd7\x93", "\xf0\x9f\x98\x80"})
    CHECK(is_name(name));
  for (const char* const text :
       {"", " ", "\xc2\xa0\xe2\x80\x8b", "a\nb", "a\tb", "a\x7f", "a\xc2\x85",
        "a\xe2\x80\xae"
        "b",
        "a\xe2\x81\xa6"
        "b",
        "a\xe2\x80\x8f", "a\xd8\x9c",
        "a\xe2\x80\xa8"
        "b"})
    CHECK_FALSE(is_name(text));
}

TEST_CASE("each code has a name, a number and a sentence of its own", "[base]") {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  std::set<int> numbers;
  for (int i = 0; i < kCodeCount; ++i) {
    const auto code = static_cast<Code>(i);
    names.insert(name(code));
    sentences.insert(sentence(code));
    numbers.insert(rpc_number(code));
  }

  CHECK(names.size() == kCodeCount);
  CHECK(sentences.size() == kCodeCount);
  CHECK(numbers.size() == kCodeCount);
}

TEST_CASE("only what the peer caused is told in the error's own words", "[base]") {
  CHECK(is_peer_fault(Code::invalid_params));
  CHECK(is_peer_fault(Code::denied));
  CHECK_FALSE(is_peer_fault(Code::internal));
  CHECK_FALSE(is_peer_fault(Code::unavailable));
  CHECK_FALSE(is_peer_fault(Code::read_only));
}

namespace {

Result<int> half(int value) {
  if (value % 2 != 0) return fail(Code::invalid_params, "odd", 5);
  return value / 2;
}
Result<std::string> quarter(int value) {
  CHATD_TRY(const int once, half(value));
  CHATD_TRY(const int twice, half(once));
  return std::to_string(twice);
}
Status check_quarter(int value) {
  CHATD_CHECK(quarter(value));
  return {};
}

}  // namespace

TEST_CASE("CHATD_TRY and CHATD_CHECK pass a value on or an error up", "[base]") {
  CHECK(*quarter(8) == "2");
  CHECK(check_quarter(8));
  CHECK(check_quarter(6).error().message == "odd");
  CHECK(check_quarter(6).error().retry_after_ms == 5);
}
