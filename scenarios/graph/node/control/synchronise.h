// SPDX-License-Identifier: Apache-2.0
//
// Bundles: one item of each input, sent one after the other in the order of the inputs.
//
//   in0 a1 a2 a3 |            --> out  a1 b1 c1 | a2 b2 c2
//   in1 b1 b2 | ended         --> rest a3, c3
//   in2 c1 c2 c3 |
//
// It takes no second item of an input before its bundle is complete, so a slow input holds the others back. When an
// input has ended that the next bundle needs, no bundle follows: what is left of the others leaves on "rest".
//
// Threads: one at a time.
// Cost: some bit operations an item; holds at most one item an input.
#pragma once
#include <vector>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

template <design D>
class synchronise final : public control_node<D> {
 public:
  using item = typename D::item;
  // REQUIRES: 1 <= inputs <= kPortsMax.
  explicit synchronise(unsigned inputs, const std::string& type = kBytes)
      : control_node<D>({numbered_ports("in", inputs, type), {{"out", type}, {"rest", type, false}}}),
        all_(~std::uint64_t{0} >> (kPortsMax - inputs)),
        waiting_(inputs) {
    COPYCOST_REQUIRE(inputs > 0 && inputs <= kPortsMax);
  }

  unsigned next_port(const inputs_seen& now) override {
    return node<D>::next_port({over_ ? now.ready : now.ready & ~have_, now.ended});
  }
  // Errors, after the last bundle: those of send().
  result<void> take(unsigned port, item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    if (over_) {
      const auto sent = to.send(kRest, std::move(one));
      if (sent.ok()) ++leftovers_;
      return sent;
    }
    waiting_[port] = std::move(one);
    have_ |= std::uint64_t{1} << port;
    if (have_ != all_) return {};
    for (item& each : waiting_) this->emit(kOut, std::move(each), to);
    have_ = 0;
    if (ended_ != 0) end(to);
    return {};
  }
  result<void> ended(unsigned port, outlet<D>& to) override {
    ended_ |= std::uint64_t{1} << port;
    if ((ended_ & ~have_) != 0 && !over_) end(to);
    return {};
  }
  std::uint64_t held() const override { return control_node<D>::held() + static_cast<unsigned>(std::popcount(have_)); }
  // Items that found no bundle.
  std::uint64_t leftovers() const { return leftovers_; }

 private:
  static constexpr unsigned kOut = 0, kRest = 1;
  void end(outlet<D>& to) {
    over_ = true;
    for (; have_ != 0; have_ &= have_ - 1, ++leftovers_)
      this->emit(kRest, std::move(waiting_[static_cast<std::size_t>(std::countr_zero(have_))]), to);
  }

  const std::uint64_t all_;
  std::uint64_t have_ = 0, ended_ = 0, leftovers_ = 0;
  bool over_ = false;
  std::vector<item> waiting_;  // of the inputs in have_
};

}  // namespace copycost::graph
