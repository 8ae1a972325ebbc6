// Accounts prove themselves with a password, kept as Argon2id hashes. See README.md.
#include "plugins/auth_password/argon2.hpp"
#include "plugins/auth_password/lanes.hpp"
#include "plugins/auth_password/throttle.hpp"
#include <chatd/plugin.hpp>

#include <sodium.h>

#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>

namespace auth_password {
namespace {

using chatd::sdk::Op;

// Shorter ones fall to guessing; longer ones are no password and only cost time.
constexpr std::size_t kMinBytes = 8;
constexpr std::size_t kMaxBytes = 1024;

constexpr const char kSchema[] = R"(
passes          int:1..100          2      "passes of Argon2id over its memory"
memory          size:7MiB..4GiB     19MiB  "memory of one Argon2id computation"
max_concurrent  int:1..64           2      "passwords checked at a time; one more may be set"
max_waiting     int:1..100000       200    "more than these are told to retry"
free_attempts   int:1..1000         5      "wrong passwords for an account before a network waits"
max_delay       duration:1s..1h     1min   "the longest wait between two attempts"
)";

std::size_t number(const chatd::sdk::Host& host, const char* key) {
  const auto value = host.config_number(key);
  if (!value) throw std::runtime_error(std::string("no value for ") + key);
  return static_cast<std::size_t>(*value);
}

class AuthPassword final : public chatd::sdk::Auth {
 public:
  explicit AuthPassword(chatd::sdk::Host host)
      : host_(host),
        state_(host.state()),
        argon2_(number(host, "passes"), number(host, "memory")),
        attempts_(static_cast<unsigned>(number(host, "free_attempts")),
                  Throttle::Millis(number(host, "max_delay"))),
        proofs_(
            host, number(host, "max_concurrent"), number(host, "max_waiting"),
            [this](Job& job) { prove(job); },
            [this](Job& job) { attempts_.unjudged(job.user, job.network); }),
        changes_(
            host, 1, number(host, "max_waiting"), [this](Job& job) { change(job); }, [](Job&) {}) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium can't be initialised");
    if (!state_) throw std::runtime_error("this host keeps no state");
    const auto decoy = argon2_.hash("whatever; it never matches");
    if (!decoy) throw std::runtime_error("not enough memory for one Argon2id computation");
    decoy_ = *decoy;
  }

  // LOOP
  chatd_status set_secret(Op& op, std::string_view user, std::string_view secret) override {
    if (secret.size() < kMinBytes)
      return op.answer(CHATD_E_INVALID, "a password has at least 8 bytes");
    if (secret.size() > kMaxBytes)
      return op.answer(CHATD_E_TOO_LARGE, "a password has at most 1024 bytes");
    changes_.add({Task::set_secret, std::move(op), std::string(user), Wiped(secret)});
    return CHATD_PENDING;
  }

  chatd_status verify(Op& op, std::string_view user, std::string_view network,
                      std::string_view secret) override {
    const auto wait = attempts_.begin(user, network, Throttle::Clock::now());
    if (wait.count() > 0)
      return op.answer(CHATD_E_LIMIT, "too many wrong passwords",
                       static_cast<std::uint64_t>(wait.count()));
    if (secret.size() < kMinBytes || secret.size() > kMaxBytes) return CHATD_E_DENIED;
    proofs_.add(
        {Task::verify, std::move(op), std::string(user), Wiped(secret), std::string(network)});
    return CHATD_PENDING;
  }

  chatd_status erase(Op& op, std::string_view user) override {
    changes_.add({Task::erase, std::move(op), std::string(user), Wiped()});
    return CHATD_PENDING;
  }

 private:
  // WORKER
  void change(Job& job) {
    const std::string key = key_of(job.user);
    if (job.task == Task::erase) {
      const std::lock_guard lock(writing_);
      job.op.answer(state_.erase(key));
      return;
    }
    const auto hash = argon2_.hash(job.secret.view());
    if (!hash) {
      job.op.answer(CHATD_E_UNAVAILABLE);
      return;
    }
    const std::lock_guard lock(writing_);
    job.op.answer(state_.put(key, *hash));
  }

  void prove(Job& job) {
    const auto stored = state_.get(key_of(job.user));
    if (!stored.ok() && stored.status != CHATD_E_NOT_FOUND) {
      attempts_.unjudged(job.user, job.network);
      job.op.answer(CHATD_E_UNAVAILABLE);
      return;
    }
    // An unknown account costs what a known one costs; it can't match.
    const std::string& hash = stored.ok() ? stored.value : decoy_;
    const Verdict verdict = argon2_.verify(hash, job.secret.view());
    if (verdict == Verdict::no_memory) {
      attempts_.unjudged(job.user, job.network);
      job.op.answer(CHATD_E_UNAVAILABLE);
      return;
    }
    if (!stored.ok() || verdict == Verdict::wrong) {
      job.op.answer(CHATD_E_DENIED);
      return;
    }
    attempts_.succeeded(job.user, job.network);
    job.op.answer(CHATD_OK);
    if (argon2_.is_outdated(hash)) rehash(job, hash);
  }

  // Brings the hash to today's cost, unless the password was changed or erased meanwhile.
  void rehash(const Job& job, const std::string& old_hash) {
    const auto hash = argon2_.hash(job.secret.view());
    if (!hash) return;
    const std::string key = key_of(job.user);
    const std::lock_guard lock(writing_);
    const auto stored = state_.get(key);
    if (!stored.ok() || stored.value != old_hash) return;
    if (state_.put(key, *hash) != CHATD_OK)
      host_.warning("a password hash could not be brought to today's cost");
  }

  // Constant after construction
  const chatd::sdk::Host host_;
  const chatd::sdk::State state_;
  const Argon2 argon2_;
  std::string decoy_;  // what unknown accounts are compared with

  Attempts attempts_;
  Lanes proofs_;
  Lanes changes_;       // a single lane: the change that was asked for last is the one that holds
  std::mutex writing_;  // one writer of hashes at a time: a login may bring one to today's cost
};

}  // namespace
}  // namespace auth_password

CHATD_PLUGIN(auth_password::AuthPassword, "auth_password", "1.0.0",
             "passwords, kept as Argon2id hashes", auth_password::kSchema)
