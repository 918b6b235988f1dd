// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/launch.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <memory>

#include "harness/base/input/input.h"
#include "harness/base/storage.h"
#include "harness/base/text.h"
#include "harness/clock/batch_timer.h"
#include "harness/clock/calibration.h"
#include "harness/clock/recount.h"
#include "harness/clock/sample.h"
#include "harness/core/fault.h"
#include "harness/judge/results_instrument.h"
#include "harness/limits/limits.h"
#include "harness/process/loaded.h"
#include "harness/process/streams.h"
#include "harness/stats/summary.h"

namespace copycost {
namespace {

// Appends JSON lines; a line that cannot be written ends the launch (a full disk must not look like a short run).
class line_writer {
 public:
  // no input: answers
  explicit line_writer(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "ae")) {
    if (file_ == nullptr) throw failure(exit_code::internal, path + ": cannot write: " + std::strerror(errno));
  }
  ~line_writer() { std::fclose(file_); }
  line_writer(const line_writer&) = delete;
  line_writer& operator=(const line_writer&) = delete;
  void write(const json& row) {
    const std::string line = row.dump() + "\n";
    if (std::fwrite(line.data(), 1, line.size(), file_) != line.size() || std::fflush(file_) != 0)
      throw failure(exit_code::internal, path_ + ": cannot write: " + std::strerror(errno));
  }

 private:
  std::string path_;
  std::FILE* file_;
};

// The body of one benchmark: `batches` batches of `n` operations; an iteration is one operation of a role.
void time_cell(benchmark::State& state, const cell& what, const plan_item& item, sample& row) {
  try {
    batch_timer timer(what, item.period_ns);
    std::vector<double> overlaps;
    const auto n = static_cast<benchmark::IterationCount>(item.n);
    while (state.KeepRunningBatch(n)) {
      const window_time t = timer.run(item.n);
      state.SetIterationTime(t.wall_ns / 1e9);
      row.batches.push_back(t.wall_ns / static_cast<double>(item.n));
      overlaps.push_back(t.overlap);
    }
    if (!timer.directory().empty()) {
      const storage at = storage_of(timer.directory());
      row.place = {at.type, at.device, at.mount_point, at.is, why_not_durable(at)};
    }
    timer.finish();
    row.ns = stats::median(row.batches);
    row.ops = item.n * row.batches.size();
    row.items_per_op = timer.items_per_op();
    row.payload_bytes_per_op = timer.payload_bytes_per_op();
    if (what.form().roles() > 1) row.overlap = stats::median(overlaps);
    if (timer.latencies().count() != 0) row.latencies = std::make_shared<latency_histogram>(timer.latencies());
  } catch (...) {
    const fault failed = fault_of_current_exception();
    row.batches.clear();
    row.error = failed.why;
    row.code = failed.code;
    state.SkipWithError(failed.why.c_str());
  }
}

// Writes what our own timer knows of a cell, and what Google Benchmark reports of it; prints nothing.
class line_reporter final : public benchmark::BenchmarkReporter {
 public:
  line_reporter(line_writer& to, const sample& ours) : to_(to), ours_(ours) {}
  bool ReportContext(const Context&) override { return true; }
  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      sample row = ours_;
      row.reported = {static_cast<std::int64_t>(run.iterations), run.GetAdjustedRealTime(), run.GetAdjustedCPUTime()};
      to_.write(to_json(row));
    }
  }

 private:
  line_writer& to_;
  const sample& ours_;
};

void measure_limit(const plan_item& item, int launch, line_writer& to) {
  sample row;
  row.launch = launch;
  row.limit = item.limit;
  try {
    const limits::sample s =
        limits::measure(item.limit, std::chrono::nanoseconds(static_cast<std::int64_t>(item.budget_ns)));
    row.ns = s.ns;
    row.best_ns = s.best_ns;
    row.bytes_per_second = s.bytes_per_second;
    if (s.bytes > 0) row.bytes = static_cast<double>(s.bytes);
  } catch (const std::exception& e) {
    row.error = e.what();
  }
  to.write(to_json(row));
}

void time_item(const plan_item& item, int launch, line_writer& to) {
  const auto what = find_cell(item.cell);
  if (!what) throw failure(exit_code::usage, item.cell + ": no such cell");
  if (item.count) return to.write(to_json(recount(*what, item.n, item.period_ns)));
  if (item.n == 0) return to.write(to_json(calibrate(*what, item.budget_ns)));
  sample row;
  row.cell = item.cell;
  row.launch = launch;
  row.twin = item.twin;
  benchmark::RegisterBenchmark(item.cell.c_str(), [&](benchmark::State& state) { time_cell(state, *what, item, row); })
      ->Iterations(static_cast<benchmark::IterationCount>(item.n * item.batches))
      ->UseManualTime();
  line_reporter reporter(to, row);
  benchmark::RunSpecifiedBenchmarks(&reporter);
  benchmark::ClearRegisteredBenchmarks();
}

}  // namespace

void run_launch(const plan& p, const std::string& out_path) {
  set_input(input_set::taken_over(p.inputs));
  line_writer to(out_path);
  const auto one = [&](const plan_item& item) {
    item.is_limit() ? measure_limit(item, p.launch, to) : time_item(item, p.launch, to);
  };
  if (p.met == circumstances{}) {  // a calibration
    for (const plan_item& item : p.items) one(item);
    return;
  }
  benchmark::CPUInfo::Get();  // reads files; once for all children
  sample begins;
  begins.launch = p.launch;
  begins.met = p.met;
  to.write(to_json(begins));
  meet(p.met, [&] {
    for (const plan_item& item : p.items) on_its_own([&] { one(item); });
  });
}

int clock_main(int argc, char** argv, std::string_view allocator) {
  const auto make = [](std::string_view kind) -> std::unique_ptr<instrument> {
    if (kind == clock_instrument::kKind) return std::make_unique<clock_instrument>();
    if (kind == recount_instrument::kKind) return std::make_unique<recount_instrument>();
    if (kind == results_instrument::kKind) return std::make_unique<results_instrument>();
    return nullptr;
  };
  known_allocator();
  if (const auto code = role_main(argc, argv, make)) return *code;
  try {
    std::string plan_path, out_path;
    for (int i = 1; i + 1 < argc; i += 2) {
      if (std::strcmp(argv[i], "--plan") == 0) plan_path = argv[i + 1];
      if (std::strcmp(argv[i], "--out") == 0) out_path = argv[i + 1];
    }
    if (plan_path.empty() || out_path.empty())
      throw failure(exit_code::usage, "usage: copycost-clock --plan FILE --out FILE (started by copycost run)");
    const plan asked = plan_from_json(read_json_file(plan_path), plan_path);  // no input: the plan
    // A process that counts has our hooks in front of everything; one that times has none.
    const bool counts = std::ranges::all_of(asked.items, [](const plan_item& i) { return i.count; });
    const std::string why = served_by_strangers(allocator);
    if (!why.empty() && !(counts && hooks_in_process()))
      throw failure(exit_code::internal,
                    "not a program on " + std::string(allocator) + ": " + why + " (LD_PRELOAD, /etc/ld.so.preload?)");
    run_launch(asked, out_path);
    return 0;
  } catch (const failure& e) {
    say(std::string("copycost-clock: ") + e.what() + "\n");
    return static_cast<int>(e.code);
  } catch (const std::exception& e) {
    say(std::string("copycost-clock: ") + e.what() + "\n");
    return static_cast<int>(exit_code::internal);
  }
}

}  // namespace copycost
