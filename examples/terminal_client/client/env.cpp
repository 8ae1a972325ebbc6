#include "env.hpp"

#include <chrono>
#include <memory>
#include <random>

namespace client {

Env system_env() {
  using std::chrono::duration_cast, std::chrono::milliseconds;
  auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return {
      [] {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        return std::int64_t{duration_cast<milliseconds>(now).count()};
      },
      [] {
        const auto now = std::chrono::system_clock::now().time_since_epoch();
        return std::int64_t{duration_cast<milliseconds>(now).count()};
      },
      [engine] { return std::uniform_real_distribution<double>(0.0, 1.0)(*engine); },
  };
}

}  // namespace client
