// SPDX-License-Identifier: Apache-2.0
//
// What a node takes from: all its input ports, each with the items that it has popped and not used yet.
//
//   channel --> look(): pop_some --> held [ dropped | used | next ... ]
//                                           ^kept     ^next
//
// Lifetime: the edges outlive it.
// Threads: one at a time, the node.
// Cost: a move an item; used items are dropped side by side, once a turn or for each kTurnBytes of them.
#pragma once
#include <span>
#include <vector>

#include "scenarios/graph/node/node.h"
#include "scenarios/graph/run/edge.h"
#include "scenarios/graph/run/options.h"

namespace copycost::graph {

template <design D>
class inputs {
  using item = typename D::item;

 public:
  // The edge of the next port; null: it is open, and has ended from the beginning.
  void add_port(edge<item>* from, unsigned turn) {
    ends_.push_back({from, std::vector<item>(from == nullptr ? 0 : turn)});
  }
  std::size_t ports() const { return ends_.size(); }

  // Pops where nothing is held, and calls ended(port) for each input of which nothing will come, once. Answers whether
  // anything came or ended.
  template <class Ended>
  bool look(Ended ended) {
    bool moved = false;
    for (unsigned port = 0; port < ends_.size(); ++port) {
      const std::uint64_t bit = std::uint64_t{1} << port;
      if (((seen_.ready | seen_.ended) & bit) != 0) continue;
      in_end& e = ends_[port];
      // First whether it is closed: what is pushed before that is popped below.
      const bool is_last = e.from == nullptr || e.from->ring.is_closed();
      e.next = e.kept = 0;
      e.count = e.from == nullptr ? 0 : e.from->ring.pop_some(e.held);
      if (e.count > 0) {
        seen_.ready |= bit;
      } else if (is_last) {
        seen_.ended |= bit;
        ended(port);
      } else {
        continue;
      }
      moved = true;
    }
    return moved;
  }
  const inputs_seen& seen() const { return seen_; }  // VALID UNTIL: this is destroyed
  bool have_ended() const {
    return seen_.ready == 0 && std::popcount(seen_.ended) == static_cast<int>(ends_.size());  // fits: kPortsMax
  }

  // The item that is next. REQUIRES: the port's bit is ready. VALID UNTIL: used().
  item& front(unsigned port) { return ends_[port].held[ends_[port].next]; }
  // It is done with: it was moved from, or it is dropped.
  void used(unsigned port) {
    in_end& e = ends_[port];
    e.from->in.taken.add(1);
    e.used_bytes += e.held[e.next].size();
    if (++e.next == e.count) seen_.ready &= ~(std::uint64_t{1} << port);
    if (e.used_bytes >= kTurnBytes) drop_used(e);
  }
  // At the end of a turn.
  void drop_used() {
    for (in_end& e : ends_)
      if (e.kept < e.next) drop_used(e);
  }
  // Takes nothing more. What is here and in the channels is dropped and counted.
  void abandon() {
    for (in_end& e : ends_) {
      if (e.from == nullptr) continue;
      e.from->in.dropped.add(e.count - e.next);
      e.next = e.count;
      drop_used(e);
      e.from->ring.abandon();
    }
    seen_.ready = 0;
  }
  std::uint64_t taken() const {
    std::uint64_t sum = 0;
    for (const in_end& e : ends_) sum += e.from == nullptr ? 0 : e.from->in.taken.get();
    return sum;
  }

 private:
  struct in_end {
    edge<item>* from;
    std::vector<item> held;  // a place for each item of a turn
    std::size_t kept = 0, next = 0, count = 0;
    std::uint64_t used_bytes = 0;
  };
  void drop_used(in_end& e) {
    D::drop(std::span(e.held).subspan(e.kept, e.next - e.kept));
    e.kept = e.next;
    e.used_bytes = 0;
  }

  std::vector<in_end> ends_;
  inputs_seen seen_;
};

}  // namespace copycost::graph
