// SPDX-License-Identifier: Apache-2.0
//
// The ends of a link as nodes, so that a graph goes on in another process.
//
//   ... --> "in":bytes --> [link_sink] --> link_out ~~~~> link_in --> [link_source] --> "out":bytes --> ...
//
// A sink sends together what came in one turn, and at most so many items: what it holds goes out with its next turn.
//
// Lifetime: the nodes own their ends.
// Threads: one at a time.
// Cost: that of the link.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <utility>
#include <vector>

#include "harness/base/now.h"
#include "scenarios/graph/link/link.h"
#include "scenarios/graph/node/node.h"

namespace copycost::graph {

template <design D>
class link_sink final : public node<D> {
 public:
  using typename node<D>::item;

  // `patience_ns`: how long an item waits for room, and the end of the graph for the consumer. `together`: items that
  // are sent at once, at most. REQUIRES: together > 0.
  explicit link_sink(std::unique_ptr<link_out<D>> to, std::int64_t patience_ns = 30'000'000'000,
                     std::size_t together = 32)
      : to_(std::move(to)), patience_ns_(patience_ns), held_(together) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Waits for room where it holds as many as it may. Errors: those of link_out::push(); the item is still there.
  result<void> take(unsigned, item& one, outlet<D>&) override {
    if (n_ == held_.size())
      if (const auto ok = send(); !ok) return ok;
    held_[n_++] = std::move(one);
    return {};
  }
  std::int64_t due_ns() const override { return n_ == 0 ? kNever : 0; }
  // Errors: those of link_out::push(); what was not pushed is still held.
  result<void> on_time(std::int64_t, outlet<D>&) override { return send(); }
  result<void> finish(outlet<D>&) override {
    const auto sent = send();
    to_->close();
    if (!sent) return sent;
    return to_->drain(now_ns() + patience_ns_);
  }
  std::uint64_t held() const override { return n_; }
  // VALID UNTIL: the node is destroyed.
  const link_stats& stats() const { return to_->stats(); }

 private:
  // Errors: those of link_out::push(); what was pushed is not held any more.
  result<void> send() {
    std::size_t gone = 0;
    result<void> ok;
    const std::span<item> all(held_.data(), n_);
    while (ok && gone < n_) {
      auto some = to_->push_some(all.subspan(gone));
      if (some && *some == 0) ok = to_->push(all[gone], now_ns() + patience_ns_);
      if (!some) ok = some.error();
      gone += !ok ? 0 : *some == 0 ? 1 : *some;
    }
    std::move(all.begin() + static_cast<std::ptrdiff_t>(gone), all.end(), all.begin());
    n_ -= gone;
    return ok;
  }

  const std::unique_ptr<link_out<D>> to_;
  const std::int64_t patience_ns_;
  std::vector<item> held_;
  std::size_t n_ = 0;  // of held_, the first
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
