// SPDX-License-Identifier: Apache-2.0
//
// Memory for a power of two of items, in which the item of count n lies at n modulo that power. It does not know which
// slots hold an item: its user does.
//
// Lifetime: its user destroys what is in it.
// Threads: one at a time for each slot.
// Cost: runs of items move as one or two stretches, without a remainder for each.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>

namespace copycost::graph {

template <class I>
class slots {
  static_assert(std::is_nothrow_move_constructible_v<I> && std::is_nothrow_destructible_v<I>);

 public:
  // REQUIRES: capacity is a power of two.
  explicit slots(std::size_t capacity) : mask_(capacity - 1), memory_(std::allocator<I>().allocate(capacity)) {}
  ~slots() { std::allocator<I>().deallocate(memory_, mask_ + 1); }
  slots(const slots&) = delete;
  slots& operator=(const slots&) = delete;

  std::size_t capacity() const { return mask_ + 1; }
  // VALID UNTIL: the slots are destroyed.
  I* at(std::uint64_t count) const { return memory_ + (count & mask_); }

  void put(std::uint64_t count, I& from) { std::construct_at(at(count), std::move(from)); }
  // Moves from all of `from`. REQUIRES: the slots are free, from.size() <= capacity().
  void put(std::uint64_t count, std::span<I> from) {
    const std::size_t first = until_end(count, from.size());
    construct(from.data(), at(count), first);
    construct(from.data() + first, memory_, from.size() - first);
  }
  // The slot is free afterwards.
  void take(std::uint64_t count, I& into) { replace(at(count), &into, 1); }
  void take(std::uint64_t count, std::span<I> into) {
    const std::size_t first = until_end(count, into.size());
    replace(at(count), into.data(), first);
    replace(memory_, into.data() + first, into.size() - first);
  }
  void drop(std::uint64_t from, std::uint64_t to) {
    drop(from, to, [](std::span<I>) {});
  }
  // The same, after empty(side by side) has emptied the items at its leisure.
  template <class Empty>
  void drop(std::uint64_t from, std::uint64_t to, Empty&& empty) {
    while (from != to) {
      const std::span<I> some(at(from), until_end(from, static_cast<std::size_t>(to - from)));
      empty(some);
      std::destroy(some.begin(), some.end());
      from += some.size();
    }
  }
  // How many of n slots from `count` on lie side by side.
  std::size_t until_end(std::uint64_t count, std::size_t n) const {
    return std::min(n, mask_ + 1 - static_cast<std::size_t>(count & mask_));
  }

 private:
  static void construct(I* from, I* to, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) std::construct_at(to + k, std::move(from[k]));
  }
  // Through a value of its own, and not by assignment: then the compiler sees that the source ends, and does not write
  // there that it is empty. That write would take the line away from the thread that put the item there.
  static void replace(I* from, I* to, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
      I taken(std::move(from[k]));
      std::destroy_at(from + k);
      std::destroy_at(to + k);
      std::construct_at(to + k, std::move(taken));
    }
  }

  const std::size_t mask_;
  I* const memory_;
};

}  // namespace copycost::graph
