#include "daemon/app/arrival.hpp"

#include "daemon/base/overloaded.hpp"

#include <utility>

namespace chatd::app {

Arrival decode(wire::Decoder& decoder, net::Inbound&& inbound) {
  return std::visit(overloaded{[](net::Opened&& opened) -> Arrival { return std::move(opened); },
                               [&](net::Received&& received) -> Arrival {
                                 return Asked{received.session, decoder.decode(received.bytes)};
                               },
                               [](net::Closed&& closed) -> Arrival { return closed; },
                               [](net::LinkEvent&& event) -> Arrival { return std::move(event); }},
                    std::move(inbound));
}

}  // namespace chatd::app
