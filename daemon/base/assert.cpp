#include "daemon/base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace chatd {

void assertion_failed(const char* claim, const char* file, int line) {
  std::fprintf(stderr, "chatd: broken invariant: %s (%s:%d)\n", claim, file, line);
  std::abort();
}

}  // namespace chatd
