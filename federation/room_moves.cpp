#include "federation/federation.hpp"

#include <fmt/format.h>

#include <utility>

// What the core asks for when a room gets another hub.
namespace chatd::federation {

void Federation::redirected(const std::string& hub) {
  if (Connection* const connection = find(known(hub).link)) connection->session->redirected();
  wake(hub);
}

void Federation::follows(const std::string& hub) {
  if (Connection* const connection = find(known(hub).link)) connection->session->follows();
}

void Federation::hand_over(const std::string& to, const core::SharedRoom& head,
                           std::function<void(Status)> done) {
  Status admitted = admits(to);
  if (Connection* const connection = admitted ? find(known(to).link) : nullptr)
    return connection->session->hand_over(head, std::move(done));
  if (admitted) {
    wake(to);
    admitted = fail(Code::unavailable, fmt::format("there is no link with {}", to));
  }
  late_.push_back([done = std::move(done), admitted] { done(admitted); });
}

}  // namespace chatd::federation
