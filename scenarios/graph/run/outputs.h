// SPDX-License-Identifier: Apache-2.0
//
// What a node sends through: all its output ports, each with its edges.
//
//   send(port, item) --> one edge: gather     several: D::fan_out once, then gather     none: drop and count
//   flush()          --> each edge: publish
//
// Lifetime: the edges, the clock and the context outlive it.
// Threads: one at a time, the node.
// Cost: a move an item and an edge; an edge that gathered a turn is published.
#pragma once
#include <algorithm>
#include <functional>
#include <iterator>

#include "scenarios/graph/node/node.h"
#include "scenarios/graph/run/out_end.h"
#include "scenarios/graph/run/runnable.h"

namespace copycost::graph {

// How send() waits where it may: until once() answers true. False: everything is to end.
class room_waiter {
 public:
  virtual ~room_waiter() = default;
  virtual bool may_wait_for_room() const = 0;
  virtual bool wait_for_room(const std::function<bool()>& once) = 0;
};

template <design D>
class outputs final : public outlet<D> {
  using item = typename D::item;

 public:
  outputs(typename D::context& context, const run_clock& clock, room_waiter& waiter)
      : maker_(context), clock_(clock), waiter_(waiter) {}

  // The edges of the next port. A port for items that failed is not what a node lives for.
  void add_port(const std::vector<edge<item>*>& edges, unsigned turn, bool for_failed) {
    out_port p;
    p.for_failed = for_failed;
    for (edge<item>* const e : edges) {
      p.largest = std::min(p.largest, e->ring.limits().bytes);
      p.live.emplace_back(*e, turn);
    }
    had_readers_ |= !edges.empty() && !for_failed;
    if (edges.size() > branches_.size()) branches_.resize(edges.size());
    ports_.push_back(std::move(p));
  }

  // Errors: bad_parameter (there is no such port), too_large, and those of outlet.
  result<void> send(unsigned port, item&& one) override {
    if (port >= ports_.size()) return error{errc::bad_parameter, 0, ports_.size(), port};
    out_port& to = ports_[port];
    if (to.live.size() != 1 || !to.gone.empty()) return send_to_many(to, std::move(one));
    if (one.size() > to.largest) return error{errc::too_large, 0, to.largest, one.size()};
    if (to.live[0].is_stuck()) [[unlikely]]
      if (const auto room = find_room(to); !room) return room;
    sent_.add(1);
    is_blocked_ |= !to.live[0].gather(std::move(one));
    return {};
  }
  bool has_room(unsigned port) const override {
    if (port >= ports_.size()) return false;
    for (const auto& e : ports_[port].live)
      if (!e.has_room()) return false;
    return true;
  }
  typename D::maker& maker() override { return maker_; }
  std::int64_t now_ns() const override { return clock_.now_ns(); }

  // Publishes what was gathered, as far as there is room. True: nothing is left here.
  bool flush() {
    bool all = true;
    for (out_port& p : ports_)
      for (auto& e : p.live) all &= e.flush();
    is_blocked_ = !all;
    return all;
  }
  // Whether an edge found no room for all of a turn; until flush().
  bool is_blocked() const { return is_blocked_; }
  // Whether the node had readers, and none is left.
  bool all_readers_are_gone() {
    if (!had_readers_) return false;
    bool any = false;
    for (out_port& p : ports_) {
      sort_out(p);
      any |= !p.live.empty() && !p.for_failed;
    }
    return !any;
  }
  // Nothing is sent any more. Items that were not published are dropped and counted.
  void close() {
    for (out_port& p : ports_)
      for (auto* all : {&p.live, &p.gone})
        for (auto& e : *all) e.close();
  }

  // Whether send() answered `closed` since the last time that this was asked.
  bool found_closed() { return std::exchange(found_closed_, false); }
  std::uint64_t sent() const { return sent_.get(); }
  std::uint64_t unconnected() const { return unconnected_.get(); }

 private:
  struct out_port {
    std::vector<out_end<D>> live, gone;  // edges with a reader, and those whose reader is gone
    std::uint64_t largest = ~std::uint64_t{0};
    bool for_failed = false;
  };

  error closed() {
    found_closed_ = true;
    return error{errc::closed};
  }
  // Moves the edges whose readers are gone to those that are left out.
  static void sort_out(out_port& p) {
    bool any = false;
    for (auto& e : p.live) any |= e.is_gone();
    if (!any) [[likely]]
      return;
    const auto gone = std::stable_partition(p.live.begin(), p.live.end(), [](auto& e) { return !e.is_gone(); });
    p.gone.insert(p.gone.end(), std::move_iterator(gone), std::move_iterator(p.live.end()));
    p.live.erase(gone, p.live.end());
  }
  static bool is_stuck(const out_port& p) {
    return std::any_of(p.live.begin(), p.live.end(), [](const auto& e) { return e.is_stuck(); });
  }
  // Of an edge that is stuck: waits for room where that may be. Errors: closed, stopped.
  result<void> find_room(out_port& p) {
    sort_out(p);
    if (is_stuck(p) && waiter_.may_wait_for_room()) {
      // All edges: the readers of others may be what the reader of this one waits for.
      const bool goes_on = waiter_.wait_for_room([&] {
        flush();
        sort_out(p);
        return !is_stuck(p);
      });
      if (!goes_on) return error{errc::stopped};
    }
    if (p.live.empty()) return closed();
    return {};
  }

  result<void> send_to_many(out_port& to, item&& one) {
    if (to.live.empty() && !to.gone.empty()) return closed();
    if (to.live.empty()) {
      one = item();
      sent_.add(1);
      unconnected_.add(1);
      return {};
    }
    if (one.size() > to.largest) return error{errc::too_large, 0, to.largest, one.size()};
    if (is_stuck(to)) [[unlikely]]
      if (const auto room = find_room(to); !room) return room;
    if (to.live.size() == 1) {
      is_blocked_ |= !to.live[0].gather(std::move(one));
    } else {
      const std::span<item> each(branches_.data(), to.live.size());
      if (const auto made = D::fan_out(std::move(one), each); !made) return made;
      for (std::size_t i = 0; i < each.size(); ++i) is_blocked_ |= !to.live[i].gather(std::move(each[i]));
    }
    sent_.add(1);
    for (auto& e : to.gone) e.leave_out_one();
    return {};
  }

  typename D::maker maker_;
  const run_clock& clock_;
  room_waiter& waiter_;
  std::vector<out_port> ports_;
  std::vector<item> branches_;  // where fan_out() puts one a branch
  bool had_readers_ = false, found_closed_ = false, is_blocked_ = false;
  counter sent_, unconnected_;
};

}  // namespace copycost::graph
