#include "daemon/base/secret.hpp"

#include "daemon/base/log.hpp"

#include <catch2/catch.hpp>

#include <type_traits>

using namespace chatd;

static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
static_assert(!fmt::is_formattable<Secret>::value, "a secret can be printed");
static_assert(!std::is_convertible_v<Secret, std::string_view>);

TEST_CASE("a secret is seen only where it is revealed", "[base]") {
  const Secret secret(std::string("open sesame"));

  CHECK(secret.reveal() == "open sesame");
  CHECK(secret.equals("open sesame"));
  CHECK_FALSE(secret.equals("open sesamE"));
  CHECK_FALSE(secret.equals("open sesame "));
  CHECK_FALSE(secret.equals(""));
  CHECK(Secret().equals(""));
}

TEST_CASE("a secret that moved on leaves nothing behind", "[base]") {
  for (const std::string& text : {std::string("short"), std::string(100, 'x')}) {
    Secret first{std::string(text)};
    const char* const bytes = first.reveal().data();
    Secret second(std::move(first));

    CHECK(second.reveal() == text);
    CHECK(first.empty());
    if (text.size() < 16) CHECK(std::string(bytes, text.size()) == std::string(text.size(), '\0'));

    Secret third(std::string("other"));
    third = std::move(second);
    CHECK(third.reveal() == text);
    CHECK(second.empty());
  }
}

TEST_CASE("a secret wipes the string that it was made of", "[base]") {
  std::string text = "short";
  const Secret secret{std::move(text)};

  CHECK(secret.reveal() == "short");
  CHECK(text.empty());
}

TEST_CASE("a secret moved onto itself stays", "[base]") {
  Secret secret(std::string("same"));
  Secret& alias = secret;
  secret = std::move(alias);

  CHECK(secret.reveal() == "same");
}
