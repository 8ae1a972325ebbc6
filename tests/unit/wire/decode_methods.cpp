#include "daemon/wire/codec.hpp"
#include "daemon/wire/describe.hpp"

#include <catch2/catch.hpp>
#include <simdjson.h>

#include <string>
#include <vector>

// Every row of the method table, by a sample made from its own description.

using namespace chatd;
using namespace chatd::wire;

namespace {

constexpr std::string_view kRoom = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
constexpr std::string_view kMsgId = "01890a5d-ac96-774b-bcce-b302099a8057";

// Gives each field a value of its type as JSON.
class SampleMaker {
 public:
  struct Member {
    std::string key;
    std::string json;
    std::string wrong;  // of a wrong type or value
    bool is_required;
  };
  template <class T>
  void operator()(std::string_view key, const T&, std::string_view, Bounds bounds = {}) {
    members.push_back({std::string(key), good<T>(bounds), wrong<T>(bounds), !IsOptional<T>::value});
  }
  std::vector<Member> members;

 private:
  template <class T>
  static std::string good(Bounds bounds) {
    if constexpr (IsOptional<T>::value) {
      return good<typename T::value_type>(bounds);
    } else if constexpr (IsVector<T>::value) {
      return "[" + good<typename T::value_type>({}) + "," + good<typename T::value_type>({}) + "]";
    } else if constexpr (std::same_as<T, bool>) {
      return "true";
    } else if constexpr (std::integral<T>) {
      return std::to_string(std::min<std::uint64_t>(bounds.max_value, 7));
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
      return '"' + std::string(bounds.max_code_points, 'x') + '"';
    } else if constexpr (std::same_as<T, UserId>) {
      return "\"juliet@capulet.example\"";
    } else if constexpr (std::same_as<T, RoomId>) {
      return '"' + std::string(kRoom) + '"';
    } else if constexpr (std::same_as<T, DeviceId>) {
      return "\"0123456789abcdef\"";
    } else if constexpr (std::same_as<T, ClientMsgId>) {
      return '"' + std::string(kMsgId) + '"';
    } else if constexpr (std::same_as<T, Content>) {
      return R"({"text":"hello"})";
    } else if constexpr (WordEnum<T>) {
      return '"' + std::string(Words<T>::kList.back()) + '"';
    } else {
      return object<T>();
    }
  }

  template <class T>
  static std::string wrong(Bounds bounds) {
    if constexpr (IsOptional<T>::value) {
      return wrong<typename T::value_type>(bounds);
    } else if constexpr (std::same_as<T, bool>) {
      return "1";
    } else if constexpr (std::integral<T>) {
      return std::to_string(bounds.max_value + 1);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
      return "7";
    } else {
      return "\"no such word\"";
    }
  }

  template <class T>
  static std::string object() {
    SampleMaker maker;
    const T sample{};
    T::fields(sample, maker);
    return maker.text([](const Member&) { return true; });
  }

 public:
  template <class Keep>
  [[nodiscard]] std::string text(Keep keep) const {
    std::string out = "{";
    for (const Member& member : members) {
      if (!keep(member)) continue;
      if (out.size() > 1) out += ',';
      out += '"' + member.key + "\":" + member.json;
    }
    return out + "}";
  }
};

template <class T>
SampleMaker sample_of() {
  SampleMaker maker;
  const T sample{};
  T::fields(sample, maker);
  return maker;
}

template <class T>
std::string frame(const std::string& params) {
  return R"({"jsonrpc":"2.0","id":1,"method":")" + std::string(T::kMethod.name) + R"(","params":)" +
         params + "}";
}

template <class T>
bool is_decoded(const std::string& params) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(frame<T>(params));
  const auto* request = std::get_if<Request>(&decoded);
  return request != nullptr && request->id == "1" && std::holds_alternative<T>(request->params);
}

template <class T>
Error refusal(const std::string& params) {
  Decoder decoder;
  const Decoded decoded = decoder.decode(frame<T>(params));
  const auto* bad = std::get_if<BadRequest>(&decoded);
  REQUIRE(bad != nullptr);
  CHECK(bad->id == "1");
  return bad->error;
}

bool names(const Error& error, std::string_view key) {
  return error.message.find('"' + std::string(key) + '"') != std::string::npos;
}

}  // namespace

TEST_CASE("every method takes its parameters, all or only the required", "[wire]") {
  for_each_method([&]<class T>() {
    const SampleMaker sample = sample_of<T>();

    INFO(T::kMethod.name);
    CHECK(is_decoded<T>(sample.text([](const auto&) { return true; })));
    CHECK(is_decoded<T>(sample.text([](const auto& member) { return member.is_required; })));
  });
}

TEST_CASE("every method names the required parameter that is missing", "[wire]") {
  for_each_method([&]<class T>() {
    const SampleMaker sample = sample_of<T>();
    for (const auto& missing : sample.members) {
      if (!missing.is_required) continue;
      const Error error =
          refusal<T>(sample.text([&](const auto& member) { return member.key != missing.key; }));

      INFO(T::kMethod.name << " without " << missing.key);
      CHECK(error.code == Code::invalid_params);
      CHECK(error.message == "\"" + missing.key + "\" is missing");
    }
  });
}

TEST_CASE("every method names the parameter of a wrong type or value", "[wire]") {
  for_each_method([&]<class T>() {
    SampleMaker sample = sample_of<T>();
    for (auto& member : sample.members) {
      const std::string good = std::exchange(member.json, member.wrong);
      const Error error = refusal<T>(sample.text([](const auto&) { return true; }));
      member.json = good;

      INFO(T::kMethod.name << " with " << member.key << " = " << member.wrong);
      CHECK(error.code == Code::invalid_params);
      CHECK(names(error, member.key));
    }
  });
}

TEST_CASE("every method refuses a parameter it does not know", "[wire]") {
  for_each_method([&]<class T>() {
    std::string params = sample_of<T>().text([](const auto&) { return true; });
    params.back() = params.size() > 2 ? ',' : ' ';
    const Error error = refusal<T>(params + R"("stray":1})");

    INFO(T::kMethod.name);
    CHECK(error.code == Code::invalid_params);
    CHECK(error.message == "\"stray\" is not a known parameter");
  });
}

TEST_CASE("every method refuses a parameter that is given twice", "[wire]") {
  for_each_method([&]<class T>() {
    const SampleMaker sample = sample_of<T>();
    for (const auto& member : sample.members) {
      std::string params = sample.text([](const auto&) { return true; });
      params.back() = ',';
      const Error error = refusal<T>(params + '"' + member.key + "\":" + member.json + "}");

      INFO(T::kMethod.name << " with two " << member.key);
      CHECK(error.code == Code::invalid_params);
      CHECK(error.message == "\"" + member.key + "\" is given twice");
    }
  });
}

TEST_CASE("an optional parameter that is null is as good as left out", "[wire]") {
  for_each_method([&]<class T>() {
    SampleMaker sample = sample_of<T>();
    for (auto& member : sample.members) {
      const std::string good = std::exchange(member.json, "null");
      const std::string params = sample.text([](const auto&) { return true; });
      member.json = good;

      INFO(T::kMethod.name << " with null " << member.key);
      CHECK(is_decoded<T>(params) == !member.is_required);
    }
  });
}

namespace {

// Sends one character more than allowed in each string.
struct OverlongMaker {
  template <class T>
  void operator()(std::string_view key, const T& value, std::string_view, Bounds bounds = {}) {
    if constexpr (IsOptional<T>::value) {
      (*this)(key, typename T::value_type{}, {}, bounds);
    } else if constexpr (std::same_as<T, std::string> || std::same_as<T, Secret>) {
      (void)value;
      members.push_back(
          {std::string(key), '"' + std::string(bounds.max_code_points + 1, 'x') + '"'});
    }
  }
  std::vector<std::pair<std::string, std::string>> members;
};

}  // namespace

TEST_CASE("every method names the string that is too long", "[wire]") {
  for_each_method([&]<class T>() {
    OverlongMaker overlong;
    const T value{};
    T::fields(value, overlong);
    SampleMaker sample = sample_of<T>();
    for (const auto& [key, json] : overlong.members) {
      for (auto& member : sample.members) {
        if (member.key != key) continue;
        const std::string good = std::exchange(member.json, json);
        const Error error = refusal<T>(sample.text([](const auto&) { return true; }));
        member.json = good;

        INFO(T::kMethod.name << ": " << key);
        CHECK(error.code == Code::too_large);
        CHECK(names(error, key));
      }
    }
  });
}

TEST_CASE("what the encoder writes of a method, the decoder reads", "[wire]") {
  Decoder decoder;
  for_each_method([&]<class T>() {
    if constexpr (!requires(T params) { params.content.bytes; }) {
      const std::string first = frame<T>(sample_of<T>().text([](const auto&) { return true; }));
      const Decoded decoded = decoder.decode(first);
      const auto& params = std::get<T>(std::get<Request>(decoded).params);

      CHECK(frame<T>(to_json(params)) == first);
    }
  });
}
