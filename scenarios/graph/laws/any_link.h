// SPDX-License-Identifier: Apache-2.0
//
// The ends of a design's own link between processes as ends for any_design: items leave their boxes and come into
// boxes.
//
//   any_item [box*] --> boxed_link_out --> link_out<D> ~~~~> link_in<D> --> boxed_link_in --> any_item [box*]
//
// Lifetime: owns the design's end.
// Threads: one at a time.
// Cost: an allocation an item; for laws and real input only.
#pragma once
#include <memory>
#include <utility>
#include <vector>

#include "scenarios/graph/laws/any_item.h"
#include "scenarios/graph/link/link.h"

namespace copycost::graph {

// Box: the design's item as an item_base.
template <design D, class Box>
class boxed_link_out final : public link_out<any_design> {
 public:
  explicit boxed_link_out(std::unique_ptr<link_out<D>> to) : to_(std::move(to)) {}
  result<void> push(any_item& one, std::int64_t deadline_ns) override {
    typename D::item held = out_of_box(one);
    const auto ok = to_->push(held, deadline_ns);
    if (!ok) one = any_item(std::make_unique<Box>(std::move(held)));
    return ok;
  }
  result<std::size_t> push_some(std::span<any_item> items) override {
    std::vector<typename D::item> held;
    for (any_item& one : items) held.push_back(out_of_box(one));
    auto n = to_->push_some(held);
    for (std::size_t i = n ? *n : 0; i < items.size(); ++i)
      items[i] = any_item(std::make_unique<Box>(std::move(held[i])));
    return n;
  }
  result<void> drain(std::int64_t deadline_ns) override { return to_->drain(deadline_ns); }
  void close() override { to_->close(); }
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return to_->stats(); }

 private:
  static typename D::item out_of_box(any_item& one) {
    return one.box() == nullptr ? typename D::item() : std::move(held_in<Box>(one));
  }
  const std::unique_ptr<link_out<D>> to_;
};

template <design D, class Box>
class boxed_link_in final : public link_in<any_design> {
 public:
  explicit boxed_link_in(std::unique_ptr<link_in<D>> from) : from_(std::move(from)) {}
  result<void> pop(any_item& into, std::int64_t deadline_ns) override {
    typename D::item come;
    const auto ok = from_->pop(come, deadline_ns);
    if (ok) into = any_item(std::make_unique<Box>(std::move(come)));
    return ok;
  }
  result<std::size_t> pop_some(std::span<any_item> into) override {
    std::vector<typename D::item> come(into.size());
    const auto n = from_->pop_some(come);
    for (std::size_t i = 0; n && i < n.value(); ++i) into[i] = any_item(std::make_unique<Box>(std::move(come[i])));
    return n;
  }
  void abandon() override { from_->abandon(); }
  // VALID UNTIL: this is destroyed.
  const link_stats& stats() const override { return from_->stats(); }

 private:
  const std::unique_ptr<link_in<D>> from_;
};

}  // namespace copycost::graph
