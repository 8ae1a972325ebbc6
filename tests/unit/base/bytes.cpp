#include "daemon/base/bytes.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <string>

using namespace chatd;

namespace {

std::string varint_bytes(std::uint64_t value) {
  ByteWriter out;
  out.varint(value);
  return out.take();
}

}  // namespace

TEST_CASE("what a writer wrote, a reader reads", "[base]") {
  ByteWriter out;
  out.u8(0xff);
  out.u64(0x0102030405060708ULL);
  out.varint(300);
  out.blob("abc");
  out.raw("xyz");
  const std::string bytes = out.take();

  CHECK(bytes == std::string("\xff\x01\x02\x03\x04\x05\x06\x07\x08\xac\x02\x03") + "abcxyz");
  ByteReader in(bytes);
  CHECK(*in.u8() == 0xff);
  CHECK(*in.u64() == 0x0102030405060708ULL);
  CHECK(*in.varint() == 300);
  CHECK(*in.blob(3) == "abc");
  CHECK(in.rest() == "xyz");
  CHECK(*in.array<3>() == std::array<std::uint8_t, 3>{'x', 'y', 'z'});
  CHECK(in.empty());
}

TEST_CASE("a varint is as long as its value needs and reads back", "[base]") {
  CHECK(varint_bytes(0) == std::string(1, '\0'));
  CHECK(varint_bytes(127) == "\x7f");
  CHECK(varint_bytes(128) == "\x80\x01");
  CHECK(varint_bytes(16383) == "\xff\x7f");
  CHECK(varint_bytes(UINT64_MAX) == "\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01");
  for (unsigned shift = 0; shift < 64; ++shift) {
    for (const std::uint64_t value : {std::uint64_t{1} << shift, (std::uint64_t{1} << shift) - 1}) {
      const std::string bytes = varint_bytes(value);
      ByteReader in(bytes);
      CHECK(*in.varint() == value);
      CHECK(in.empty());
    }
  }
}

TEST_CASE("a varint that is not the shortest is refused", "[base]") {
  for (const std::string& bytes : {std::string("\x80\x00", 2), std::string("\xff\x00", 2),
                                   std::string("\x80\x80\x80\x00", 4)}) {
    ByteReader in(bytes);
    CHECK(in.varint().error().message == "varint is not minimal");
  }
}

TEST_CASE("a varint beyond 64 bits is refused", "[base]") {
  ByteReader too_large("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02");
  CHECK(too_large.varint().error().message == "varint is too large");
  ByteReader too_long("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x81\x01");
  CHECK(too_long.varint().error().message == "varint is too long");
}

TEST_CASE("a time beyond 63 bits is refused", "[base]") {
  const std::string latest = varint_bytes(INT64_MAX);
  CHECK(*ByteReader(latest).time() == INT64_MAX);
  const std::string too_late = varint_bytes(std::uint64_t{INT64_MAX} + 1);
  CHECK(ByteReader(too_late).time().error().message == "a time is too large");
}

TEST_CASE("data that ends too early is an error, never a crash", "[base]") {
  ByteWriter out;
  out.u64(1);
  out.varint(UINT64_MAX);
  out.blob("abc");
  const std::string whole = out.take();

  for (std::size_t size = 0; size < whole.size(); ++size) {
    ByteReader in(std::string_view(whole).substr(0, size));
    const bool is_read = in.u64() && in.varint() && in.blob(10);
    CHECK_FALSE(is_read);
  }
  CHECK_FALSE(ByteReader("").u8());
  CHECK_FALSE(ByteReader("\x80").varint());
  CHECK_FALSE(ByteReader("ab").array<3>());
}

TEST_CASE("a blob longer than allowed is refused before it is looked at", "[base]") {
  ByteWriter out;
  out.varint(UINT64_MAX);
  const std::string bytes = out.take();
  ByteReader in(bytes);

  CHECK(in.blob(100).error().code == Code::too_large);
}
