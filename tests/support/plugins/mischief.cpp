// Does what the text of a message, the name of a user or the name of a method says, and that is
// mostly what no plugin should do.
#include <chatd/plugin.hpp>

#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using chatd::sdk::Host;
using chatd::sdk::Op;
using chatd::sdk::view;

constexpr const char kSchema[] = R"(
subscribe      bool          false     "count what is committed"
refuse_events  int:0..1000   0         "how many batches of events are refused first"
fail_create    bool          false     "fail to start"
limit          size          optional  "nothing"
token          secret        optional  "nothing either"
)";

class Mischief final : public chatd::sdk::Auth,
                       public chatd::sdk::Hooks,
                       public chatd::sdk::Methods {
 public:
  explicit Mischief(Host host) : host_(host) {
    if (host.config_number("fail_create") == 1) throw std::runtime_error("told to fail");
    refusals_ = host.config_number("refuse_events").value_or(0);
    if (host.config_number("subscribe") == 1 && host.subscribe("events", *this) != CHATD_OK)
      throw std::runtime_error("no subscription");
  }
  ~Mischief() override {
    for (std::thread& thread : threads_) thread.join();
    late_.clear();
  }

  // The secret is the answer.
  chatd_status set_secret(Op& op, std::string_view, std::string_view secret) override {
    return act(op, secret);
  }
  chatd_status verify(Op& op, std::string_view, std::string_view,
                      std::string_view secret) override {
    return act(op, secret);
  }
  chatd_status erase(Op& op, std::string_view) override { return op.ok(); }

  chatd_status message_pre_accept(Op& op, const chatd_draft& draft) override {
    seen_ += std::string(view(draft.text)) + ";";
    return act(op, view(draft.text));
  }
  chatd_status room_pre_append(const chatd_draft& draft, std::string& reason) override {
    const std::string_view text = view(draft.text);
    if (text == "last deny") {
      reason = "too late";
      return CHATD_E_CONFLICT;
    }
    if (text == "last throw") throw std::runtime_error("told to throw");
    return text == "last pending" ? CHATD_PENDING : CHATD_PASS;
  }
  chatd_status account_pre_register(Op& op, const chatd_registration& who) override {
    return view(who.user).starts_with("spam") ? op.deny("not you") : CHATD_PASS;
  }
  chatd_status room_pre_join(Op& op, const chatd_join& join) override {
    return view(join.user).starts_with("spam") ? op.deny("not here") : CHATD_PASS;
  }
  chatd_status federation_peer_policy(Op& op, const chatd_peer& peer) override {
    if (view(peer.server).starts_with("spam")) return op.deny("not that server");
    return act(op, view(peer.address));
  }
  chatd_status federation_pre_receive(Op& op, const chatd_draft& draft) override {
    if (view(draft.kind) == "reaction") return op.deny("keep that to yourselves");
    return act(op, view(draft.text));
  }

  [[nodiscard]] std::vector<Method> methods() const override {
    return {{"do", "What params.text says.", "{}"},
            {"echo", "The params.", "{}"},
            {"seen", "The texts of all drafts.", "{}"},
            {"events", "What was committed.", "{}"},
            {"state_on_loop", "The status of a call on a wrong thread.", "{}"},
            {"put", "Keeps the params.", "{}"},
            {"get", "What was kept.", "{}"},
            {"answer_late", "Answers what was kept open.", "{}"},
            {"timer", "Counts three times.", "{}"},
            {"count", "How far.", "{}"}};
  }
  chatd_status call(Op& op, const chatd_call& call) override {
    const std::string_view method = view(call.method);
    const std::string params(view(call.params));
    if (method == "echo") return op.ok(params);
    if (method == "do") return act(op, params.substr(1, params.size() - 2));
    if (method == "seen") return op.ok("\"" + seen_ + "\"");
    if (method == "state_on_loop") return op.ok(std::to_string(host_.state().get("kept").status));
    if (method == "answer_late") {
      for (Op& late : late_) late.answer(CHATD_PASS);
      late_.clear();
      return op.ok();
    }
    const std::lock_guard lock(mutex_);
    if (method == "events") return op.ok("\"" + events_ + "\"");
    if (method == "count") return op.ok(std::to_string(count_));
    if (method == "timer") {
      const auto timer = host_.start_timer(
          100, 100, [](void* self) { static_cast<Mischief*>(self)->count_up(); }, this);
      timer_ = timer.value;
      return timer.status == CHATD_OK ? op.ok() : timer.status;
    }
    const bool is_put = method == "put";
    static_cast<void>(host_.work([this, op = std::move(op), params, is_put]() mutable {
      if (is_put) {
        op.answer(host_.state().put("kept", params));
        return;
      }
      const auto kept = host_.state().get("kept");
      op.answer(kept.status, kept.value);
    }));
    return CHATD_PENDING;
  }

  chatd_status on_events(std::span<const chatd_event* const> events) {
    const std::lock_guard lock(mutex_);
    if (refusals_-- > 0) return CHATD_E_UNAVAILABLE;
    for (const chatd_event* event : events) events_ += std::to_string(event->seq) + ";";
    return CHATD_OK;
  }

 private:
  chatd_status act(Op& op, std::string_view text) {
    if (text == "allow") return CHATD_ALLOW;
    if (text == "deny") return op.deny("not here");
    if (text == "deny badly") return op.deny("\xff\xfe");
    if (text == "limit") return op.answer(CHATD_E_LIMIT, "too fast", 1'500);
    if (text == "drop") return CHATD_DROP;
    if (text == "replace") return op.replace(R"({"text":"replaced"})");
    if (text == "replace badly") return op.replace("{\"text\":");
    if (text == "forget") return CHATD_PENDING;  // the Op answers when it is dropped
    if (text == "throw") throw std::runtime_error("told to throw");
    if (text == "nonsense") return 77;
    if (text == "not json") return op.ok("{");
    if (text == "never") {
      op.disarm();
      return CHATD_PENDING;
    }
    if (text == "late") {
      late_.push_back(std::move(op));
      return CHATD_PENDING;
    }
    if (text == "twice") {
      const chatd_op id = op.id();
      op.answer(CHATD_PASS);
      host_.complete(id, CHATD_E_DENIED);
      return CHATD_PENDING;
    }
    if (text == "work") {
      static_cast<void>(host_.work([op = std::move(op)]() mutable { op.answer(CHATD_PASS); }));
      return CHATD_PENDING;
    }
    if (text == "thread") {
      threads_.emplace_back([op = std::move(op)]() mutable { op.answer(CHATD_PASS); });
      return CHATD_PENDING;
    }
    if (text == "post") {
      static_cast<void>(host_.post([op = std::move(op)]() mutable { op.answer(CHATD_PASS); }));
      return CHATD_PENDING;
    }
    return text == "ok" ? CHATD_OK : CHATD_PASS;
  }

  void count_up() {
    const std::lock_guard lock(mutex_);
    if (++count_ == 3) host_.stop_timer(timer_);
  }

  const Host host_;
  std::string seen_;
  std::vector<Op> late_;
  std::vector<std::thread> threads_;

  std::mutex mutex_;
  std::string events_;
  std::int64_t refusals_ = 0;
  int count_ = 0;
  chatd_timer timer_ = 0;
};

}  // namespace

CHATD_PLUGIN(Mischief, MISCHIEF_NAME, "0.1.0", "does what no plugin should", kSchema)
