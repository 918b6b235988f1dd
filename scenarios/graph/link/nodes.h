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
#include <optional>
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
  // Waits for room where it holds as many as it may. Errors: late, closed, peer_gone, broken_link, those of the
  // machine; the item is still there.
  result<void> take(unsigned, item& one, outlet<D>&) override {
    if (is_over_) return to_->push(one, kPast);
    if (n_ == held_.size())
      if (const auto ok = send(); !ok) return over_if_ended(ok);
    held_[n_++] = std::move(one);
    return {};
  }
  // While something is under way it looks now and then: what the carrier did not take at once goes out, and what the
  // consumer has taken is free, also when no item comes.
  std::int64_t due_ns() const override {
    if (n_ > 0 || refused_) return 0;
    return is_over_ || to_->stats().taken == to_->stats().items ? kNever : look_ns_;
  }
  // Errors: those of take() but `late`. Where the link has ended, what is still held is dropped and counted. What
  // link_out::push() says of one item (too_large): that item is dropped and counted, and the others go.
  result<void> on_time(std::int64_t now_ns, outlet<D>&) override {
    auto ok = send();
    if (ok) ok = to_->drain(kPast);
    if (!ok && ok.error().code == errc::late) ok = {};
    look_ns_ = now_ns + kLookNs;
    return settled(ok);
  }
  result<void> finish(outlet<D>&) override {
    auto ok = send();
    to_->close();
    if (ok) ok = to_->drain(now_ns() + patience_ns_);
    return settled(ok);
  }
  std::uint64_t dropped() const override { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t held() const override { return n_; }
  // VALID UNTIL: the node is destroyed.
  const link_stats& stats() const { return to_->stats(); }

 private:
  static constexpr std::int64_t kPast = 0, kLookNs = 1'000'000;

  static bool ends_link(const error& e) {
    return e.code == errc::closed || e.code == errc::peer_gone || e.code == errc::broken_link;
  }
  // Of one item: it will never be sent, and others may.
  static bool refuses_item(const error& e) { return !ends_link(e) && !of_machine(e) && e.code != errc::late; }

  void drop(std::span<item> gone) {
    dropped_.store(dropped_.load(std::memory_order_relaxed) + gone.size(), std::memory_order_relaxed);
    D::drop(gone);
  }
  result<void> over_if_ended(const result<void>& ok) {
    if (ok || !ends_link(ok.error())) return ok;
    is_over_ = true;
    refused_.reset();
    drop({held_.data(), n_});
    n_ = 0;
    return ok;
  }
  result<void> settled(const result<void>& ok) {
    if (!ok || !refused_) return over_if_ended(ok);
    const error why = *std::exchange(refused_, std::nullopt);
    return why;
  }
  // How many of them are gone, one at least. Errors: those of take().
  result<std::size_t> send_first(std::span<item> some) {
    auto n = to_->push_some(some);
    if (n && *n > 0) return n;
    const result<void> one = n ? to_->push(some[0], now_ns() + patience_ns_) : result<void>(n.error());
    if (!one && !refuses_item(one.error())) return one.error();
    if (!one) {
      if (!refused_) refused_ = one.error();
      drop(some.first(1));
    }
    return std::size_t{1};
  }
  // What was pushed is not held any more. Errors: those of take().
  result<void> send() {
    std::size_t gone = 0;
    result<void> ok;
    while (ok && gone < n_) {
      auto n = send_first({held_.data() + gone, n_ - gone});
      if (n)
        gone += *n;
      else
        ok = n.error();
    }
    for (std::size_t i = gone; gone > 0 && i < n_; ++i) held_[i - gone] = std::move(held_[i]);
    n_ -= gone;
    return ok;
  }

  const std::unique_ptr<link_out<D>> to_;
  const std::int64_t patience_ns_;
  std::vector<item> held_;
  std::size_t n_ = 0;             // of held_, the first
  std::int64_t look_ns_ = 0;      // when it looks at what is under way
  bool is_over_ = false;          // the link ended with an error
  std::optional<error> refused_;  // what was said of an item that was dropped, and not answered yet
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
