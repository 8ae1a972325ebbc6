#pragma once

#include <cstdio>
#include <cstdlib>
#include <string>

namespace chatd::bench {

inline void complain(const std::string& why) {
  std::fprintf(stderr, "chatd_load: %s\n", why.c_str());
}

// A run that can't do what it claims gives no figures.
[[noreturn]] inline void stop(const std::string& why) {
  complain(why);
  std::exit(1);
}

inline void require(bool is_so, const std::string& why) {
  if (!is_so) stop(why);
}

}  // namespace chatd::bench
