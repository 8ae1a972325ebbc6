#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace client {

// Time and chance, handed in so that a test can own them.
struct Env {
  std::function<std::int64_t()> steady_ms;  // never jumps: for deadlines
  std::function<std::int64_t()> wall_ms;    // milliseconds since 1970 UTC: for message ids
  std::function<double()> random;           // from 0 up to, but not, 1
};

// The machine's clocks and a seeded generator.
[[nodiscard]] Env system_env();

// A value, or one sentence that says why there is none.
template <class T>
struct Outcome {
  std::optional<T> value;
  std::string error;
};

}  // namespace client
