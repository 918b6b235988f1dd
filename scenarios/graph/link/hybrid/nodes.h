// SPDX-License-Identifier: Apache-2.0
//
// The hybrid mode: what is between both nodes exists twice, here and in another process, and each item takes one way.
//
//                     .--> "near" --> nodes of this process ---------------------> "near" --.
//   "in" --> [hybrid_split]                                                         [hybrid_join] --> "out"
//                     '--> "far" --> link_sink ~~~~> other process ~~~~> link_source --> "far" --'
//
// A switch drains first: the split takes nothing more until the join has had everything that was sent. So items are
// neither lost nor doubled, and keep their order. What does not drain in time (a far process that hangs) stays on its
// way: nothing is lost, the switch is counted as late and tried again later. A way whose reader is gone is not taken
// any more.
//
// REQUIRES: each way passes on one item for each that it gets, in order.
//
// Lifetime: the count that both share outlives either.
// Threads: one at a time for each node.
// Cost: a policy's look and a locked addition an item; a switch waits for what is under way.
#pragma once
#include <atomic>
#include <memory>
#include <utility>

#include "scenarios/graph/link/hybrid/load_switch.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

// Items that have come to the join.
struct hybrid_count {
  std::atomic<std::uint64_t> joined{0};
};

template <design D>
class hybrid_split final : public node<D> {
 public:
  using typename node<D>::item;
  static constexpr unsigned kNear = 0, kFar = 1;
  static constexpr std::int64_t kLookNs = 20'000;  // how often it looks whether a way is empty

  hybrid_split(std::unique_ptr<way_policy> policy, std::shared_ptr<const hybrid_count> count,
               std::int64_t patience_ns = 5'000'000'000)
      : policy_(std::move(policy)), count_(std::move(count)), patience_ns_(patience_ns) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  unsigned next_port(const inputs_seen& now) override { return drains_ ? kWait : node<D>::next_port(now); }
  // Errors: those of send(), closed only where both ways are; the item is still there.
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    auto sent = to.send(way_, std::move(one));
    if (!sent && sent.error().code == errc::closed) {
      is_stuck_ = true;
      sent = to.send(way_ = other_way(), std::move(one));
    }
    if (!sent) return sent;
    ++sent_;
    const std::int64_t now = to.now_ns();
    const bool wants_other = policy_->seen(now) != (way_ == kFar);
    if (wants_other && !is_stuck_ && now >= not_before_ns_) {
      drains_ = true;
      since_ns_ = due_ns_ = now;
    }
    return {};
  }
  std::int64_t due_ns() const override { return drains_ ? due_ns_ : kNever; }
  result<void> on_time(std::int64_t now_ns, outlet<D>&) override {
    const bool is_empty = count_->joined.load(std::memory_order_acquire) == sent_;
    if (is_empty) {
      way_ = other_way();
      ++switches_;
      longest_drain_ns_ = std::max(longest_drain_ns_, now_ns - since_ns_);
    } else if (now_ns - since_ns_ > patience_ns_) {
      ++late_;
      not_before_ns_ = now_ns + patience_ns_;
    } else {
      due_ns_ = now_ns + kLookNs;
      return {};
    }
    drains_ = false;
    return {};
  }

  // Not while the node runs.
  std::uint64_t switches() const { return switches_; }
  std::uint64_t late() const { return late_; }  // that were given up
  std::int64_t longest_drain_ns() const { return longest_drain_ns_; }

 private:
  unsigned other_way() const { return way_ == kFar ? kNear : kFar; }

  const std::unique_ptr<way_policy> policy_;
  const std::shared_ptr<const hybrid_count> count_;
  const std::int64_t patience_ns_;
  unsigned way_ = kNear;
  bool drains_ = false, is_stuck_ = false;  // is_stuck_: one way is gone
  std::uint64_t sent_ = 0, switches_ = 0, late_ = 0;
  std::int64_t since_ns_ = 0, due_ns_ = 0, not_before_ns_ = INT64_MIN, longest_drain_ns_ = 0;
  const port_list ports_{{{"in"}}, {{"near"}, {"far"}}};
};

template <design D>
class hybrid_join final : public node<D> {
 public:
  using typename node<D>::item;
  explicit hybrid_join(std::shared_ptr<hybrid_count> count) : count_(std::move(count)) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Errors: those of send(); the item is still there, and does not count.
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto sent = to.send(0, std::move(one)); !sent) return sent;
    count_->joined.fetch_add(1, std::memory_order_release);
    return {};
  }

 private:
  const std::shared_ptr<hybrid_count> count_;
  const port_list ports_{{{"near"}, {"far"}}, {{"out"}}};
};

}  // namespace copycost::graph
