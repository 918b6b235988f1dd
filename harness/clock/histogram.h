// SPDX-License-Identifier: Apache-2.0
//
// A latency histogram of fixed size: every octave of nanoseconds is cut into 128 equal cells, so that a value is known
// to better than 1 % (0.8 %) from 1 ns to 68 s, and below 256 ns exactly.
//
// Coordinated omission (a stall that delays the load generator hides the operations that it kept from starting): not
// corrected here, and it must not be. The recorder passes `completed - intended start`: the window of an open-loop
// workload does (its due() times are fixed beforehand), so operations that waited behind a stall are recorded with
// their wait. A correction afterwards, which invents values at the expected interval, would count them twice.
//
// Lifetime: a plain value of 30 KiB, trivially copyable. Bytes that are all zero are an empty histogram, so it can live
// in fresh shared memory, be written by one process and be read by another.
// Threads: one writer; others read after it has stopped (join, wait or barrier). Give each role its own and merge
// them afterwards.
// Cost: record is a few instructions on the counters in front and one cell; it never allocates and never fails.
// Source: HdrHistogram (Tene, 2012), with power-of-two cells of 1/128 in place of decimal digits.
#pragma once
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace copycost {

// Percentiles of one histogram in ns: each at least the exact one and at most 0.8 % above it (unless overflow says that
// the range was left); min and max exact.
struct latency_summary {
  std::uint64_t count, overflow, negative;
  std::int64_t min_ns, p50_ns, p90_ns, p99_ns, p99_9_ns, p99_99_ns, max_ns;
};

class latency_histogram {
 public:
  static constexpr int kRangeBits = 36, kCellBits = 7;
  static constexpr std::int64_t kRangeMaxNs = (std::int64_t{1} << kRangeBits) - 1;  // 68.7 s
  static constexpr std::size_t kCells = std::size_t{kRangeBits - kCellBits + 1} << kCellBits;

  // Counts `times` values of `ns`. A value above kRangeMaxNs is counted in the last cell and in overflow(); one below
  // 0 (two clocks that disagree) as 0 and in negative().
  void record(std::int64_t ns, std::uint64_t times = 1) {
    if (times == 0) return;
    if (ns < 0) {
      negative_ += times;
      ns = 0;
    }
    if (count_ == 0 || ns < min_ns_) min_ns_ = ns;
    if (ns > max_ns_) max_ns_ = ns;
    if (ns > kRangeMaxNs) {
      overflow_ += times;
      ns = kRangeMaxNs;
    }
    cells_[cell_of(ns)] += times;
    count_ += times;
  }

  // Adds what the other has. The result is as if every value had been recorded here, in any order.
  void merge(const latency_histogram& other);

  std::uint64_t count() const { return count_; }
  std::uint64_t overflow() const { return overflow_; }
  std::uint64_t negative() const { return negative_; }
  std::int64_t min_ns() const { return min_ns_; }  // exact, also above the range; 0 when empty
  std::int64_t max_ns() const { return max_ns_; }  // exact, also above the range; 0 when empty

  // The smallest value that at least `percent` % of the values do not exceed (nearest rank), rounded up to the end of
  // its cell but never above max_ns(). It saturates at kRangeMaxNs: with overflow() > 0 a result of kRangeMaxNs means
  // "at least that", except for 100, which is max_ns(). 0 when empty. O(kCells).
  // REQUIRES: 0 <= percent <= 100.
  std::int64_t percentile_ns(double percent) const;

  // Whether at least one recorded value lies beyond the percentile. Where none does, as for p99.99 of fewer than 10,000
  // values, percentile_ns gives the maximum and says nothing about the percentile.
  // REQUIRES: 0 <= percent <= 100.
  bool resolves(double percent) const;

  latency_summary summary() const;

  // Its counts by cell, for those who keep it as text. VALID UNTIL: this is changed or destroyed.
  std::span<const std::uint64_t, kCells> cells() const { return cells_; }
  // The histogram whose cells(), min_ns(), max_ns() and overflow() these were; negative() is forgotten.
  static latency_histogram of(std::span<const std::uint64_t, kCells> cells, std::int64_t min_ns, std::int64_t max_ns,
                              std::uint64_t overflow);

  friend bool operator==(const latency_histogram&, const latency_histogram&) = default;

 private:
  // Where a value goes: the upper 8 bits of it, counted on from octave to octave.
  static constexpr std::size_t cell_of(std::int64_t ns) {
    const auto value = static_cast<std::uint64_t>(ns);
    const int width = static_cast<int>(std::bit_width(value));
    const int shift = width > kCellBits + 1 ? width - kCellBits - 1 : 0;
    return (static_cast<std::size_t>(shift) << kCellBits) + static_cast<std::size_t>(value >> shift);
  }
  static std::int64_t last_value_in(std::size_t cell);
  std::uint64_t rank_of(double percent) const;

  std::uint64_t count_ = 0, overflow_ = 0, negative_ = 0;
  std::int64_t min_ns_ = 0, max_ns_ = 0;
  std::array<std::uint64_t, kCells> cells_{};
};

static_assert(std::is_trivially_copyable_v<latency_histogram> && std::is_standard_layout_v<latency_histogram>);

}  // namespace copycost
