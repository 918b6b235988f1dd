// SPDX-License-Identifier: Apache-2.0
//
// Merges: several inputs, one output; what differs is whose turn it is.
//
//   interleave       in1 in1 in1 in0 in0 ...   an input that has something, up to 32 items of it, then the next
//   take_turns       in0 in1 in2 in0 in2 ...   one item each, in order; who has nothing or has ended is passed over
//   in_sequence      in0 in0 in0 | in1 in1     all of an input to its end, then the next
//   strict_priority  in0 whenever it has something, else in1, else in2
//
// Each keeps the order of every input.
//
// Threads: one at a time.
// Cost: some bit operations an item.
#pragma once
#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

enum class merge_order : std::uint8_t { interleave, take_turns, in_sequence, strict_priority };

inline constexpr unsigned kInterleaveMost = 32;  // items of one input while others have some

template <design D>
class merge final : public control_node<D> {
 public:
  // REQUIRES: 1 <= inputs <= kPortsMax.
  merge(unsigned inputs, merge_order order, const std::string& type = kBytes)
      : control_node<D>({numbered_ports("in", inputs, type), {{"out", type}}}), inputs_(inputs), order_(order) {
    COPYCOST_REQUIRE(inputs > 0 && inputs <= kPortsMax);
  }

  // Errors: those of send().
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override { return to.send(0, std::move(one)); }

  unsigned next_port(const inputs_seen& now) override {
    switch (order_) {
      case merge_order::take_turns:
        return node<D>::next_port(now);
      case merge_order::strict_priority:
        return first(now.ready);
      case merge_order::in_sequence: {
        const std::uint64_t all = ~std::uint64_t{0} >> (kPortsMax - inputs_);
        const std::uint64_t unfinished = (all & ~now.ended) | now.ready;
        return first(unfinished & -unfinished & now.ready);  // the first of them, when it has something
      }
      case merge_order::interleave:
        break;
    }
    const bool stays = (now.ready >> at_ & 1) != 0 && taken_ < kInterleaveMost;
    if (!stays) {
      const unsigned other = node<D>::next_port(now);
      if (other == kWait) return kWait;
      at_ = other;
      taken_ = 0;
    }
    ++taken_;
    return at_;
  }

 private:
  static unsigned first(std::uint64_t of) { return of == 0 ? kWait : static_cast<unsigned>(std::countr_zero(of)); }
  const unsigned inputs_;
  const merge_order order_;
  unsigned at_ = 0, taken_ = kInterleaveMost;
};

}  // namespace copycost::graph
