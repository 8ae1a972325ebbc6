#pragma once

#include <cstddef>
#include <memory>

namespace chatd::bench {

// One thing that is done to each message, measured by itself. The same in each process: nothing
// depends on the time, on an address or on chance.
class Step {
 public:
  Step() = default;
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;
  virtual ~Step() = default;

  // Brings about what run() needs, and is not measured.
  virtual void prepare() = 0;
  // The step for so many messages.
  virtual void run() = 0;
  [[nodiscard]] virtual std::size_t messages() const = 0;
};

// A frame with message.send -> a request.
[[nodiscard]] std::unique_ptr<Step> make_decode();
// A request -> a batch for the store: all that the core's rules cost, both its turns included.
[[nodiscard]] std::unique_ptr<Step> make_dispatch();
// The store's answer -> an event for the other side and an answer for the sender.
[[nodiscard]] std::unique_ptr<Step> make_deliver();
// A record -> the hash that the next one names.
[[nodiscard]] std::unique_ptr<Step> make_hash();
// A record -> the frame of its event, once for all who get it.
[[nodiscard]] std::unique_ptr<Step> make_encode();
// Records -> storage_lmdb's journal, in a commit as large as under load. The kernel's part is not
// among the instructions.
[[nodiscard]] std::unique_ptr<Step> make_commit();
// Records -> from the journal to the history, which costs a worker's time.
[[nodiscard]] std::unique_ptr<Step> make_fold();

}  // namespace chatd::bench
