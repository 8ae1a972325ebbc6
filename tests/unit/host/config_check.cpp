#include "daemon/host/config_check.hpp"

#include <catch2/catch.hpp>

using chatd::Millis;
using chatd::host::check_config;
using chatd::sdk::parse_schema;

namespace {

const auto kSchema = parse_schema(R"(
# what the filter knows
word      string            required  "the word that is refused"
limit     size:1KiB..1MiB   64KiB     "how much"
pause     duration          1min      "how long"
mode      choice:soft|hard  soft      "how \"strict\""
tries     int:-1..9         3         "how often"
verbose   bool              false     "tell more"
names     list              optional  "for whom"
greeting  string            "hi all"  "what to say"
)")
                         .value;

}  // namespace

TEST_CASE("a plugin's settings come in their plain form, with defaults", "[host]") {
  const auto config = check_config("filter", kSchema, {{"word", "spam"}, {"limit", "2KiB"}});

  REQUIRE(config);
  CHECK(config->values.at("word") == "spam");
  CHECK(config->values.at("limit") == "2048");
  CHECK(config->values.at("pause") == "60000");
  CHECK(config->values.at("mode") == "soft");
  CHECK(config->values.at("greeting") == "hi all");
  CHECK(config->values.count("names") == 0);
  CHECK(config->known.count("names") == 1);
}

TEST_CASE("all mistakes in a plugin's settings are named at once", "[host]") {
  const auto config = check_config("filter", kSchema,
                                   {{"wrod", "spam"},
                                    {"limit", "2MiB"},
                                    {"mode", "medium"},
                                    {"pause", "12"},
                                    {"on_timeout", "maybe"}});

  REQUIRE_FALSE(config);
  CHECK((
      config.error() ==
      chatd::host::Mistakes{
          {"filter", "wrod", "there is no setting wrod in [plugin.filter], did you mean \"word\"?"},
          {"filter", "limit", "limit must be a size such as 64KiB (size:1KiB..1MiB)"},
          {"filter", "mode", "mode must be one of the words of choice:soft|hard"},
          {"filter", "pause", "pause must be a duration such as 500ms, 30s or 5min (duration)"},
          {"filter", "on_timeout", "on_timeout must be one of the words of choice:deny|allow"},
          {"filter", "", "[plugin.filter] needs word: the word that is refused"}}));
}

TEST_CASE("order, deadline_ms, on_timeout and file are the host's own settings", "[host]") {
  const auto config = check_config(
      "filter", {},
      {{"order", "-5"}, {"deadline_ms", "250"}, {"on_timeout", "allow"}, {"file", "/x/filter.so"}});

  REQUIRE(config);
  CHECK(config->order == -5);
  CHECK(config->deadline == Millis(250));
  CHECK(config->allows_on_timeout);
  CHECK(config->values.empty());
}

TEST_CASE("a broken schema is refused with its line and what is wrong", "[host]") {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"word string", "line 1: a line is: name type default \"what it is\""},
      {"\nWord string \"\" \"x\"", "line 2: 'Word' is not a key's name"},
      {"order int 1 \"x\"", "line 1: 'order' belongs to the host"},
      {"a text 1 \"x\"", "line 1: there is no type 'text'"},
      {"a int:9..1 1 \"x\"", "line 1: '9..1' is not a range"},
      {"a bool:1..2 true \"x\"", "line 1: 'bool:1..2' is not a type"},
      {"a choice: b \"x\"", "line 1: a choice is empty"},
      {"a choice:b||c b \"x\"", "line 1: a choice is empty"},
      {"a int:1..5 7 \"x\"", "line 1: the default of a must be a whole number (int:1..5)"},
      {"a string \"x", "line 1: a quote is not closed"},
      {"a string \"x\\", "line 1: a quote is not closed"},
      {"a secret \"hunter2\" \"x\"",
       "line 1: a secret is required or optional: who can read it knows it"},
      {"a secret:1..2 optional \"x\"", "line 1: 'secret:1..2' is not a type"},
      {"a bool true \"x\"\na bool true \"y\"", "line 2: 'a' stands twice"},
  };
  for (const auto& [schema, sentence] : wrong) CHECK(parse_schema(schema).error == sentence);
}

TEST_CASE("numbers that would overflow are no numbers", "[host]") {
  const auto schema = parse_schema("a size optional \"x\"\nb int optional \"x\"").value;

  CHECK_FALSE(chatd::sdk::plain_form(schema[0], "9223372036854775807GiB").ok());
  CHECK_FALSE(chatd::sdk::plain_form(schema[0], "-1").ok());
  CHECK_FALSE(chatd::sdk::plain_form(schema[1], "9223372036854775808").ok());
  CHECK_FALSE(chatd::sdk::plain_form(schema[1], "").ok());
  CHECK_FALSE(chatd::sdk::plain_form(schema[1], "1 ").ok());
  CHECK(chatd::sdk::plain_form(schema[1], "-9223372036854775808").ok());
}
