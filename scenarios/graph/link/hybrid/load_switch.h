// SPDX-License-Identifier: Apache-2.0
//
// When a graph takes its far way: by the items that come in a second, over the last second, with hysteresis.
//
//   near --[ load > 1.1 x limit ]--> far       between both bounds nothing changes, so that a load that lingers about
//   near <--[ load < 0.9 x limit ]-- far       the limit does not switch to and fro
//
// Threads: one at a time.
// Cost: some instructions an item; a look at a counter each tenth of a second.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "harness/base/check.h"

namespace copycost::graph {

// Which way items go from here on.
class way_policy {
 public:
  virtual ~way_policy() = default;
  // An item came at that time, which never goes back. True: the far way.
  virtual bool seen(std::int64_t now_ns) = 0;
};

class load_switch final : public way_policy {
 public:
  static constexpr double kUp = 1.1, kDown = 0.9;
  static constexpr std::int64_t kSampleNs = 100'000'000;
  static constexpr std::size_t kSamples = 10;

  // REQUIRES: items_per_s > 0.
  explicit load_switch(double items_per_s) : limit_(items_per_s) { COPYCOST_REQUIRE(items_per_s > 0); }
  bool seen(std::int64_t now_ns) override {
    advance(now_ns / kSampleNs);
    ++samples_[at(sample_)];
    const double load = items_per_s();
    is_far_ = is_far_ ? load >= kDown * limit_ : load > kUp * limit_;
    return is_far_;
  }
  // Over the last second that is whole; less until there was one.
  double items_per_s() const {
    std::uint64_t sum = 0;
    for (const std::uint64_t one : samples_) sum += one;
    sum -= samples_[at(sample_)];
    constexpr double kWindowS = static_cast<double>(kSampleNs) * kSamples / 1e9;
    return static_cast<double>(sum) / kWindowS;
  }

 private:
  static std::size_t at(std::int64_t sample) { return static_cast<std::size_t>(sample) % (kSamples + 1); }
  void advance(std::int64_t to) {
    const std::int64_t passed = has_begun_ ? std::min<std::int64_t>(to - sample_, kSamples + 1) : 0;
    for (std::int64_t i = 0; i < passed; ++i) samples_[at(to - i)] = 0;
    sample_ = has_begun_ ? std::max(to, sample_) : to;
    has_begun_ = true;
  }

  const double limit_;
  std::array<std::uint64_t, kSamples + 1> samples_{};  // items in each tenth of a second
  std::int64_t sample_ = 0;                            // the one that is going on
  bool has_begun_ = false, is_far_ = false;
};

// The other way each `items` items: for tests and measurements of switching.
class switch_by_count final : public way_policy {
 public:
  // REQUIRES: items > 0.
  explicit switch_by_count(std::uint64_t items) : each_(items) { COPYCOST_REQUIRE(items > 0); }
  bool seen(std::int64_t) override { return ++seen_ / each_ % 2 == 1; }

 private:
  const std::uint64_t each_;
  std::uint64_t seen_ = 0;
};

}  // namespace copycost::graph
