// SPDX-License-Identifier: Apache-2.0
//
// Which number a name has in this batch: from numbers of a context to numbers that count up from 1. It is emptied
// without being walked over, because a sender needs it anew for every batch.
//
// Lifetime: keeps its memory when it is emptied.
// Threads: a value.
// Cost: a probe; twelve bytes a slot, of which at most half are taken.
#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace copycost::graph {

class number_map {
 public:
  // The number of `name`, or 0.
  std::uint32_t find(std::uint32_t name) const {
    if (slots_.empty()) return 0;
    const slot& one = slots_[place(name)];
    return one.round == round_ ? one.number : 0;
  }
  // REQUIRES: `name` is not there; number is not 0.
  void add(std::uint32_t name, std::uint32_t number) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    slots_[place(name)] = {name, number, round_};
    ++size_;
  }
  void clear() {
    size_ = 0;
    if (++round_ != 0) return;
    slots_.assign(slots_.size(), slot{});  // the rounds begin anew
    round_ = 1;
  }
  std::size_t size() const { return size_; }

 private:
  struct slot {
    std::uint32_t name = 0, number = 0, round = 0;  // of an earlier round: free
  };
  // Where `name` is, or would be.
  std::size_t place(std::uint32_t name) const {
    std::size_t at = (name * std::uint64_t{0x9E3779B97F4A7C15} >> 32) & (slots_.size() - 1);
    while (slots_[at].round == round_ && slots_[at].name != name) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<slot> before(slots_.empty() ? 64 : 2 * slots_.size());
    before.swap(slots_);
    for (const slot& one : before)
      if (one.round == round_) slots_[place(one.name)] = one;
  }

  std::vector<slot> slots_;  // a power of two
  std::size_t size_ = 0;
  std::uint32_t round_ = 1;
};

}  // namespace copycost::graph
