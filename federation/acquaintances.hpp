#pragma once

#include "daemon/core/peer_service.hpp"
#include "federation/lifeline.hpp"
#include "federation/signature.hpp"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace chatd::federation {

// What is kept of another server that has proven once who it is: by which root key it is known, and
// since when it behaves.
struct Acquaintance {
  PublicKey root;
  // Another root key that it shows in its document, and since when: who is it now?
  std::optional<PublicKey> other_root;
  TimeMs changed = 0;
  // Since the first link, or since it did last what no honest server does.
  TimeMs behaves_since = 0;
};
[[nodiscard]] std::string encode(const Acquaintance& known);
// Total.
[[nodiscard]] Result<Acquaintance> decode_acquaintance(std::string_view bytes);

// All of them, also across restarts: the core keeps a row of each. Of names that nobody has proven
// there is nothing. Owned by Federation; loop only.
class Acquaintances {
 public:
  explicit Acquaintances(core::PeerService& service) : service_(service) {}
  Acquaintances(const Acquaintances&) = delete;
  Acquaintances& operator=(const Acquaintances&) = delete;

  // Reads what is kept. Calls back once, maybe from within; on an error nothing is known.
  void load(std::function<void(Status)> done);
  [[nodiscard]] bool is_loaded() const { return is_loaded_; }

  // Null: a stranger.
  [[nodiscard]] const Acquaintance* find(std::string_view server) const;
  [[nodiscard]] std::size_t size() const { return all_.size(); }

  // It has proven by a document with this root key who it is.
  void met(const std::string& server, const PublicKey& root, TimeMs now);
  // It did what no honest server does.
  void misbehaved(const std::string& server, TimeMs now);
  // Its document names another root key than the one by which it is known.
  void showed(const std::string& server, const PublicKey& other_root, TimeMs now);
  // The admin says that it is the same server: from now on by that other key, and as a newcomer.
  // not_found when it shows none.
  [[nodiscard]] Status accept(const std::string& server, TimeMs now);

 private:
  void keep(const std::string& server, const Acquaintance& known);

  // Constant after construction
  core::PeerService& service_;
  // Loop only
  std::map<std::string, Acquaintance, std::less<>> all_;
  bool is_loaded_ = false;
  Lifeline lifeline_;
};

}  // namespace chatd::federation
