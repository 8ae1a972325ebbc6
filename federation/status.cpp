#include "federation/status.hpp"

namespace chatd::federation {

Counters& operator+=(Counters& sum, const Counters& more) {
  sum.frames_sent += more.frames_sent;
  sum.frames_received += more.frames_received;
  sum.bytes_sent += more.bytes_sent;
  sum.bytes_received += more.bytes_received;
  sum.records_sent += more.records_sent;
  sum.records_received += more.records_received;
  for (std::size_t i = 0; i < kFaultCount; ++i) sum.refused[i] += more.refused[i];
  for (std::size_t i = 0; i < kSpendCount; ++i) sum.limited[i] += more.limited[i];
  return sum;
}

}  // namespace chatd::federation
