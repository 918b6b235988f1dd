// SPDX-License-Identifier: Apache-2.0
//
// Nodes of the graphs that workloads run: one that makes items when it is asked to, one that works on what comes and
// passes it on, and one that reads it.
//
//   feed(n) --> [feeding_node] --> [working_node] ... --> [reading_node] --> taken(), seen()
//
// Lifetime: what makes items, and the window, outlive the graph.
// Threads: one at a time runs a node; feed() and taken() from any. look_through() between two batches.
// Cost: a counter an item, and what their callbacks do.
#pragma once
#include <atomic>
#include <memory>

#include "scenarios/graph/node/node.h"
#include "scenarios/graph/workloads/parts/common.h"

namespace copycost::graph::workloads {

// About so many nanoseconds of work that touches no memory: multiplications, each of which waits for the last one.
inline void work_for(std::uint64_t turns) {
  std::uint64_t is = turns;
  for (std::uint64_t i = 0; i < turns; ++i) is = is * 0x9E3779B97F4A7C15ull + 1;
  escape(static_cast<std::size_t>(is));
}

// Make: item(maker, number of the item), called inside the window.
template <design D, class Make>
class feeding_node final : public node<D> {
 public:
  explicit feeding_node(Make make) : make_(std::move(make)) {}
  const port_list& ports() const override { return ports_; }  // VALID UNTIL: the node is destroyed
  // So many items more. The caller wakes the node.
  void feed(std::uint64_t n) { wanted_.fetch_add(n, std::memory_order_release); }
  result<turn> produce(outlet<D>& to) override {
    const std::uint64_t wanted = wanted_.load(std::memory_order_acquire);
    if (made_ == wanted) return turn::idle;
    for (const std::uint64_t end = std::min(wanted, made_ + kTurn); made_ < end; ++made_)
      if (const auto sent = to.send(0, make_(to.maker(), made_)); !sent) return sent.error();
    to.maker().end_batch();
    return turn::more;
  }

 private:
  const port_list ports_{{}, {{"out"}}};
  Make make_;
  std::atomic<std::uint64_t> wanted_{0};
  std::uint64_t made_ = 0;
};

template <design D>
class working_node final : public node<D> {
 public:
  explicit working_node(std::uint64_t work) : work_(work) {}
  const port_list& ports() const override { return ports_; }  // VALID UNTIL: the node is destroyed
  result<void> take(unsigned, typename D::item& one, outlet<D>& to) override {
    work_for(work_);
    return to.send(0, std::move(one));
  }

 private:
  const port_list ports_{{{"in"}}, {{"out"}}};
  const std::uint64_t work_;
};

// Reads the first 8 bytes of each item, and keeps the last `kept` of them.
template <design D>
class reading_node final : public node<D> {
 public:
  explicit reading_node(std::uint64_t work = 0, std::size_t kept = 0) : work_(work), kept_(kept) {}
  const port_list& ports() const override { return ports_; }  // VALID UNTIL: the node is destroyed
  // What to do with items from here on. `w`: the window of the role that runs the node, or null where that is no role.
  void look_through(watching how, window* w) {
    how_ = how;
    window_ = w;
  }
  result<void> take(unsigned, typename D::item& one, outlet<D>&) override {
    const bytes_view head = one.bytes().first(kHeadBytes);
    work_for(work_);
    if (how_ == watching::cost)
      escape(read_all(head));
    else if (how_ == watching::results)
      seen_.add(head);
    else if (window_ != nullptr)
      window_->consumed(head);
    const std::uint64_t number = taken_.load(std::memory_order_relaxed);
    if (!kept_.empty()) kept_[number % kept_.size()] = std::move(one);
    taken_.store(number + 1, std::memory_order_release);
    return {};
  }
  std::uint64_t taken() const { return taken_.load(std::memory_order_acquire); }
  // Of the payload that it keeps. REQUIRES: the node does not run.
  std::uint64_t kept_bytes() const {
    std::uint64_t sum = 0;
    for (const auto& one : kept_) sum += one.size();
    return sum;
  }
  const digest& seen() const { return seen_; }  // VALID UNTIL: the node is destroyed

 private:
  const port_list ports_{{{"in"}}, {}};
  const std::uint64_t work_;
  watching how_ = watching::cost;
  window* window_ = nullptr;
  digest seen_;
  std::vector<typename D::item> kept_;
  std::atomic<std::uint64_t> taken_{0};
};

}  // namespace copycost::graph::workloads
