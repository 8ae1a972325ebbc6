#include "tests/bench/fill/community.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace chatd::bench {
namespace {

// The core takes 64 of a session; the store 65,536 writes, and a question is a few of them.
constexpr std::size_t kQuestionsOfSession = 60;
constexpr std::size_t kQuestionsOfTurn = 4000;
constexpr Millis kBetweenTurns{1000};

Seq seq_in(std::string_view answer) {
  constexpr std::string_view kBefore = R"("seq":)";
  Seq seq = 0;
  const auto at = answer.find(kBefore) + kBefore.size();
  std::from_chars(answer.data() + at, answer.data() + answer.size(), seq);
  return seq;
}

}  // namespace

void Community::add_people(std::size_t count, std::size_t sessions) {
  for (std::size_t i = 0; i < count; ++i) {
    Person person;
    person.sessions.emplace_back(0, ++sessions_);
    person.token = world_.sign_up(person.sessions.front(), "u" + std::to_string(people_.size()));
    while (person.sessions.size() < sessions) {
      person.sessions.emplace_back(0, ++sessions_);
      world_.resume(person.sessions.back(), person.token);
    }
    people_.push_back(std::move(person));
  }
  asked_by_.resize(people_.size());
  spoken_.resize(people_.size());
}

std::vector<Community::Place> Community::found(
    const std::vector<std::vector<std::size_t>>& members) {
  std::vector<Place> places;
  while (places.size() < members.size()) {
    const std::size_t first = places.size();
    for (std::size_t i = first; i < members.size() && open_.size() < kQuestionsOfTurn; ++i) {
      const std::size_t founder = members[i].front();
      if (is_busy(founder)) break;
      ask(founder, "room.create", R"("name":"g","join":"open")");
    }
    for (const std::string& answer : answers())
      places.push_back({member(answer, "room"), members[places.size()], 0});
    for (std::size_t i = first; i < places.size(); ++i)
      for (std::size_t j = 1; j < places[i].members.size(); ++j) {
        if (is_busy(places[i].members[j])) answers();
        ask(places[i].members[j], "room.join", R"("room":")" + places[i].id + '"');
      }
    answers();
  }
  return places;
}

void Community::talk(std::vector<Place>& places, std::size_t messages, std::size_t but) {
  std::vector<Place*> asked;
  const auto let_it_be_said = [&] {
    const auto said = answers();
    for (std::size_t i = 0; i < said.size(); ++i)
      asked[i]->head = std::max(asked[i]->head, seq_in(said[i]));
    asked.clear();
  };
  for (std::size_t number = 0; number < messages; ++number) {
    for (Place& place : places) {
      std::size_t speaker = place.members[number % place.members.size()];
      if (speaker == but) speaker = place.members[(number + 1) % place.members.size()];
      if (is_busy(speaker) || open_.size() == kQuestionsOfTurn) let_it_be_said();
      asked.push_back(&place);
      ask(speaker, "message.send",
          R"("room":")" + place.id + R"(","client_msg_id":")" + message_id(++spoken_[speaker]) +
              R"(","content":{"text":")" + text_of(number * 31 + speaker) + R"("})");
    }
  }
  let_it_be_said();
}

bool Community::is_busy(std::size_t person) const {
  return asked_by_[person] == people_[person].sessions.size() * kQuestionsOfSession;
}

void Community::ask(std::size_t person, std::string_view method, std::string params) {
  const auto& sessions = people_[person].sessions;
  const SessionId session = sessions[asked_by_[person]++ / kQuestionsOfSession % sessions.size()];
  open_.push_back({session, method, std::move(params)});
}

std::vector<std::string> Community::answers() {
  auto all = world_.ask_all(open_);
  asked_by_.assign(people_.size(), 0);
  open_.clear();
  world_.move_clock(kBetweenTurns);
  return all;
}

}  // namespace chatd::bench
