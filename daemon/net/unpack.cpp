#include "daemon/net/unpack.hpp"

#include <brotli/decode.h>
#include <cstddef>
#include <string>
#include <zlib.h>

namespace chatd::net {
namespace {

// Both fill `out` from its begin and say how much that was; 0 also when it is no such stream.
std::size_t unpack_brotli(std::string_view packed, std::string& out) {
  std::size_t size = out.size();
  const BrotliDecoderResult result =
      BrotliDecoderDecompress(packed.size(), reinterpret_cast<const std::uint8_t*>(packed.data()),
                              &size, reinterpret_cast<std::uint8_t*>(out.data()));
  return result == BROTLI_DECODER_RESULT_SUCCESS ? size : 0;
}

std::size_t unpack_gzip(std::string_view packed, std::string& out) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return 0;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  const bool is_whole = inflate(&stream, Z_FINISH) == Z_STREAM_END;
  inflateEnd(&stream);
  return is_whole ? stream.total_out : 0;
}

}  // namespace

bool holds(std::string_view packed, std::string_view coding, std::string_view plain) {
  std::string unpacked(plain.size() + 1, '\0');  // one more: to see what is longer
  unpacked.resize(coding == "br" ? unpack_brotli(packed, unpacked) : unpack_gzip(packed, unpacked));
  return unpacked == plain;
}

}  // namespace chatd::net
