// SPDX-License-Identifier: Apache-2.0
//
// What all nodes here have: ports, a count of what they drop, and a queue for what one item becomes.
//
//   take(one) --> emit() emit() emit() --> outlet
//                   '-- no memory now --> [queue] --> on_time(), or the next take()
//
// A node that makes several items of one cannot answer an error when some are sent: a retry would send these twice. So
// take() first makes all of them or none; then the item is used, and emit() queues what cannot be sent now. An item
// that can never be sent (it is larger than what an edge holds) is dropped and counted, and on_time() answers its
// error. So is one for a port whose readers are all gone, without an error.
//
// Lifetime: queued items are the node's.
// Threads: one at a time; dropped() any thread.
// Cost: a node whose queue is empty asks one flag an item.
#pragma once
#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <string>
#include <utility>

#include "scenarios/graph/node/node.h"

namespace copycost::graph {

// "out0", "out1" ...
inline std::vector<port> numbered_ports(const std::string& name, std::size_t n, const std::string& type) {
  std::vector<port> out;
  for (std::size_t i = 0; i < n; ++i) out.push_back({name + std::to_string(i), type});
  return out;
}

// Whether the same call may succeed later, or everything is to end: then the item stays where it is.
inline bool may_pass(const error& e) {
  return of_machine(e) || e.code == errc::full || e.code == errc::late || e.code == errc::stopped;
}

template <design D>
class control_node : public node<D> {
 public:
  using item = typename D::item;
  explicit control_node(port_list ports) : ports_(std::move(ports)) {}

  // VALID UNTIL: the node is destroyed.
  const port_list& ports() const final { return ports_; }
  std::uint64_t dropped() const final { return dropped_.load(std::memory_order_relaxed); }
  std::uint64_t held() const override { return queue_.size(); }
  std::int64_t due_ns() const override { return queue_.empty() && !failed_ ? kNever : 0; }
  // Errors: of items that could not be sent.
  result<void> on_time(std::int64_t, outlet<D>& to) override { return settle(to); }
  result<void> finish(outlet<D>& to) override {
    const result<void> done = settle(to);
    drop(queue_.size());
    queue_.clear();
    return done;
  }

 protected:
  // Sends an item behind what is queued; what cannot be sent now is queued.
  void emit(unsigned port, item&& one, outlet<D>& to) {
    if (queue_.empty()) {
      const auto sent = to.send(port, std::move(one));
      if (sent.ok()) return;
      if (!may_pass(sent.error())) {
        one = item();  // it is used, wherever it lies
        return give_up(sent.error());
      }
    }
    queue_.push_back({port, std::move(one)});
  }
  // Sends what is queued, as far as it can be sent. Errors: out_of_memory, out_of_room, stopped; the rest is still
  // there.
  result<void> send_queued(outlet<D>& to) {
    for (; !queue_.empty(); queue_.pop_front()) {
      const auto sent = to.send(queue_.front().port, std::move(queue_.front().one));
      if (sent.ok()) continue;
      if (may_pass(sent.error())) return sent;
      give_up(sent.error());
    }
    return {};
  }
  // Sends what is queued, and answers the first error that is not answered yet.
  result<void> settle(outlet<D>& to) {
    if (const auto sent = send_queued(to); !sent) return sent;
    if (!failed_) return {};
    const error e = *std::exchange(failed_, std::nullopt);
    return e;
  }
  // Of an item that can never be sent.
  void give_up(const error& e) {
    drop(1);
    if (e.code != errc::closed && !failed_) failed_ = e;
  }
  void drop(std::uint64_t n) {
    dropped_.store(dropped_.load(std::memory_order_relaxed) + n, std::memory_order_relaxed);
  }

 private:
  struct queued {
    unsigned port;
    item one;
  };
  port_list ports_;
  std::deque<queued> queue_;
  std::optional<error> failed_;
  std::atomic<std::uint64_t> dropped_{0};  // one thread adds at a time
};

}  // namespace copycost::graph
