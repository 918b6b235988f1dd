// SPDX-License-Identifier: Apache-2.0
//
// Part of outputs.h: the producer's end of an edge, which gathers items and publishes many by one store.
//
//   [ pushed | gathered ... ]
//            ^first_
//
// Lifetime: the edge outlives it.
// Threads: one at a time, the producer.
// Cost: a move an item; no allocation once it has held as much as it ever will.
#pragma once
#include <span>
#include <utility>
#include <vector>

#include "scenarios/graph/contract.h"
#include "scenarios/graph/run/edge.h"
#include "scenarios/graph/run/options.h"

namespace copycost::graph {

template <design D>
class out_end {
  using item = typename D::item;

 public:
  out_end(edge<item>& to, unsigned turn) : to_(&to), turn_(turn) { gathered_.reserve(2 * turn); }

  // False: there is no room for what is gathered.
  bool gather(item&& one) {
    bytes_ += one.size();
    gathered_.push_back(std::move(one));
    to_->out.sent.add(1);
    if ((gathered_.size() >= turn_ || bytes_ >= kTurnBytes) && !is_stuck_) [[unlikely]]
      flush();
    return !is_stuck_;
  }
  // Publishes what there is room for. True: nothing is left here.
  bool flush() {
    if (gathered_.empty()) [[likely]]
      return true;
    const auto pushed = to_->ring.push_some(std::span(gathered_).subspan(first_));
    if (!pushed) {
      leave_out_rest();
      return true;
    }
    first_ += pushed.value();
    is_stuck_ = first_ < gathered_.size();
    if (!is_stuck_) empty();
    return !is_stuck_;
  }
  // Whether the last look found no room for all, or no reader.
  bool is_stuck() const { return is_stuck_; }
  // Whether another item would find room at once.
  bool has_room() const {
    const auto& limits = to_->ring.limits();
    const std::size_t here = gathered_.size() - first_;
    return !is_stuck_ && to_->ring.size() + here < limits.items && to_->ring.bytes() + bytes_ < limits.bytes;
  }
  // Whether the reader is gone; then what was gathered is left out.
  bool is_gone() {
    if (!is_gone_ && to_->ring.is_abandoned()) leave_out_rest();
    return is_gone_;
  }
  void leave_out_one() {
    to_->out.sent.add(1);
    to_->out.left_out.add(1);
  }
  std::uint64_t largest() const { return to_->ring.limits().bytes; }
  // Nothing is sent any more. What could not be published is dropped and counted.
  void close() {
    to_->out.dropped.add(gathered_.size() - first_);
    drop_rest();
    to_->ring.close();
  }

 private:
  void empty() {
    gathered_.clear();
    first_ = 0;
    bytes_ = 0;
    is_stuck_ = false;
  }
  void drop_rest() {
    D::drop(std::span(gathered_).subspan(first_));
    empty();
  }
  void leave_out_rest() {
    is_gone_ = true;
    to_->out.left_out.add(gathered_.size() - first_);
    drop_rest();
    is_stuck_ = true;
  }

  edge<item>* to_;
  unsigned turn_;
  std::vector<item> gathered_;
  std::size_t first_ = 0;
  std::uint64_t bytes_ = 0;  // of what was gathered since it was empty
  bool is_stuck_ = false, is_gone_ = false;
};

}  // namespace copycost::graph
