// SPDX-License-Identifier: Apache-2.0
//
// One number of many items: their count, or the sum, the least or the greatest of a number in each.
//
//   in 3 4 5 | 1 1 1 | 7  --> out 12, 3, 7      sum, over windows of 3; the last one when the input ends
//
// A window is `window` items, of the whole input or of each key; 0: up to the end of the input. What comes out has 8
// bytes (numbers.h) and the key that was counted, or the number of the window, from 0, where keys are not told apart.
// Windows that are open when the input ends come out in the order of their first items.
//
// Threads: one at a time.
// Cost: a look-up of the key where keys are told apart; an item made a window.
#pragma once
#include <algorithm>
#include <functional>
#include <unordered_map>
#include <vector>

#include "scenarios/graph/node/control/control_node.h"
#include "scenarios/graph/node/control/numbers.h"

namespace copycost::graph {

enum class aggregate_kind : std::uint8_t { count, sum, least, greatest };

struct aggregate_options {
  aggregate_kind kind = aggregate_kind::count;
  std::uint64_t window = 0;  // items; 0: all
  bool by_key = false;
  std::size_t keys_max = std::size_t{1} << 20;  // with an open window at once
  name_id source = 0;                           // of what comes out
};

template <design D>
class aggregate final : public control_node<D> {
 public:
  using item = typename D::item;
  // aggregate_kind::count reads no number.
  explicit aggregate(aggregate_options options, number_reader<D> read = {}, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, {{"out"}}}), options_(options), read_(std::move(read)) {
    COPYCOST_REQUIRE(options_.kind == aggregate_kind::count || read_);
  }

  // Errors, and then the item is not counted: those of the reader, node_failed (the sum does not fit), full (keys_max),
  // those of making an item.
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    const std::uint64_t key = options_.by_key ? one.meta().key : 0;
    const auto found = open_.find(key);
    if (found == open_.end() && open_.size() >= options_.keys_max)
      return error{errc::full, 0, options_.keys_max, open_.size()};
    auto next = with(found == open_.end() ? state{} : found->second, one);
    if (!next) return next.error();
    if (next->items == options_.window) {
      auto made = result_of(key, next.value(), to);
      if (!made) return made.error();
      if (found != open_.end()) open_.erase(found);
      ++windows_;
      this->emit(0, std::move(made).value(), to);
    } else if (found != open_.end()) {
      found->second = next.value();
    } else {
      next->order = ++opened_;
      open_.emplace(key, next.value());
    }
    return {};
  }
  result<void> ended(unsigned, outlet<D>& to) override {
    closing_.assign(open_.begin(), open_.end());
    open_.clear();
    std::ranges::sort(closing_, std::greater(), [](const auto& w) { return w.second.order; });
    (void)close_rest(to);  // what cannot be made now is made later
    return {};
  }
  std::int64_t due_ns() const override { return closing_.empty() ? control_node<D>::due_ns() : 0; }
  result<void> on_time(std::int64_t now, outlet<D>& to) override {
    if (const auto closed = close_rest(to); !closed) return closed;
    return control_node<D>::on_time(now, to);
  }
  result<void> finish(outlet<D>& to) override {
    const auto closed = close_rest(to);
    this->drop(closing_.size());
    closing_.clear();
    const auto done = control_node<D>::finish(to);
    return closed.ok() ? done : closed;
  }
  std::uint64_t held() const override { return control_node<D>::held() + closing_.size(); }

 private:
  struct state {
    std::uint64_t items = 0, order = 0;
    std::int64_t number = 0;
  };
  result<state> with(state s, const item& one) const {
    const bool first = s.items++ == 0;
    if (options_.kind == aggregate_kind::count) {
      ++s.number;
      return s;
    }
    const auto read = read_(one);
    if (!read) return read.error();
    const std::int64_t n = read.value();
    if (options_.kind == aggregate_kind::least) s.number = first ? n : std::min(s.number, n);
    if (options_.kind == aggregate_kind::greatest) s.number = first ? n : std::max(s.number, n);
    if (options_.kind == aggregate_kind::sum && __builtin_add_overflow(s.number, n, &s.number))
      return trouble_with(number_trouble::sum_too_large);
    return s;
  }
  result<void> close_rest(outlet<D>& to) {
    for (; !closing_.empty(); closing_.pop_back()) {
      auto made = result_of(closing_.back().first, closing_.back().second, to);
      if (!made) return made.error();
      ++windows_;
      this->emit(0, std::move(made).value(), to);
    }
    return {};
  }
  result<item> result_of(std::uint64_t key, const state& s, outlet<D>& to) const {
    return item_of_number(to.maker(), {options_.source, options_.by_key ? key : windows_, {}}, s.number);
  }

  const aggregate_options options_;
  const number_reader<D> read_;
  std::unordered_map<std::uint64_t, state> open_;         // by key
  std::vector<std::pair<std::uint64_t, state>> closing_;  // when the input has ended; the first is at the back
  std::uint64_t opened_ = 0, windows_ = 0;
};

}  // namespace copycost::graph
