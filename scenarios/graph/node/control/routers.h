// SPDX-License-Identifier: Apache-2.0
//
// Routers that do not look at items.
//
//   broadcast    in --> out0, out1, out2 ...    each item to all
//   round_robin  in --> out0 | out1 | out2 ...  each item to the next
//
// Threads: one at a time.
// Cost: broadcast: one D::fan_out an item. round_robin: nothing beside the send.
#pragma once
#include <vector>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

// Each item goes out on every port. Where all consumers hang on one port, several edges of one output do the same. What
// would go to a port whose readers are gone is dropped and counted.
template <design D>
class broadcast final : public control_node<D> {
 public:
  // REQUIRES: 1 <= outputs <= kPortsMax.
  explicit broadcast(std::size_t outputs, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, numbered_ports("out", outputs, type)}), branches_(outputs) {
    COPYCOST_REQUIRE(outputs > 0);
  }
  // COPIES: in `copy`, the item's size for each port but one.
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    if (const auto made = D::fan_out(std::move(one), branches_); !made) return made;
    for (unsigned i = 0; i < branches_.size(); ++i) this->emit(i, std::move(branches_[i]), to);
    return {};
  }

 private:
  std::vector<typename D::item> branches_;
};

// Whether round_robin waits for the output whose turn it is, or passes over outputs that have no room.
enum class when_full : std::uint8_t { wait, pass };

// Item i goes to output i mod n; an output whose readers are gone is passed over. With when_full::pass so is one that
// has no room, unless none has: then the item waits for the one whose turn it is.
template <design D>
class round_robin final : public control_node<D> {
 public:
  // REQUIRES: 1 <= outputs <= kPortsMax.
  explicit round_robin(unsigned outputs, when_full full = when_full::wait, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, numbered_ports("out", outputs, type)}), outputs_(outputs), full_(full) {
    COPYCOST_REQUIRE(outputs > 0);
  }
  // Errors: those of send(); closed when the readers of all outputs are gone.
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    if (full_ == when_full::pass) turn_ = with_room(to);
    for (unsigned tried = 0; tried < outputs_; ++tried) {
      const auto sent = to.send(turn_, std::move(one));
      if (!sent.ok() && sent.error().code != errc::closed) return sent;
      turn_ = next(turn_);
      if (sent.ok()) return sent;
    }
    return error{errc::closed};
  }

 private:
  unsigned next(unsigned i) const { return i + 1 == outputs_ ? 0 : i + 1; }
  unsigned with_room(const outlet<D>& to) const {
    unsigned at = turn_;
    for (unsigned tried = 0; tried < outputs_; ++tried, at = next(at))
      if (to.has_room(at)) return at;
    return turn_;
  }
  const unsigned outputs_;
  const when_full full_;
  unsigned turn_ = 0;
};

}  // namespace copycost::graph
