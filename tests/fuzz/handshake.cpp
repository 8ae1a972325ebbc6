// Any bytes as each message of a handshake, the first byte saying which: nobody without the key
// gets through.

#include "federation/handshake.hpp"

#include "daemon/base/assert.hpp"
#include "tests/unit/federation/servers.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace chatd;
using namespace chatd::federation;

const KeyPair kKey = tests::key_pair('a');
const ServerDocument kPeer =
    tests::document_of(tests::kCapulet, tests::key_pair('R'), tests::key_pair('A'));

LinkEnd self() { return {std::string(tests::kMontague), {1, 2}, {}, {}}; }

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view message(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (data[0] % 3 == 0) {
    const auto acceptor = Acceptor::take_open(self(), message, kKey);
    CHATD_ASSERT(!acceptor || acceptor->peer() != tests::kMontague);
  } else if (data[0] % 3 == 1) {
    Dialler dialler(self(), std::string(tests::kCapulet));
    CHATD_ASSERT(!dialler.take_answer(message, kPeer, kKey, tests::kNow));
  } else {
    LinkEnd other = self();
    other.server = tests::kCapulet;
    auto acceptor = Acceptor::take_open(self(), Dialler(other, self().server).open(), kKey);
    CHATD_ASSERT(acceptor && !acceptor->take_proof(message, kPeer, tests::kNow));
  }
  return 0;
}
