#pragma once

#include <memory>
#include <utility>

namespace chatd::federation {

// What a callback holds of its owner, who may be gone when it is called: then nothing happens. A
// member of the owner; loop only.
class Lifeline {
 public:
  Lifeline() = default;
  Lifeline(const Lifeline&) = delete;
  Lifeline& operator=(const Lifeline&) = delete;

  template <class Action>
  [[nodiscard]] auto guard(Action action) const {
    return [weak = std::weak_ptr(token_), action = std::move(action)](auto&&... given) {
      if (!weak.expired()) action(std::forward<decltype(given)>(given)...);
    };
  }

 private:
  std::shared_ptr<const char> token_ = std::make_shared<const char>();
};

}  // namespace chatd::federation
