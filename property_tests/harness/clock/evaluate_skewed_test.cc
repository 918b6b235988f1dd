// SPDX-License-Identifier: Apache-2.0
// Goal: rows are right where launches are as launches are: skewed, tied, wide, partly missing, and listed in any order.
// Method: twelve launches written by hand; what a row says of them was worked out with other software (SciPy), and
// differs from what a mean, an unpaired ratio, a neighbouring quantile or another column would say.
#include <cmath>
#include <limits>
#include <memory>
#include <vector>

#include "harness/base/failure.h"
#include "harness/clock/evaluate.h"
#include "property_tests/almost_equal.h"
#include "property_tests/catch.h"
#include "property_tests/harness/clock/made_samples.h"
#include "property_tests/harness/stats/approx.h"

namespace copycost {
namespace {

using namespace made;
using launches = std::vector<double>;
constexpr double kGap = std::numeric_limits<double>::quiet_NaN();

//                    0    1    2    3     4    5    6    7     8    9     10   11
const launches kCopyNs{100, 101, 100, 240, 103, 100, 107, kGap, 102, 100, 530, 101};
const launches kSliceNs{50, 33, 61, 90, kGap, 50, 52, 49, 50, 75, 310, 50};
const launches kFloorNs{90, 91, 95, 200, 80, 90, 99, 97, 100, kGap, 300, 96};
const launches kPairNs{10, 10, 12, 31, 10, 11, 10, 10, 14, 10, 10, 70};
const launches kLineNs{3, 5, 3, 3, 9, 3, 4, 3, 3, 3, 30, 3};
const launches kOverlap{.9, .2, .95, .91, kGap, .9, .5, .97, .93, .9, .1, .9};

struct skewed : bench {
  skewed() {
    auto& workload = const_cast<workload_entry&>(*request.cells[0].workload);
    auto& other = const_cast<workload_entry&>(*request.cells[1].workload);
    workload.limit = other.limit = [](const params&) {
      return limit_sum{{2, "refcount_pair", 0}, {1, "cache_line", 64, 8}};
    };
    samples.launches = static_cast<int>(kCopyNs.size());
  }
  // The last launch first; a launch without a value has no line.
  template <class Line>
  skewed& each(const launches& values, Line&& made) {
    for (std::size_t i = values.size(); i-- > 0;)
      if (!std::isnan(values[i])) {
        json row = made(i, values[i]);
        line(row.set("launch", static_cast<std::int64_t>(i)).set("allocator", "mimalloc"));
      }
    return *this;
  }
  skewed& cell_times(std::string_view design, const launches& ns, bool twin = false, const launches& overlap = {}) {
    return each(ns, [&](std::size_t i, double value) {
      json row = json::of({{"cell", toys.at(design, at).name()},
                           {"ns", value},
                           {"items_per_op", 4.0},
                           {"payload_bytes_per_op", 100.0}});
      if (twin) row.set("twin", true);
      if (!overlap.empty()) row.set("overlap", overlap[i]);
      return row;
    });
  }
  skewed& limit_times(const char* name, const launches& ns, std::uint64_t size = 0, std::uint64_t alive = 0) {
    return each(ns, [&](std::size_t, double value) {
      return json::of({{"limit", name}, {"size", size}, {"alive", alive}, {"ns", value}});
    });
  }
  // Everything that a row stands beside.
  skewed& whole() {
    return cell_times("slice", kSliceNs, false, kOverlap)
        .cell_times("copy", kCopyNs)
        .limit_times("cache_line", kLineNs, 64, 8)
        .limit_times("malloc_memcpy_free", kFloorNs, 4096)
        .limit_times("refcount_pair", kPairNs);
  }
};

TEST_CASE("evaluate: a time is the median of its launches, not their mean, between two of their order") {
  const json row = skewed().whole().row(kCopy);
  CHECK(row["ns"].number() == approx(101));  // the mean is 153
  CHECK(row["low"].number() == approx(100));
  CHECK(row["high"].number() == approx(240));
  CHECK(row["items_per_second"].number() == approx(4 / 101.0 * 1e9));
  CHECK(row["bytes_per_second"].number() == approx(100 / 101.0 * 1e9));
  const json other = skewed().whole().row(kSlice);
  CHECK(other["ns"].number() == approx(50));
  CHECK(other["low"].number() == approx(49));   // the second of eleven; the first is 33
  CHECK(other["high"].number() == approx(90));  // the last is 310
}

TEST_CASE("evaluate: a ratio of skewed launches is the median of what each pair of them says") {
  const json row = skewed().whole().row(kSlice);
  CHECK(row["ratio"].number() == approx(0.4975185951049946));  // of medians: 0.495
  CHECK(row["ratio_low"].number() == approx(0.375));
  CHECK(row["ratio_high"].number() == approx(0.61));
  CHECK(row["detectable"].number() == approx(0.2754084313139327));
  CHECK(row["pairs"].integer() == 10);  // two launches lack one side
  CHECK(text(row, "verdict") == "holds");
}

TEST_CASE("evaluate: limits of several terms are added launch by launch") {
  const json row = skewed().whole().row(kSlice)["limit"], copy = skewed().whole().row(kCopy)["limit"];
  CHECK(text(row, "expression") == "2 x refcount_pair + cache_line/size:64/alive:8");
  CHECK(row["ns"].number() == approx(26));  // the medians' sum is 23, the mean 40.7
  CHECK(row["times"].number() == approx(2.130434782608696));
  CHECK(row["low"].number() == approx(1.32));
  CHECK(row["high"].number() == approx(3.260869565217391));
  CHECK(copy["times"].number() == approx(4));
}

TEST_CASE("evaluate: a floor stands beside the copy with its own launches") {
  const json row = skewed().whole().row(kCopy)["floor"];
  CHECK(row["ns"].number() == approx(96));
  CHECK(row["times"].number() == approx(1.1105004426884455));
  CHECK(row["low"].number() == approx(1.0520833333333333));
  CHECK(row["high"].number() == approx(1.2875));
  CHECK_FALSE(skewed().whole().row(kSlice).has("floor"));
}

TEST_CASE("evaluate: overlap is the median of the launches that say one") {
  CHECK(skewed().whole().row(kSlice)["overlap"].number() == approx(0.9));  // the mean is 0.742, the last listed 0.9
  CHECK(skewed().whole().row(kCopy)["overlap"].is_null());
  skewed other;
  const launches late{.2, .3, .1, .4, .9, .95, .99, .93, .5, .6, .97, .98};  // neither the first, the last nor an end
  other.cell_times("slice", launches(12, 50), false, late);
  CHECK(other.row(kSlice)["overlap"].number() == approx(0.75));
}

// The interval decides, not its middle: an opponent is no opponent only when all of its interval is above.
TEST_CASE("evaluate: a copy whose interval reaches below 1.25 floors is an honest opponent") {
  const launches wide{120, 121, 122, 124, 126, 127, 128, 129, 130, 131, 132, 400};  // third: 122, median: 127.5
  skewed b;
  b.cell_times("copy", wide)
      .cell_times("slice", launches(12, 50))
      .limit_times("malloc_memcpy_free", launches(12, 100), 4096);
  CHECK(b.row(kCopy)["floor"]["times"].number() == approx(std::sqrt(1.27 * 1.28)));
  CHECK(text(b.row(kCopy), "verdict") == "holds");
  CHECK(b.row(kSlice)["ratio"].is_number());
  skewed above;
  const launches all_above{120, 121, 125.1, 126, 126, 127, 128, 129, 130, 131, 132, 400};
  above.cell_times("copy", all_above)
      .cell_times("slice", launches(12, 50))
      .limit_times("malloc_memcpy_free", launches(12, 100), 4096);
  CHECK(above.row(kSlice)["ratio"].is_null());
  CHECK(text(above.row(kCopy), "verdict") != "holds");
}

TEST_CASE("evaluate: a copy is held to its floor pair by pair") {
  // The medians are 1.5 apart; every launch is at 1.1.
  skewed b;
  launches floor, copy;
  for (int i = 0; i < 12; ++i) {
    floor.push_back(100 + 100 * (i % 2));
    copy.push_back(floor.back() * 1.1);
  }
  floor[1] = kGap;
  b.cell_times("copy", copy).cell_times("slice", launches(12, 50)).limit_times("malloc_memcpy_free", floor, 4096);
  CHECK(b.row(kCopy)["floor"]["times"].number() == approx(1.1));
  CHECK(b.row(kSlice)["ratio"].is_number());
}

TEST_CASE("evaluate: plausible is at least 0.2 ns, by the median") {
  launches mostly(12, 0.2);
  mostly[3] = mostly[7] = mostly[9] = mostly[10] = 0.1;  // the end of its interval, too
  CHECK(text(skewed().cell_times("copy", launches(12, 100)).cell_times("slice", mostly).row(kSlice), "verdict") ==
        "holds");
  mostly = launches(12, 0.19);
  mostly[0] = mostly[11] = 500;
  const json row = skewed().cell_times("copy", launches(12, 100)).cell_times("slice", mostly).row(kSlice);
  CHECK(text(row, "verdict") == "not measured");
  CHECK(row["ns"].number() == approx(0.19));
  const launches short_copy(12, 0.2);  // and still an opponent
  CHECK(skewed().cell_times("copy", short_copy).cell_times("slice", launches(12, 5)).row(kSlice)["ratio"].is_number());
  skewed gone;
  gone.cell_times("copy", mostly).cell_times("slice", launches(12, 5));
  CHECK(gone.row(kSlice)["ratio"].is_null());
}

TEST_CASE("evaluate: an interval that ends at 1 does not exclude it") {
  launches tied(12, 99);
  for (std::size_t i = 0; i < 3; ++i) tied[i] = 100;
  skewed b;
  b.cell_times("copy", launches(12, 100)).cell_times("slice", tied);
  CHECK(b.row(kSlice)["ratio_high"].number() == approx(1));
  CHECK(text(b.row(kSlice), "verdict") == "not separated");
}

TEST_CASE("evaluate: a launch that failed last leaves what the others said") {
  skewed b;
  b.whole().line(
      json::of({{"cell", kSlice}, {"launch", 4}, {"error", "role died: signal 9"}, {"allocator", "mimalloc"}}));
  json expected = skewed().whole().row(kSlice);
  expected.set("missed_why", "role died: signal 9");
  CHECK(first_difference(b.row(kSlice), expected) == "");
}

TEST_CASE("evaluate: a wrong cell is not forgotten for one that was not reached") {
  bench b;
  b.samples.calibration = {{kCopy, likeness::different, "digest 01", exit_code::incorrect, std::nullopt}};
  CHECK(text(b.row(kSlice), "why") == "not reached");
  CHECK_FALSE(b.rows().correct);
}

TEST_CASE("evaluate: a twin's latencies are no latencies of its cell") {
  skewed b;
  b.cell_times("copy", kCopyNs).cell_times("copy", kCopyNs, true);
  latency_histogram own, twin;
  own.record(1000, 40);
  twin.record(9'000'000, 4000);
  for (sample& line : b.samples.lines) line.latencies = std::make_shared<latency_histogram>(line.twin ? twin : own);
  CHECK(b.row(kCopy)["latency"]["count"].integer() == 11 * 40);
}

TEST_CASE("evaluate: limits' rows are medians with intervals, and rates go by the size") {
  skewed b;
  b.limit_times("malloc_memcpy_free", kFloorNs, 4096, 64).limit_times("refcount_pair", kPairNs);
  b.each({10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 900}, [](std::size_t, double bytes) {
    return json::of({{"limit", "gather_break_even"}, {"size", 0}, {"ns", 5.0}, {"bytes", bytes}});
  });
  const auto rows = b.limits();
  REQUIRE(rows.size() == 3);
  const std::string expected[] = {
      R"({"limit": "gather_break_even", "params": {}, "ns": 5, "bytes_per_second": null, "low": 5,)"
      R"( "high": 5, "bytes": 15.5, "bytes_low": 12, "bytes_high": 19})",
      R"({"limit": "malloc_memcpy_free", "params": {"size": 4096, "alive": 64}, "ns": 96,
          "bytes_per_second": 42666666666.666664, "low": 90, "high": 200})",
      R"({"limit": "refcount_pair", "params": {}, "ns": 10, "bytes_per_second": null, "low": 10, "high": 14})"};
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(first_difference(rows[i], json::parse(expected[i], "expected")) == "");
}

TEST_CASE("evaluate: the noise floor is that of twins paired by launch, the worst of a few") {
  skewed b;
  launches copy_twin = kCopyNs, slice_twin = kSliceNs;
  for (double& ns : copy_twin) ns *= 1.04;
  for (double& ns : slice_twin) ns *= 0.9;
  b.cell_times("copy", kCopyNs)
      .cell_times("slice", kSliceNs)
      .cell_times("copy", copy_twin, true)
      .cell_times("slice", slice_twin, true);
  CHECK(b.rows().noise_floor == approx(1 / 0.9 - 1));
  CHECK(b.row(kSlice)["ratio"].number() == approx(0.4975185951049946));
}

}  // namespace
}  // namespace copycost
