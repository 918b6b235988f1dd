// SPDX-License-Identifier: Apache-2.0
//
// Groups items by key: the items of a group leave one after the other.
//
//   in a1 b1 a2 c1 b2 --> at the end: out a1 a2 | b1 b2 | c1
//
// A group leaves when it has `size` items, or when the input ends, then in the order of the groups' first items; in
// each group items keep their order.
//
// Threads: one at a time.
// Cost: a look-up of the key an item; holds all items of open groups.
#pragma once
#include <algorithm>
#include <unordered_map>
#include <vector>

#include "scenarios/graph/node/control/control_node.h"

namespace copycost::graph {

struct group_options {
  std::size_t size = 0;                         // items of a group; 0: all that come
  std::size_t held_max = std::size_t{1} << 20;  // items of all groups
};

template <design D>
class group_by final : public control_node<D> {
 public:
  using item = typename D::item;
  explicit group_by(group_options options = {}, const std::string& type = kBytes)
      : control_node<D>({{{"in", type}}, {{"out", type}}}), options_(options) {}

  // Errors: full, when as many items as it may hold are in groups that are not complete.
  result<void> take(unsigned, item& one, outlet<D>& to) override {
    if (const auto sent = this->send_queued(to); !sent) return sent;
    const std::uint64_t key = one.meta().key;
    const auto found = open_.find(key);
    const std::size_t with_it = found == open_.end() ? 1 : found->second.items.size() + 1;
    const bool completes = with_it == options_.size;
    if (!completes && held_ >= options_.held_max) return error{errc::full, 0, options_.held_max, held_};
    group& g = found == open_.end() ? open_.emplace(key, group{++opened_, {}}).first->second : found->second;
    g.items.push_back(std::move(one));
    ++held_;
    if (!completes) return {};
    send_group(g, to);
    open_.erase(key);
    return {};
  }
  result<void> ended(unsigned, outlet<D>& to) override {
    std::vector<group*> rest;
    for (auto& [key, g] : open_) rest.push_back(&g);
    std::ranges::sort(rest, {}, &group::order);
    for (group* const g : rest) send_group(*g, to);
    open_.clear();
    return {};
  }
  std::uint64_t held() const override { return control_node<D>::held() + held_; }

 private:
  struct group {
    std::uint64_t order = 0;
    std::vector<item> items;
  };
  void send_group(group& g, outlet<D>& to) {
    for (item& one : g.items) this->emit(0, std::move(one), to);
    held_ -= g.items.size();
  }

  const group_options options_;
  std::unordered_map<std::uint64_t, group> open_;  // by key
  std::uint64_t opened_ = 0;
  std::size_t held_ = 0;
};

}  // namespace copycost::graph
