// A plugin with one of each: a hook that refuses a word, a method for clients, and a counter of
// what was committed. README.md walks through it.
#include <chatd/plugin.hpp>

#include <algorithm>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

using chatd::sdk::Host;
using chatd::sdk::Op;
using chatd::sdk::view;

// What may stand below [plugin.hello_hooks] in the admin's config.
constexpr const char kSchema[] = R"(
word      string  spam     "messages with this word are refused"
greeting  string  "Hello"  "how x.hello_hooks.greet begins"
)";

class HelloHooks final : public chatd::sdk::Hooks, public chatd::sdk::Methods {
 public:
  explicit HelloHooks(Host host)
      : host_(host),
        state_(host.state()),
        word_(host.config("word").value_or("")),
        greeting_(host.config("greeting").value_or("")) {
    if (greeting_.find_first_of("\"\\") != std::string::npos)
      throw std::runtime_error("the greeting must not hold quotes or backslashes");
    if (host.subscribe("counter", *this) != CHATD_OK)
      throw std::runtime_error("can't read the log");
  }

  // LOOP: be quick. Refuses with words for the sender; what is fine goes on to the next plugin.
  chatd_status message_pre_accept(Op& op, const chatd_draft& draft) override {
    if (!word_.empty() && view(draft.text).find(word_) != std::string_view::npos)
      return op.deny("this server does not carry the word " + word_);
    return CHATD_PASS;
  }

  [[nodiscard]] std::vector<Method> methods() const override {
    return {{"greet", "Greets the caller and tells how many messages went through.",
             R"({"type":"object","additionalProperties":false})"}};
  }

  // LOOP: reading the state blocks, so the answer is made on a worker. The Op travels along and
  // answers by itself should the work never be done.
  chatd_status call(Op& op, const chatd_call& call) override {
    static_cast<void>(
        host_.work([this, op = std::move(op), user = std::string(view(call.user))]() mutable {
          const auto count = state_.get("count");
          if (!count.ok() && count.status != CHATD_E_NOT_FOUND) {
            op.answer(CHATD_E_UNAVAILABLE);
            return;
          }
          op.ok("{\"greeting\":\"" + greeting_ + ", " + user +
                "\",\"messages\":" + (count.ok() ? count.value : "0") + "}");
        }));
    return CHATD_PENDING;
  }

  // WORKER: what was committed, at least once. A record that comes again is recognised by its
  // number, which is kept in the same write as the count: so each is counted exactly once.
  chatd_status on_events(std::span<const chatd_event* const> events) {
    for (const chatd_event* event : events) {
      const std::string seen_key = "seen " + std::string(view(event->room));
      const auto seen = state_.get(seen_key);
      if (!seen.ok() && seen.status != CHATD_E_NOT_FOUND) return CHATD_E_UNAVAILABLE;
      if (seen.ok() && std::stoull(seen.value) >= event->seq) continue;
      const auto count = state_.get("count");
      if (!count.ok() && count.status != CHATD_E_NOT_FOUND) return CHATD_E_UNAVAILABLE;
      const bool is_message = view(event->kind) == "message";
      const auto total = (count.ok() ? std::stoull(count.value) : 0) + (is_message ? 1 : 0);
      const std::string new_seen = std::to_string(event->seq);
      const std::string new_count = std::to_string(total);
      if (state_.write_all({{seen_key, new_seen}, {"count", new_count}}) != CHATD_OK)
        return CHATD_E_UNAVAILABLE;
    }
    return CHATD_OK;
  }

 private:
  const Host host_;
  const chatd::sdk::State state_;
  const std::string word_;
  const std::string greeting_;
};

}  // namespace

CHATD_PLUGIN(HelloHooks, "hello_hooks", "1.0.0", "refuses a word, greets, counts", kSchema)
