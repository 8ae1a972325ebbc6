#include "tests/bench/load/scenarios.hpp"
#include "tests/bench/load/stop.hpp"

namespace chatd::bench {
namespace {

constexpr std::size_t kContacts = 200;
constexpr auto kRoundDeadline = std::chrono::seconds(20);

// Client 0 is away, there, away ...; each change follows when all contacts know of the one before.
class Changes final : public Listener {
 public:
  explicit Changes(Crowd& crowd) : crowd_(crowd), latest_(crowd.size()) { crowd.listen(this); }

  void run_for(std::chrono::seconds time) {
    const auto until = Clock::now() + time;
    while (Clock::now() < until && failures_ == 0) {
      if (missing_ == 0) change();
      crowd_.turn();
      if (Clock::now() - begun_ > kRoundDeadline) {
        ++failures_;
        complain("contacts were not told of a change");
      }
    }
  }
  void forget_figures() {
    deliveries_ = 0;
    times_ = {};
  }

  [[nodiscard]] std::uint64_t deliveries() const { return deliveries_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] const Histogram& times() const { return times_; }

 private:
  void change() {
    ++round_;
    missing_ = crowd_.size() - 1;
    begun_ = Clock::now();
    crowd_.client(0).set_presence(is_away());
  }
  [[nodiscard]] bool is_away() const { return round_ % 2 == 1; }

  void presence(Client& client, bool is_away_now) override {
    if (client.number() == 0 || round_ == 0 || is_away_now != is_away() ||
        latest_[client.number()] == round_)
      return;
    latest_[client.number()] = round_;
    --missing_;
    ++deliveries_;
    times_.add(Clock::now() - begun_);
  }
  void failed(Client&, std::string_view why) override {
    if (failures_++ == 0) complain(std::string(why));
  }
  void delivered(Client&, std::string_view) override {}
  void acked(Client&) override {}
  void page(Client&, std::size_t) override {}

  Crowd& crowd_;
  std::vector<std::uint64_t> latest_;  // by client: the round it was last told of
  std::uint64_t round_ = 0;
  std::size_t missing_ = 0;
  Clock::time_point begun_ = Clock::now();
  Histogram times_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace

bool run_presence(const Options& options, Report& report) {
  Crowd crowd(options.server, kContacts + 1);
  crowd.log_in(Client::Login::first);
  crowd.each(1, kContacts, [&](Client& client) { client.befriend(crowd.client(0)); });

  Changes changes(crowd);
  changes.run_for(options.warm_up);
  changes.forget_figures();
  report.begin(options.scenario);
  changes.run_for(options.measured);
  report.end();
  report.add("units", static_cast<double>(changes.deliveries()));
  report.add("delivery", changes.times());
  report.fault("failures", changes.failures());
  return report.print(options.scenario);
}

}  // namespace chatd::bench
