// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/histogram.h"

#include <algorithm>
#include <cmath>

#include "harness/base/check.h"

namespace copycost {

void latency_histogram::merge(const latency_histogram& other) {
  if (other.count_ == 0) return;
  min_ns_ = count_ == 0 ? other.min_ns_ : std::min(min_ns_, other.min_ns_);
  max_ns_ = std::max(max_ns_, other.max_ns_);
  count_ += other.count_;
  overflow_ += other.overflow_;
  negative_ += other.negative_;
  for (std::size_t cell = 0; cell < kCells; ++cell) cells_[cell] += other.cells_[cell];
}

std::int64_t latency_histogram::last_value_in(std::size_t cell) {
  constexpr std::size_t kExact = std::size_t{2} << kCellBits;  // below it a cell is one value
  if (cell < kExact) return static_cast<std::int64_t>(cell);
  const std::size_t shift = (cell >> kCellBits) - 1;
  return static_cast<std::int64_t>(((cell - (shift << kCellBits) + 1) << shift) - 1);
}

// How many of the values, in ascending order, lie up to and at the percentile.
std::uint64_t latency_histogram::rank_of(double percent) const {
  COPYCOST_REQUIRE(percent >= 0 && percent <= 100);
  // 99.9 / 100 * 1000 is a little more than 999 in binary; without the slack the rank would be one too high.
  constexpr double kSlack = 1 - 0x1p-50;
  const double exact = percent / 100 * static_cast<double>(count_) * kSlack;
  return std::min(count_, std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(exact))));
}

std::int64_t latency_histogram::percentile_ns(double percent) const {
  const std::uint64_t rank = rank_of(percent);
  if (percent >= 100 || count_ == 0) return max_ns_;
  std::uint64_t seen = 0;
  std::size_t cell = 0;
  while ((seen += cells_[cell]) < rank) ++cell;
  return std::min(last_value_in(cell), max_ns_);
}

bool latency_histogram::resolves(double percent) const { return rank_of(percent) < count_; }

latency_histogram latency_histogram::of(std::span<const std::uint64_t, kCells> cells, std::int64_t min_ns,
                                        std::int64_t max_ns, std::uint64_t overflow) {
  latency_histogram h;
  std::copy(cells.begin(), cells.end(), h.cells_.begin());
  for (const std::uint64_t n : cells) h.count_ += n;
  h.min_ns_ = min_ns;
  h.max_ns_ = max_ns;
  h.overflow_ = overflow;
  return h;
}

latency_summary latency_histogram::summary() const {
  return {.count = count_,
          .overflow = overflow_,
          .negative = negative_,
          .min_ns = min_ns_,
          .p50_ns = percentile_ns(50),
          .p90_ns = percentile_ns(90),
          .p99_ns = percentile_ns(99),
          .p99_9_ns = percentile_ns(99.9),
          .p99_99_ns = percentile_ns(99.99),
          .max_ns = max_ns_};
}

}  // namespace copycost
