#include "tests/bench/load/connection.hpp"
#include "tests/bench/load/scenarios.hpp"
#include "tests/bench/load/stop.hpp"

#include <simdjson.h>

#include <algorithm>
#include <deque>
#include <fstream>
#include <optional>
#include <unordered_map>

namespace chatd::bench {
namespace {

constexpr std::uint64_t kRecordsAtOnce = 500;
constexpr auto kDeadline = std::chrono::seconds(120);

// A device that was away: it logs in, asks what became of its rooms page by page, and then for the
// records of those rooms that had more than a page shows.
class Device final : public Connection::Owner {
 public:
  Device(std::string token, std::string known, bool wants_all)
      : token_(std::move(token)), known_(std::move(known)), wants_all_(wants_all) {
    for (auto cursor : parse("{" + known_ + "}")["rooms"].get_array())
      cursors_[text(cursor["room"])] = cursor["seq"].get_uint64();
  }
  void connect(Loop& loop, const Endpoint& endpoint) {
    connection_.emplace(loop, endpoint, loopback_address(0), *this);
  }

  [[nodiscard]] bool has_screen() const { return has_screen_; }
  [[nodiscard]] bool is_done() const { return is_done_; }
  [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t gaps() const { return gaps_; }

 private:
  using Json = simdjson::dom::element;
  struct Range {  // of a room, still to be read
    std::string room;
    std::uint64_t after;
    std::uint64_t before;
  };

  Json parse(const std::string& bytes) { return parser_.parse(bytes).value(); }
  static std::string text(const Json& json) { return std::string(json.get_string().value()); }

  void opened() override { ask("session.resume", R"("token":")" + token_ + '"'); }
  void lost(std::string_view why) override { stop(std::string(why)); }
  void received(std::string_view message) override {
    bytes_ += message.size();
    const Json json = parse(std::string(message));
    if (json["method"].error() == simdjson::SUCCESS) return;  // presence and the like
    Json result;
    require(json["result"].get(result) == simdjson::SUCCESS, std::string(message));
    if (!is_in_) {
      is_in_ = true;
      ask("sync", known_);
    } else if (!are_pages_over_) {
      take_page(result);
    } else {
      take_range(result);
    }
  }

  void take_page(const Json& page) {
    for (auto room : page["rooms"].get_array()) {
      const std::string id = text(room["summary"]["room"]);
      const std::uint64_t from = room["from_seq"].get_uint64();
      count(room["records"], from);
      if (from > cursors_[id] + 1) open_.push_back({id, cursors_[id], from});
    }
    has_screen_ = true;
    if (!wants_all_) return;
    std::string_view next;
    if (page["next"].get(next) == simdjson::SUCCESS)
      return ask("sync", known_ + R"(,"after":")" + std::string(next) + '"');
    are_pages_over_ = true;
    go_on();
  }

  void take_range(const Json& answer) {
    Range& range = open_.front();
    range.after += count(answer["records"], range.after + 1);
    if (range.after + 1 >= range.before) open_.pop_front();
    go_on();
  }

  // The next range, or nothing more.
  void go_on() {
    is_done_ = open_.empty();
    if (is_done_) return;
    const Range& range = open_.front();
    const std::uint64_t limit = std::min(kRecordsAtOnce, range.before - range.after - 1);
    ask("history.get", R"("room":")" + range.room + R"(","after":)" + std::to_string(range.after) +
                           R"(,"limit":)" + std::to_string(limit));
  }

  // How many records these are; they should begin with `from` and have no gap.
  std::uint64_t count(const Json& records, std::uint64_t from) {
    std::uint64_t expected = from;
    for (auto record : records.get_array())
      if (record["seq"].get_uint64().value() != expected++) ++gaps_;
    records_ += expected - from;
    return expected - from;
  }

  void ask(std::string_view method, const std::string& params) {
    const std::string request = R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(method) +
                                R"(","params":{)" + params + "}}";
    bytes_ += request.size();
    ++requests_;
    connection_->send(request);
  }

  const std::string token_;
  const std::string known_;  // the account's version and the cursors, as parameters of sync
  const bool wants_all_;     // else the first page is enough
  simdjson::dom::parser parser_;
  std::unordered_map<std::string, std::uint64_t> cursors_;
  std::deque<Range> open_;
  std::optional<Connection> connection_;
  bool is_in_ = false;
  bool are_pages_over_ = false;
  bool has_screen_ = false;
  bool is_done_ = false;
  std::uint64_t bytes_ = 0;  // of messages, there and back
  std::uint64_t requests_ = 0;
  std::uint64_t records_ = 0;
  std::uint64_t gaps_ = 0;
};

void tell(const Device& device, Report& report) {
  report.end();
  report.add("kilobytes", static_cast<double>(device.bytes()) / 1024);
  report.add("requests", static_cast<double>(device.requests()));
  report.add("records", static_cast<double>(device.records()));
}

}  // namespace

// Both phases begin with the connection.
bool run_return(const Options& options, Report& report) {
  std::ifstream in(options.from);
  std::string token;
  std::string known;
  std::uint64_t news = 0;
  std::getline(in, token);
  std::getline(in, known);
  require(static_cast<bool>(in >> news), options.from + " tells of no device that was away");
  Loop loop(options.server.ca_file);
  const Endpoint endpoint{options.server.port, "localhost", "/ws", "chatd.v1"};
  const auto deadline = Clock::now() + kDeadline;
  const auto until = [&](const Device& device, bool (Device::*is_so)() const) {
    while (!(device.*is_so)()) {
      require(Clock::now() < deadline, "the device is not up to date in time");
      loop.turn(std::chrono::milliseconds(100));
    }
  };
  {
    Device device(token, known, false);
    report.begin("first screen");
    device.connect(loop, endpoint);
    until(device, &Device::has_screen);
    tell(device, report);
  }
  Device device(token, known, true);
  report.begin("all");
  device.connect(loop, endpoint);
  until(device, &Device::is_done);
  tell(device, report);
  report.fault("gaps", device.gaps());
  report.fault("other than the records that are new",
               device.records() > news ? device.records() - news : news - device.records());
  return report.print(options.scenario);
}

}  // namespace chatd::bench
