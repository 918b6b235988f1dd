// SPDX-License-Identifier: Apache-2.0
//
// Expands each item into its parts, under the item's metadata.
//
//   in [ab\ncd\n] --> out [ab], [cd]     parts of the same payload
//
// Parts are made and sent one after the other, so that an item with a million lines takes no room for a million items.
// An error on the first one is take()'s. On a later one the node keeps the item and goes on where it was (on_time(), or
// the next take()). A part that can never be sent is dropped and counted.
//
// Threads: one at a time.
// Cost: maker.part() a part. COPIES: in `copy`, each part.
#pragma once
#include <memory>

#include "scenarios/graph/node/control/control_node.h"
#include "scenarios/graph/node/control/splitters.h"

namespace copycost::graph {

template <design D, splitter S>
class for_each final : public control_node<D> {
 public:
  using item = typename D::item;
  explicit for_each(S split, const std::string& type = kBytes, const std::string& type_of_parts = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type_of_parts}}}), split_(std::move(split)) {}

  // Errors: those of the splitter's check(), of part() and of send().
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto before = send_rest(to); !before) return before;
    if (const auto fits = split_.check(one.bytes()); !fits) return fits;
    next_ = 0;
    const auto sent = send_parts(one, to);
    if (sent.ok()) return sent;
    if (next_ == 0) return sent;
    if (may_pass(sent.error())) rest_ = std::move(one);
    return {};
  }
  result<void> on_time(std::int64_t now, outlet<D>& to) override {
    if (const auto rest = send_rest(to); !rest) return rest;
    return control_node<D>::on_time(now, to);
  }
  result<void> finish(outlet<D>& to) override {
    const auto rest = send_rest(to);
    drop_rest();
    const auto done = control_node<D>::finish(to);
    return rest.ok() ? done : rest;
  }
  std::int64_t due_ns() const override { return has_rest() ? 0 : control_node<D>::due_ns(); }
  std::uint64_t held() const override { return control_node<D>::held() + (has_rest() ? 1 : 0); }

 private:
  bool has_rest() const { return next_ < rest_.size(); }
  result<void> send_rest(outlet<D>& to) {
    if (!has_rest()) return {};
    const auto sent = send_parts(rest_, to);
    if (sent.ok()) rest_ = item();
    return sent;
  }
  // From next_ on.
  result<void> send_parts(const item& of, outlet<D>& to) {
    const bytes_view whole = of.bytes();
    while (next_ < whole.size()) {
      const part_at at = split_.next(whole, next_);
      COPYCOST_REQUIRE(at.next > next_);
      auto part = to.maker().part(of, at.pos, at.size, of.meta());
      const auto sent = part.ok() ? to.send(0, std::move(part).value()) : result<void>(part.error());
      if (!sent.ok() && (next_ == 0 || may_pass(sent.error()))) return sent;
      if (!sent.ok()) this->give_up(sent.error());
      next_ = at.next;
    }
    return {};
  }
  void drop_rest() {
    if (!has_rest()) return;
    for (const std::size_t size = rest_.size(); next_ < size; this->drop(1))
      next_ = split_.next(rest_.bytes(), next_).next;
    rest_ = item();
  }

  S split_;
  item rest_;             // whose parts are not all sent
  std::size_t next_ = 0;  // where its next part begins
};

// make_for_each<D>(lines{})
template <design D, splitter S>
std::unique_ptr<node<D>> make_for_each(S split) {
  return std::make_unique<for_each<D, S>>(std::move(split));
}

}  // namespace copycost::graph
