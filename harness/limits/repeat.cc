// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>

#include "harness/base/check.h"
#include "harness/limits/probe.h"

namespace copycost::limits::detail {
namespace {

constexpr std::size_t kBatchesMin = 3;   // the least that has a median worth the name
constexpr std::size_t kBatchesMax = 64;  // more would not move the median
constexpr int kBatchesInBudget = 32;     // what calibration aims at
constexpr double kBatchMinNs = 10'000;   // some hundred clock readings, so the clock's own cost is below 1 %
constexpr std::uint64_t kOpsMax = std::uint64_t{1} << 40;

// The samples live on the stack: an allocation here would disturb the allocator that some probes measure.
class batch_times {
 public:
  void add(double ns_per_op) {
    if (count_ < times_.size()) times_[count_++] = ns_per_op;
  }
  std::size_t count() const { return count_; }
  double best() const {
    return *std::min_element(times_.begin(), times_.begin() + static_cast<std::ptrdiff_t>(count_));
  }
  double median() {
    const auto end = times_.begin() + static_cast<std::ptrdiff_t>(count_);
    std::sort(times_.begin(), end);
    return count_ % 2 ? times_[count_ / 2] : (times_[count_ / 2 - 1] + times_[count_ / 2]) / 2;
  }

 private:
  std::array<double, kBatchesMax> times_{};
  std::size_t count_ = 0;
};

// The next size to try: towards the goal, at least twice and at most sixteen times the last one.
std::uint64_t grown(std::uint64_t ops, double took_ns, double goal_ns) {
  const double wanted = took_ns > 0 ? static_cast<double>(ops) * goal_ns / took_ns : static_cast<double>(ops) * 16;
  const double low = static_cast<double>(ops) * 2, high = static_cast<double>(ops) * 16;
  return static_cast<std::uint64_t>(std::clamp(wanted, low, high));
}

// Returns the number of operations of a batch; its believed times are the first samples.
std::uint64_t calibrate(std::uint64_t ops, double goal_ns, const batch& run, batch_times& times) {
  for (;;) {
    const double first_ns = run(ops);
    if (first_ns >= goal_ns || ops >= kOpsMax) {
      const double second_ns = run(ops);
      if (second_ns >= goal_ns / 2 || ops >= kOpsMax) {
        times.add(first_ns / static_cast<double>(ops));
        times.add(second_ns / static_cast<double>(ops));
        return ops;
      }
      ops = grown(ops, second_ns, goal_ns);
    } else {
      ops = grown(ops, first_ns, goal_ns);
    }
  }
}

}  // namespace

sample repeat(const plan& how, const batch& run) {
  COPYCOST_REQUIRE(how.budget.count() > 0 && how.ops_min > 0);
  const std::int64_t deadline_ns = now_ns() + how.budget.count();
  const double goal_ns = std::max(kBatchMinNs, static_cast<double>(how.budget.count()) / kBatchesInBudget);
  batch_times times;
  const std::uint64_t ops = calibrate(how.ops_min, goal_ns, run, times);
  while (times.count() < kBatchesMin || (times.count() < kBatchesMax && now_ns() < deadline_ns)) {
    times.add(run(ops) / static_cast<double>(ops));
  }
  const double best = times.best(), ns = times.median();
  const double bytes_per_second = ns > 0 ? static_cast<double>(how.bytes_per_op) * 1e9 / ns : 0;
  return {ns, best, bytes_per_second};
}

}  // namespace copycost::limits::detail
