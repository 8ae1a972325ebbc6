#pragma once

#include <cstdio>
#include <string>

namespace terminal {

// Where lines go. Whoever prints has made them safe.
class Screen {
 public:
  virtual ~Screen() = default;
  virtual void print(const std::string& line) = 0;
  virtual void set_prompt(const std::string& /*prompt*/) {}
};

// A transcript: each line as it comes.
class PlainScreen final : public Screen {
 public:
  void print(const std::string& line) override {
    std::fputs((line + "\n").c_str(), stdout);
    std::fflush(stdout);
  }
};

}  // namespace terminal
