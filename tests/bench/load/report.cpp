#include "tests/bench/load/report.hpp"

#include <cstdio>
#include <sys/resource.h>

namespace chatd::bench {
namespace {

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

std::string member(std::string_view name, double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return ",\"" + std::string(name) + "\":" + text;
}

void mark(const char* word, const std::string& phase) {
  std::printf("%s %s\n", word, phase.c_str());
  std::fflush(stdout);
}

}  // namespace

void Report::begin(std::string_view phase) {
  phase_ = phase;
  mark("begin", phase_);
  start_ = Clock::now();
  cpu_at_start_ = cpu_seconds();
}

void Report::end() {
  const double seconds = std::chrono::duration<double>(Clock::now() - start_).count();
  const double cpu = cpu_seconds() - cpu_at_start_;
  mark("end", phase_);
  if (!phases_.empty()) phases_ += "},";
  phases_ += "{\"name\":\"" + phase_ + '"';
  add("seconds", seconds);
  // Near 1 the generator was the bottleneck: the server could have done more.
  add("generator_busy", cpu / seconds);
}

void Report::add(std::string_view name, double value) { phases_ += member(name, value); }

void Report::add(std::string_view name, const Histogram& times) {
  if (times.count() == 0) return;
  const auto us = [&](double share) {
    return static_cast<double>(times.percentile(share).count()) / 1000;
  };
  add(std::string(name) + "_p50_us", us(0.5));
  add(std::string(name) + "_p99_us", us(0.99));
  add(std::string(name) + "_p999_us", us(0.999));
}

void Report::tell(std::string_view name, double value) { facts_ += member(name, value); }

void Report::fault(std::string_view what, std::uint64_t times) {
  if (times == 0) return;
  faults_ +=
      (faults_.empty() ? "\"" : ",\"") + std::to_string(times) + " " + std::string(what) + '"';
}

bool Report::print(std::string_view scenario) const {
  std::printf("{\"scenario\":\"%s\",\"phases\":[%s%s]%s,\"faults\":[%s]}\n",
              std::string(scenario).c_str(), phases_.c_str(), phases_.empty() ? "" : "}",
              facts_.c_str(), faults_.c_str());
  return faults_.empty();
}

}  // namespace chatd::bench
