#include "daemon/base/hash.hpp"

#include <sodium.h>

namespace chatd {
namespace {

template <class Out>
Out blake2b(std::string_view bytes) {
  Out out;
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(bytes.data()),
                     bytes.size(), nullptr, 0);
  return out;
}

}  // namespace

Hash256 blake2b_256(std::string_view bytes) { return blake2b<Hash256>(bytes); }
Hash128 blake2b_128(std::string_view bytes) { return blake2b<Hash128>(bytes); }

}  // namespace chatd
