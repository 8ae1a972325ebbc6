#include "daemon/wire/packet.hpp"
#include "daemon/wire/record.hpp"
#include "tests/bench/micro/step.hpp"
#include "tests/bench/micro/talkers.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace chatd::bench {
namespace {

// Of one sender within a turn: as many as come together when there is much to do.
constexpr std::size_t kMessages = 16;

class FromFrames : public Step {
 public:
  [[nodiscard]] std::size_t messages() const final { return kMessages; }

 protected:
  void write_frames() {
    for (std::string& frame : frames_) {
      ++number_;
      frame = R"({"jsonrpc":"2.0","id":)" + std::to_string(number_) +
              R"(,"method":"message.send","params":{"room":")" + talkers_.room() +
              R"(","client_msg_id":")" + message_id(number_) + R"(","content":{"text":")" +
              text_of(number_) + R"("}}})";
    }
  }
  void decode() {
    decoded_.clear();
    for (const std::string& frame : frames_) decoded_.push_back(decoder_.decode(frame));
  }
  void request() {
    for (wire::Decoded& decoded : decoded_) talkers_.request(std::move(decoded));
    talkers_.end_turn();
  }
  void answer_commits() { talkers_.answer_commits(); }

 private:
  Talkers talkers_;
  wire::Decoder decoder_;
  std::size_t number_ = 0;
  std::array<std::string, kMessages> frames_;
  std::vector<wire::Decoded> decoded_;
};

class Decode final : public FromFrames {
  void prepare() override { write_frames(); }
  void run() override { decode(); }
};

class Dispatch final : public FromFrames {
  void prepare() override {
    answer_commits();
    write_frames();
    decode();
  }
  void run() override { request(); }
};

class Deliver final : public FromFrames {
  void prepare() override {
    write_frames();
    decode();
    request();
  }
  void run() override { answer_commits(); }
};

class FromRecords : public Step {
 public:
  FromRecords() {
    for (wire::Record& record : records_) {
      record.seq = ++number_;
      record.sender = *UserId::parse("alice@one.example");
      record.origin = "one.example";
      record.client_msg_id = *ClientMsgId::parse(message_id(number_));
      record.time = 1'800'000'000'000;
      record.content = R"({"text":")" + text_of(number_) + R"("})";
      record.content_hash = blake2b_256(record.content);
    }
  }
  [[nodiscard]] std::size_t messages() const final { return kMessages; }
  void prepare() final {}

 protected:
  [[nodiscard]] const std::array<wire::Record, kMessages>& records() const { return records_; }

 private:
  std::size_t number_ = 0;
  std::array<wire::Record, kMessages> records_;
};

class HashRecord final : public FromRecords {
  void run() override {
    for (std::size_t i = 0; i < kMessages; ++i) hashes_[i] = wire::record_hash(records()[i]);
  }
  std::array<Hash256, kMessages> hashes_{};
};

class Encode final : public FromRecords {
  void run() override {
    for (std::size_t i = 0; i < kMessages; ++i) {
      std::string text;
      wire::append_json(text, records()[i]);
      packets_[i] = wire::Packet::text(text);
    }
  }
  std::array<wire::Packet, kMessages> packets_;
};

}  // namespace

std::unique_ptr<Step> make_decode() { return std::make_unique<Decode>(); }
std::unique_ptr<Step> make_dispatch() { return std::make_unique<Dispatch>(); }
std::unique_ptr<Step> make_deliver() { return std::make_unique<Deliver>(); }
std::unique_ptr<Step> make_hash() { return std::make_unique<HashRecord>(); }
std::unique_ptr<Step> make_encode() { return std::make_unique<Encode>(); }

}  // namespace chatd::bench
