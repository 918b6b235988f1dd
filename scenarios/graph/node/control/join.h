// SPDX-License-Identifier: Apache-2.0
//
// Joins two inputs by key, over windows of the last items of each.
//
//   left  a1 b2          window: a1 b2
//   right b3 a4 b5       b3 meets b2, a4 meets a1, b5 meets b2  --> out  b2 b3 | a1 a4 | b2 b5
//
// An item meets every item of the other input's window that has its key, in the order in which they came; then it goes
// into its own window, and the oldest leaves that when it is full. A pair leaves as two items, left then right, or as
// the one that `combine` makes of them. What leaves a window, or is in it at the end, and met nothing:
//
//   join_kind  inner      left_outer          full_outer
//   left       counted    "left_alone"        "left_alone"
//   right      counted    counted             "right_alone"
//
// Threads: one at a time.
// Cost: a look-up of the key in each window an item; a share for each pair.
#pragma once
#include <array>
#include <deque>
#include <functional>
#include <unordered_map>
#include <vector>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

enum class join_kind : std::uint8_t { inner, left_outer, full_outer };

template <design D>
struct join_options {
  using item = typename D::item;
  join_kind kind = join_kind::inner;
  std::size_t window = 1024;  // items of each input
  // Of left and right. Null: a pair leaves as two items.
  std::function<result<item>(const item&, const item&, typename D::maker&)> combine{};
};

template <design D>
class join final : public control_node<D> {
 public:
  using item = typename D::item;
  // REQUIRES: options.window > 0.
  explicit join(join_options<D> options, const std::string& type = kBytes)
      : control_node<D>(ports_of(options.kind, type)), options_(std::move(options)) {
    COPYCOST_REQUIRE(options_.window > 0);
  }

  // Errors: those of combining, and of D::fan_out.
  result<void> take(unsigned port, item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    const std::uint64_t key = one.meta().key;
    if (const auto paired = pair_with(sides_[1 - port], key, port, one, to); !paired) return paired;
    const bool met = !pairs_.empty();
    if (met) sides_[1 - port].mark(key);
    for (item& each : pairs_) this->emit(kOut, std::move(each), to);
    pairs_.clear();
    side& own = sides_[port];
    if (own.waiting.size() == options_.window) release(port, own.pop(), to);
    own.push(key, {std::move(one), met});
    return {};
  }
  result<void> ended(unsigned, outlet<D>& to) override {
    if (++ended_ < sides_.size()) return {};
    for (const unsigned port : {0u, 1u})
      while (!sides_[port].waiting.empty()) release(port, sides_[port].pop(), to);
    return {};
  }
  std::uint64_t held() const override {
    return control_node<D>::held() + sides_[0].waiting.size() + sides_[1].waiting.size();
  }
  // Items that met nothing and were not sent anywhere; a part of dropped().
  std::uint64_t unmatched() const { return unmatched_; }

 private:
  static constexpr unsigned kOut = 0, kLeftAlone = 1, kRightAlone = 2;
  struct kept {
    item one;
    bool met = false;
  };
  // The last items of an input, and where those of a key are.
  struct side {
    std::deque<kept> waiting;
    std::uint64_t first = 0;  // the number of waiting[0]
    std::unordered_map<std::uint64_t, std::deque<std::uint64_t>> of_key;

    void push(std::uint64_t key, kept k) {
      of_key[key].push_back(first + waiting.size());
      waiting.push_back(std::move(k));
    }
    kept pop() {
      const auto found = of_key.find(waiting.front().one.meta().key);
      found->second.pop_front();  // the oldest of all is the oldest of its key
      if (found->second.empty()) of_key.erase(found);
      kept out = std::move(waiting.front());
      waiting.pop_front();
      ++first;
      return out;
    }
    kept& at(std::uint64_t number) { return waiting[static_cast<std::size_t>(number - first)]; }
    void mark(std::uint64_t key) {
      for (const std::uint64_t n : of_key.at(key)) at(n).met = true;
    }
  };

  static port_list ports_of(join_kind kind, const std::string& type) {
    port_list out{{{"left", type}, {"right", type}}, {{"out", type}}};
    if (kind != join_kind::inner) out.outputs.push_back({"left_alone", type});
    if (kind == join_kind::full_outer) out.outputs.push_back({"right_alone", type});
    return out;
  }
  // Fills pairs_ with what leaves for `one`, which stays; all or nothing.
  result<void> pair_with(side& other, std::uint64_t key, unsigned port, item& one, outlet<D>& to) {
    pairs_.clear();
    const auto found = other.of_key.find(key);
    if (found == other.of_key.end()) return {};
    for (const std::uint64_t n : found->second) {
      const item& met = other.at(n).one;
      const item &left = port == 0 ? one : met, &right = port == 0 ? met : one;
      if (options_.combine) {
        auto made = options_.combine(left, right, to.maker());
        if (!made) {
          pairs_.clear();
          return made.error();
        }
        pairs_.push_back(std::move(made).value());
      } else {
        pairs_.push_back(left.share());
        pairs_.push_back(right.share());
      }
    }
    return {};
  }
  void release(unsigned port, kept k, outlet<D>& to) {
    if (k.met) return;
    const bool goes_out =
        options_.kind == join_kind::full_outer || (options_.kind == join_kind::left_outer && port == 0);
    if (goes_out) return this->emit(port == 0 ? kLeftAlone : kRightAlone, std::move(k.one), to);
    ++unmatched_;
    this->drop(1);
  }

  const join_options<D> options_;
  std::array<side, 2> sides_;
  std::vector<item> pairs_;
  std::uint64_t unmatched_ = 0;
  unsigned ended_ = 0;
};

}  // namespace copycost::graph
