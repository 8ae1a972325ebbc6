#include "tests/bench/load/talk.hpp"

#include "tests/bench/load/stop.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace chatd::bench {
namespace {

constexpr auto kDrainDeadline = std::chrono::seconds(20);
constexpr std::size_t kTextBytes = 200;

// Some English, so that what is stored is as compressible as what people say.
constexpr std::string_view kProse =
    "The quality of mercy is not strained; it droppeth as the gentle rain from heaven upon the "
    "place beneath: it is twice blest; it blesseth him that gives and him that takes. Tis "
    "mightiest "
    "in the mightiest; it becomes the throned monarch better than his crown; his sceptre shows the "
    "force of temporal power, the attribute to awe and majesty, wherein doth sit the dread and "
    "fear "
    "of kings; but mercy is above this sceptred sway; it is enthroned in the hearts of kings.";

// What a text says about itself: `room.slot.number `, then prose.
struct Label {
  std::size_t room;
  std::size_t slot;
  std::uint64_t number;
};

std::string text_of(const Label& label) {
  std::string text = std::to_string(label.room) + '.' + std::to_string(label.slot) + '.' +
                     std::to_string(label.number) + ' ';
  const std::size_t from = label.number * 7 % (kProse.size() - kTextBytes);
  text += kProse.substr(from, kTextBytes - text.size());
  return text;
}

std::optional<Label> label_of(std::string_view text) {
  Label label{};
  const char* const end = text.data() + text.size();
  const auto room = std::from_chars(text.data(), end, label.room);
  if (room.ec != std::errc() || room.ptr == end) return std::nullopt;
  const auto slot = std::from_chars(room.ptr + 1, end, label.slot);
  if (slot.ec != std::errc() || slot.ptr == end) return std::nullopt;
  const auto number = std::from_chars(slot.ptr + 1, end, label.number);
  if (number.ec != std::errc()) return std::nullopt;
  return label;
}

std::chrono::nanoseconds interval_of(double rate, std::size_t flights) {
  if (rate <= 0) return {};
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(1e9 * static_cast<double>(flights) / rate));
}

}  // namespace

Talk::Talk(Crowd& crowd, const Shape& shape, double rate)
    : crowd_(crowd),
      shape_(shape),
      interval_(interval_of(rate, shape.rooms * shape.in_flight)),
      sent_(shape.rooms) {
  const auto now = Clock::now();
  const std::size_t count = shape.rooms * shape.in_flight;
  for (std::size_t i = 0; i < count; ++i) {
    Flight flight{
        .room = i / shape.in_flight, .slot = i % shape.in_flight, .due = {}, .latest_by = {}};
    flight.latest_by.resize(shape.members);
    // At a given rate the flights start one after the other, not as one volley.
    flight.due = now + interval_ * i / count;
    flights_.push_back(std::move(flight));
  }
  crowd_.listen(this);
}

void Talk::run_for(std::chrono::seconds time, const std::function<void()>& beside) {
  const auto until = Clock::now() + time;
  while (Clock::now() < until && failures_ == 0) {
    start_due();
    if (beside) beside();
    crowd_.turn(std::chrono::milliseconds(interval_.count() == 0 ? 100 : 1));
  }
}

bool Talk::run_until(std::uint64_t messages, std::chrono::seconds at_most) {
  const auto deadline = Clock::now() + at_most;
  while (messages_ < messages && failures_ == 0 && Clock::now() < deadline) {
    start_due();
    crowd_.turn();
  }
  return messages_ >= messages;
}

void Talk::drain() {
  is_draining_ = true;
  const auto deadline = Clock::now() + kDrainDeadline;
  while (under_way_ != 0 && failures_ == 0 && Clock::now() < deadline) crowd_.turn();
}

void Talk::forget_figures() {
  delivery_times_ = {};
  ack_times_ = {};
  deliveries_ = 0;
  messages_ = 0;
}

std::uint64_t Talk::known_in(std::size_t room) const {
  std::uint64_t known = sent_[room];
  for (const Flight& flight : flights_)
    if (flight.room == room && flight.is_under_way && !flight.is_acked &&
        flight.missing == shape_.members - 1)
      --known;
  return known;
}

void Talk::start_due() {
  const auto now = Clock::now();
  for (Flight& flight : flights_)
    if (!flight.is_under_way && flight.due <= now)
      start(flight, interval_.count() == 0 ? now : flight.due);
}

Talk::Flight& Talk::flight_of(const Client& sender) {
  const std::size_t room = sender.number() / shape_.members;
  const std::size_t place = sender.number() % shape_.members;
  return flights_[room * shape_.in_flight + place % shape_.in_flight];
}

// The places slot, slot + in_flight, slot + 2 * in_flight ... take turns.
std::size_t Talk::sender_of(std::size_t slot, std::uint64_t number) const {
  const std::size_t takers = (shape_.members - slot - 1) / shape_.in_flight + 1;
  return slot + (number - 1) % takers * shape_.in_flight;
}

void Talk::start(Flight& flight, Clock::time_point due) {
  flight.due = due;
  flight.is_under_way = true;
  flight.is_acked = false;
  flight.missing = shape_.members - 1;
  ++flight.number;
  ++under_way_;
  ++sent_[flight.room];
  Client& sender =
      crowd_.client(flight.room * shape_.members + sender_of(flight.slot, flight.number));
  sender.send(sender.room(flight.number), text_of({flight.room, flight.slot, flight.number}));
}

void Talk::delivered(Client& client, std::string_view text) {
  const auto label = label_of(text);
  const std::size_t room = client.number() / shape_.members;
  const std::size_t place = client.number() % shape_.members;
  if (!label || label->room != room || label->slot >= shape_.in_flight) {
    ++failures_;
    return;
  }
  Flight& flight = flights_[room * shape_.in_flight + label->slot];
  // Some servers give the sender its own message too; that is no delivery to anybody.
  if (place == sender_of(label->slot, label->number)) return;
  if (!flight.is_under_way || label->number != flight.number ||
      flight.latest_by[place] == label->number) {
    ++doubled_;
    return;
  }
  flight.latest_by[place] = label->number;
  --flight.missing;
  ++deliveries_;
  delivery_times_.add(Clock::now() - flight.due);
  finish_if_done(flight);
}

void Talk::acked(Client& client) {
  Flight& flight = flight_of(client);
  const std::size_t place = client.number() % shape_.members;
  if (!flight.is_under_way || flight.is_acked || place != sender_of(flight.slot, flight.number)) {
    ++doubled_;
    return;
  }
  flight.is_acked = true;
  ack_times_.add(Clock::now() - flight.due);
  finish_if_done(flight);
}

void Talk::finish_if_done(Flight& flight) {
  if (!flight.is_acked || flight.missing != 0) return;
  flight.is_under_way = false;
  --under_way_;
  ++messages_;
  flight.due += interval_;
  if (interval_.count() == 0 && !is_draining_) start(flight, Clock::now());
}

void Talk::failed(Client& client, std::string_view why) {
  if (failures_++ == 0) complain(client.user() + ": " + std::string(why));
}

}  // namespace chatd::bench
