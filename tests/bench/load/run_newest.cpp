#include "tests/bench/load/rooms.hpp"
#include "tests/bench/load/stop.hpp"

namespace chatd::bench {
namespace {

constexpr std::size_t kReaders = 8;
constexpr std::size_t kPage = 50;
constexpr auto kFillDeadline = std::chrono::seconds(300);

// Each reader asks for the newest messages of the room again as soon as it has them.
class Readers final : public Listener {
 public:
  explicit Readers(Crowd& crowd) : crowd_(crowd), asked_(crowd.size()) {
    crowd.listen(this);
    for (std::size_t i = 0; i < crowd.size(); ++i) ask(crowd.client(i));
  }

  void run_for(std::chrono::seconds time) {
    const auto until = Clock::now() + time;
    while (Clock::now() < until && failures_ == 0) crowd_.turn();
  }
  void forget_figures() {
    pages_ = 0;
    times_ = {};
  }

  [[nodiscard]] std::uint64_t pages() const { return pages_; }
  [[nodiscard]] std::uint64_t wrong_pages() const { return wrong_pages_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }
  [[nodiscard]] const Histogram& times() const { return times_; }

 private:
  void ask(Client& client) {
    asked_[client.number()] = Clock::now();
    client.newest(client.room(), kPage);
  }
  void page(Client& client, std::size_t messages) override {
    ++pages_;
    if (messages != kPage) ++wrong_pages_;
    times_.add(Clock::now() - asked_[client.number()]);
    ask(client);
  }
  void failed(Client&, std::string_view why) override {
    if (failures_++ == 0) complain(std::string(why));
  }
  void delivered(Client&, std::string_view) override {}
  void acked(Client&) override {}
  void presence(Client&, bool) override {}

  Crowd& crowd_;
  std::vector<Clock::time_point> asked_;
  Histogram times_;
  std::uint64_t pages_ = 0;
  std::uint64_t wrong_pages_ = 0;
  std::uint64_t failures_ = 0;
};

}  // namespace

bool run_newest(const Options& options, Report& report) {
  const Talk::Shape shape{.rooms = 1, .members = kReaders, .in_flight = kReaders};
  Crowd crowd(options.server, kReaders);
  crowd.log_in(Client::Login::first);
  open_rooms(crowd, shape);
  {
    Talk talk(crowd, shape, 0);
    require(talk.run_until(options.fill, kFillDeadline), "the room could not be filled in time");
    talk.drain();
  }

  Readers readers(crowd);
  readers.run_for(options.warm_up);
  readers.forget_figures();
  report.begin(options.scenario);
  readers.run_for(options.measured);
  report.end();
  report.add("units", static_cast<double>(readers.pages()));
  report.add("delivery", readers.times());
  report.tell("messages", static_cast<double>(options.fill));
  report.fault("pages of another size", readers.wrong_pages());
  report.fault("failures", readers.failures());
  return report.print(options.scenario);
}

}  // namespace chatd::bench
