#include "daemon/host/workers.hpp"

#include <catch2/catch.hpp>

#include <future>
#include <sys/resource.h>
#include <unistd.h>

using chatd::host::Workers;

namespace {

int nice_of_this_thread() { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); }

}  // namespace

TEST_CASE("a worker gives way to the threads that serve clients", "[host]") {
  Workers workers(1, 1);
  std::promise<int> nice;

  REQUIRE(workers.run([&nice] { nice.set_value(nice_of_this_thread()); }));

  CHECK(nice.get_future().get() > nice_of_this_thread());
}
