// SPDX-License-Identifier: Apache-2.0
//
// Passes items on, and says when none comes in time.
//
//   in a b ........ c --> out  a b c
//          '- d ns -'     late [key 0]      one marker a silence
//
// A silence begins with an item, or when the node is asked for the first time. A marker has no payload; its key is how
// many markers came before it.
//
// Threads: one at a time.
// Cost: a look at the clock an item.
#pragma once
#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

template <design D>
class timeout final : public control_node<D> {
 public:
  using item = typename D::item;
  // REQUIRES: after_ns > 0. Markers have `source`.
  explicit timeout(std::int64_t after_ns, name_id source = 0, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type}, {"late"}}}), after_ns_(after_ns), source_(source) {
    COPYCOST_REQUIRE(after_ns > 0);
  }

  // Errors: those of send().
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    const auto sent = to.send(kOut, std::move(one));
    if (sent.ok()) begin(to.now_ns());
    return sent;
  }
  result<void> ended(unsigned, outlet<D>&) override {
    late_ns_ = kNever;
    return {};
  }
  std::int64_t due_ns() const override { return std::min(late_ns_, control_node<D>::due_ns()); }
  // Errors: those of making an item; then it is due still.
  result<void> on_time(std::int64_t now, outlet<D>& to) override {
    if (late_ns_ == kNotAsked) {
      begin(now);
      return {};
    }
    if (now < late_ns_ || late_ns_ == kNever) return this->settle(to);
    auto marker = to.maker().copy({source_, markers_, {}}, {});
    if (!marker) return marker.error();
    this->emit(kLate, std::move(marker).value(), to);
    ++markers_;
    late_ns_ = kNever;
    return this->settle(to);
  }
  std::uint64_t markers() const { return markers_; }

 private:
  static constexpr unsigned kOut = 0, kLate = 1;
  static constexpr std::int64_t kNotAsked = std::numeric_limits<std::int64_t>::min();
  void begin(std::int64_t now) { late_ns_ = now > kNever - 1 - after_ns_ ? kNever - 1 : now + after_ns_; }

  const std::int64_t after_ns_;
  const name_id source_;
  std::int64_t late_ns_ = kNotAsked;
  std::uint64_t markers_ = 0;
};

}  // namespace copycost::graph
