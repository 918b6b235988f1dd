// SPDX-License-Identifier: Apache-2.0
//
// Holds each item back for a time, and keeps their order.
//
//   in a(0 ms) b(3 ms) --[ 10 ms ]--> out a(10 ms) b(13 ms)
//
// When it holds as many items as it may, it takes no more until one is due.
//
// Threads: one at a time.
// Cost: a look at the clock an item.
#pragma once
#include <deque>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

template <design D>
class delay final : public control_node<D> {
 public:
  using item = typename D::item;
  // REQUIRES: delay_ns >= 0, held_max > 0.
  explicit delay(std::int64_t delay_ns, std::size_t held_max = std::size_t{1} << 16, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type}}}), delay_ns_(delay_ns), held_max_(held_max) {
    COPYCOST_REQUIRE(delay_ns >= 0 && held_max > 0);
  }

  unsigned next_port(const inputs_seen& now) override {
    return waiting_.size() < held_max_ ? node<D>::next_port(now) : kWait;
  }
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    const std::int64_t now = to.now_ns();
    const std::int64_t at = now > kNever - 1 - delay_ns_ ? kNever - 1 : now + delay_ns_;
    waiting_.push_back({at, std::move(one)});
    return {};
  }
  std::int64_t due_ns() const override {
    const std::int64_t own = waiting_.empty() ? kNever : waiting_.front().at_ns;
    return std::min(own, control_node<D>::due_ns());
  }
  // Errors: those of send().
  result<void> on_time(std::int64_t now, outlet<D>& to) override {
    for (; !waiting_.empty() && waiting_.front().at_ns <= now; waiting_.pop_front())
      this->emit(0, std::move(waiting_.front().one), to);
    return this->settle(to);
  }
  // Nothing is held here where finish() comes when nothing is due, as node.h says.
  result<void> finish(outlet<D>& to) override {
    for (; !waiting_.empty(); waiting_.pop_front()) this->emit(0, std::move(waiting_.front().one), to);
    return control_node<D>::finish(to);
  }
  std::uint64_t held() const override { return control_node<D>::held() + waiting_.size(); }

 private:
  struct waiting {
    std::int64_t at_ns;
    item one;
  };
  const std::int64_t delay_ns_;
  const std::size_t held_max_;
  std::deque<waiting> waiting_;
};

}  // namespace copycost::graph
