// SPDX-License-Identifier: Apache-2.0
//
// The samples of a run, written by hand: a toy workload, the designs copy and slice, and limits, launch by launch.
// Lifetime: rows own their text; the bench outlives its cells. Thread-compatible.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "harness/base/json_rows.h"
#include "harness/clock/evaluate.h"
#include "property_tests/made_cells.h"

namespace copycost::made {

inline constexpr int kLaunches = 8;
using times = std::function<double(int launch)>;

// A run of a toy workload by the designs copy and slice, whose samples the test puts in.
struct bench {
  bench() : toys("toy", work()) {
    toys.add("copy");
    toys.add("slice").owns = ownership::counted;
    request.cells = {toys.at("copy", at), toys.at("slice", at)};
    samples.launches = kLaunches;
    samples.complete = true;
    for (const cell& c : request.cells)
      samples.calibration.push_back({c.name(), likeness::equal, "", exit_code::ok, pace{.ns = 1}});
  }
  static workload_entry work() {
    workload_entry e = made::scripted_workload("slice");
    e.traits.cls = workload_class::share;
    e.limit = [](const params&) { return limit_sum{{2, "refcount_pair", 0}}; };
    e.floor = [](const params& p) { return limit_sum{{1, "malloc_memcpy_free", p.number("size")}}; };
    // What a design that counts pays at best; `copy` says nothing of how it owns.
    e.reference = [](const params& p, ownership owns) {
      return owns == ownership::counted ? limit_sum{{1, "malloc_memcpy_free", p.number("size")}} : limit_sum{};
    };
    return e;
  }
  // As a launch writes it.
  void line(const json& row) { samples.lines.push_back(sample_from_json(row)); }
  bench& time(std::string_view design, const times& ns, std::string_view allocator = "mimalloc", bool twin = false) {
    for (int i = 0; i < samples.launches; ++i) {
      json row = json::of({{"cell", toys.at(design, at).name()},
                           {"launch", i},
                           {"ns", ns(i)},
                           {"items_per_op", 1.0},
                           {"payload_bytes_per_op", 100.0},
                           {"allocator", allocator}});
      if (twin) row.set("twin", true);
      line(row);
    }
    return *this;
  }
  bench& limit(const char* name, std::uint64_t size, const times& ns, std::string_view allocator = "mimalloc") {
    for (int i = 0; i < samples.launches; ++i)
      line(json::of({{"limit", name}, {"size", size}, {"launch", i}, {"ns", ns(i)}, {"allocator", allocator}}));
    return *this;
  }
  run_rows rows() const { return evaluate(request, samples); }
  // The row of a cell, as `run --json` prints it.
  json row(std::string_view name) const {
    for (const run_row& r : rows().cells)
      if (r.cell == name) return to_json(r);
    return {};
  }
  json::array limits() const { return json_rows(rows().limits); }

  params at{{"size", 4096}};
  made::cell_table toys;
  run_request request;
  run_samples samples;
};

inline constexpr const char* kCopy = "toy/slice/design:copy/size:4096";
inline constexpr const char* kSlice = "toy/slice/design:slice/size:4096";

inline times steady(double ns) {
  return [ns](int) { return ns; };
}
// From 1 to 1.07 times that, launch by launch: what differs between launches cancels in a ratio.
inline times wavering(double ns) {
  return [ns](int launch) { return ns * (1 + 0.01 * launch); };
}

inline std::string text(const json& row, const char* key) { return std::string(row[key].text()); }

}  // namespace copycost::made
