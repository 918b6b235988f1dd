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
#include <atomic>
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
    if (is_over_) return to_->push(one, kPast);
    if (n_ == held_.size())
      if (const auto ok = send(); !ok) return over_if_failed(ok);
    held_[n_++] = std::move(one);
    return {};
  }
  // While something is under way it looks now and then: what the carrier did not take at once goes out, and what the
  // consumer has taken is free, also when no item comes.
  std::int64_t due_ns() const override {
    if (is_over_ || (n_ == 0 && to_->stats().taken == to_->stats().items)) return kNever;
    return n_ > 0 ? 0 : look_ns_;
  }
  // Errors: those of link_out::push(): then the link is over, and what is still held is dropped and counted.
  result<void> on_time(std::int64_t now_ns, outlet<D>&) override {
    auto ok = send();
    if (ok) ok = to_->drain(kPast);
    if (!ok && ok.error().code == errc::late) ok = {};
    look_ns_ = now_ns + kLookNs;
    return over_if_failed(ok);
  }
  result<void> finish(outlet<D>&) override {
    auto ok = send();
    to_->close();
    if (ok) ok = to_->drain(now_ns() + patience_ns_);
    return over_if_failed(ok);
  }
  std::uint64_t dropped() const override { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t held() const override { return n_; }
  // VALID UNTIL: the node is destroyed.
  const link_stats& stats() const { return to_->stats(); }

 private:
  static constexpr std::int64_t kPast = 0, kLookNs = 1'000'000;

  result<void> over_if_failed(const result<void>& ok) {
    if (ok || of_machine(ok.error())) return ok;
    is_over_ = true;
    dropped_.store(dropped_.load(std::memory_order_relaxed) + n_, std::memory_order_relaxed);
    D::drop(std::span(held_.data(), n_));
    n_ = 0;
    return ok;
  }
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
  std::size_t n_ = 0;         // of held_, the first
  std::int64_t look_ns_ = 0;  // when it looks at what is under way
  bool is_over_ = false;      // the link ended with an error
  std::atomic<std::uint64_t> dropped_{0};
  const port_list ports_{{{"in"}}, {}};
};

template <design D>
class link_source final : public node<D> {
 public:
  using typename node<D>::item;

  // `wait_ns`: how long a turn waits for an item, so that a thread of its own sleeps at the link and looks no more
  // often than that. REQUIRES: 0 where other nodes share the thread.
  explicit link_source(std::unique_ptr<link_in<D>> from, std::int64_t wait_ns = 0)
      : from_(std::move(from)), wait_ns_(wait_ns) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const override { return ports_; }
  // Errors: those of link_in::pop() but `late` and `closed`, and those of send(): what was not sent is sent the next
  // time.
  result<turn> produce(outlet<D>& out) override {
    if (at_ == come_) {
      auto n = from_->pop_some(some_);
      if (n && *n == 0 && wait_ns_ > 0) n = waited_for();
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
  result<std::size_t> waited_for() {
    const auto come = from_->pop(some_[0], now_ns() + wait_ns_);
    if (come) return std::size_t{1};
    return come.error().code == errc::late ? result<std::size_t>(std::size_t{0}) : come.error();
  }

  const std::unique_ptr<link_in<D>> from_;
  const std::int64_t wait_ns_;
  std::array<item, 32> some_;
  std::size_t at_ = 0, come_ = 0;
  const port_list ports_{{}, {{"out"}}};
};

}  // namespace copycost::graph
