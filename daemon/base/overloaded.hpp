#pragma once

namespace chatd {

// One visitor from several lambdas: std::visit(overloaded{[](A&) ..., [](B&) ...}, variant).
template <class... Callables>
struct overloaded : Callables... {
  using Callables::operator()...;
};
template <class... Callables>
overloaded(Callables...) -> overloaded<Callables...>;

}  // namespace chatd
