// SPDX-License-Identifier: Apache-2.0
//
// Branches by what an item is.
//
//   if_node     in --> "true" | "false"
//   match_node  in --> the port of the first pattern that fits, else "default", else dropped and counted
//   discard     in                         drops and counts: for outputs that no reader needs
//
// Threads: one at a time.
// Cost: a call of the predicate an item, of each pattern up to the one that fits.
#pragma once
#include <functional>
#include <memory>
#include <vector>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

// F: bool(const item&).
template <design D, class F>
class if_node final : public control_node<D> {
 public:
  explicit if_node(F holds, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, {{"true", type}, {"false", type}}}), holds_(std::move(holds)) {}
  // Errors: those of send().
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    const unsigned port = holds_(std::as_const(one)) ? 0 : 1;
    return to.send(port, std::move(one));
  }

 private:
  F holds_;
};
template <design D, class F>
std::unique_ptr<node<D>> make_if(F holds, const std::string& type = kBytes) {
  return std::make_unique<if_node<D, F>>(std::move(holds), type);
}

// A pattern, and the name of its output.
template <design D>
struct match_case {
  std::string name;
  std::function<bool(const typename D::item&)> fits;
};
enum class otherwise : std::uint8_t { to_default, drop };

template <design D>
class match_node final : public control_node<D> {
 public:
  match_node(std::vector<match_case<D>> cases, otherwise other, const std::string& type = kBytes)
      : control_node<D>(ports_of(cases, other, type)), cases_(std::move(cases)), other_(other) {}
  // Errors: those of send().
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    unsigned port = 0;
    while (port < cases_.size() && !cases_[port].fits(std::as_const(one))) ++port;
    if (port < cases_.size() || other_ == otherwise::to_default) return to.send(port, std::move(one));
    this->drop(1);
    return {};
  }

 private:
  static port_list ports_of(const std::vector<match_case<D>>& cases, otherwise other, const std::string& type) {
    port_list out{{{"in", type}}, {}};
    for (const auto& c : cases) out.outputs.push_back({c.name, type});
    if (other == otherwise::to_default) out.outputs.push_back({"default", type});
    return out;
  }
  const std::vector<match_case<D>> cases_;
  const otherwise other_;
};

template <design D>
class discard final : public control_node<D> {
 public:
  explicit discard(const std::string& type = kBytes) : control_node<D>({{{"in", type}}, {}}) {}
  result<void> take(unsigned, typename D::item&, outlet<D>&) override {
    this->drop(1);
    return {};
  }
};

}  // namespace copycost::graph
