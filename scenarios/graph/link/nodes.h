// SPDX-License-Identifier: Apache-2.0
//
// The ends of a link as nodes, so that a graph goes on in another process.
//
//   ... --> "in":bytes --> [link_sink] --> link_out ~~~~> link_in --> [link_source] --> "out":bytes --> ...
//
// Lifetime: the nodes own their ends.
// Threads: one at a time.
// Cost: that of the link.
#pragma once
#include <array>
#include <memory>
#include <utility>

#include "harness/base/now.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

template <design D>
class link_sink final : public node<D> {
 public:
  using typename node<D>::item;

  // `patience_ns`: how long an item waits for room, and the end of the graph for the consumer.
  explicit link_sink(std::unique_ptr<link_out<D>> to, std::int64_t patience_ns = 30'000'000'000)
      : to_(std::move(to)), patience_ns_(patience_ns) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Waits for room. Errors: those of link_out::push(); the item is still there.
  result<void> take(unsigned, item& one, outlet<D>&) override { return to_->push(one, now_ns() + patience_ns_); }
  result<void> finish(outlet<D>&) override {
    to_->close();
    return to_->drain(now_ns() + patience_ns_);
  }
  // VALID UNTIL: the node is destroyed.
  const link_stats& stats() const { return to_->stats(); }

 private:
  const std::unique_ptr<link_out<D>> to_;
  const std::int64_t patience_ns_;
  const port_list ports_{{{"in"}}, {}};
};

template <design D>
class link_source final : public node<D> {
 public:
  using typename node<D>::item;

  explicit link_source(std::unique_ptr<link_in<D>> from) : from_(std::move(from)) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Errors: those of link_in::pop() but `late` and `closed`, and those of send(): what was not sent is sent the next
  // time.
  result<turn> produce(outlet<D>& out) override {
    if (at_ == come_) {
      const auto n = from_->pop_some(some_);
      if (!n && n.error().code == errc::closed) return turn::done;
      if (!n) return n.error();
      if (n.value() == 0) return turn::idle;
      at_ = 0;
      come_ = n.value();
    }
    for (; at_ < come_; ++at_)
      if (const auto ok = out.send(0, std::move(some_[at_])); !ok) return ok.error();
    return turn::more;
  }
  // VALID UNTIL: the node is destroyed.
  const link_stats& stats() const { return from_->stats(); }

 private:
  const std::unique_ptr<link_in<D>> from_;
  std::array<item, 32> some_;
  std::size_t at_ = 0, come_ = 0;
  const port_list ports_{{}, {{"out"}}};
};

}  // namespace copycost::graph
