// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/evaluate.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "harness/base/text.h"
#include "harness/stats/noise.h"
#include "harness/stats/paired.h"
#include "harness/stats/summary.h"

namespace copycost {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using series = std::vector<double>;  // by launch

// One series per key, NaN where a launch has no value.
class sample_table {
 public:
  explicit sample_table(int launches) : launches_(static_cast<std::size_t>(launches)) {}
  void add(const std::string& key, std::int64_t launch, double value) {
    auto& s = rows_.try_emplace(key, launches_, kNone).first->second;
    if (launch >= 0 && static_cast<std::size_t>(launch) < s.size()) s[static_cast<std::size_t>(launch)] = value;
  }
  const series* find(const std::string& key) const {
    const auto it = rows_.find(key);
    return it == rows_.end() ? nullptr : &it->second;
  }
  const std::map<std::string, series>& all() const { return rows_; }

 private:
  std::size_t launches_;
  std::map<std::string, series> rows_;
};

std::string limit_key(std::string_view allocator, const limits::limit_id& id) {
  return fmt::format("{}|{}", allocator, limits::to_string(id));
}

series finite(const series& s) {
  series out;
  for (const double v : s)
    if (std::isfinite(v)) out.push_back(v);
  return out;
}

struct failed_launches {  // of one cell
  std::size_t count = 0;
  std::string why;  // the first; one of the design's own wins
  exit_code code = exit_code::ok;
  bool of_design() const { return code == exit_code::incorrect; }
  void add(const sample& line) {
    const exit_code with = line.code.value_or(exit_code::internal);
    if (count++ == 0 || (with == exit_code::incorrect && !of_design())) {
      why = line.error.value_or("no reason given");
      code = with;
    }
  }
};

struct facts {  // everything that is known of one cell on one allocator
  sample_table times, twins, overlaps;
  sample_table limits, best,
      limit_bytes;  // the machine's, by limit_key: medians, the fastest, and sizes that are answers
  std::map<std::string, std::string> limit_errors;
  std::map<std::string, std::pair<std::string, limits::limit_id>> limit_ids;  // of each key: allocator, and what it is
  std::map<std::string, const sample*> last;                                  // with a time, of each cell: items, bytes
  std::map<std::string, failed_launches> failed;
  std::map<std::string, latency_histogram> latencies;  // of all launches
};

facts gather(const run_samples& samples) {
  const sample_table none(samples.launches);
  facts f{none, none, none, none, none, none, {}, {}, {}, {}, {}};
  for (const sample& line : samples.lines) {
    if (line.met) continue;
    if (line.cell.empty()) {
      const std::string key = limit_key(line.allocator, line.limit);
      f.limit_ids.try_emplace(key, line.allocator, line.limit);
      if (line.error) f.limit_errors[key] = *line.error;
      if (line.ns) f.limits.add(key, line.launch, *line.ns);
      if (line.ns) f.best.add(key, line.launch, line.best_ns.value_or(*line.ns));
      if (line.bytes) f.limit_bytes.add(key, line.launch, *line.bytes);
      continue;
    }
    const std::string key = line.allocator + "|" + line.cell;
    if (!line.ns) {
      f.failed[key].add(line);
      continue;
    }
    (line.twin ? f.twins : f.times).add(key, line.launch, *line.ns);
    if (line.latencies != nullptr && !line.twin) f.latencies[key].merge(*line.latencies);
    if (line.overlap) f.overlaps.add(key, line.launch, *line.overlap);
    f.last[key] = &line;
  }
  return f;
}

// The sum of limits per launch, out of f.limits or f.best; nothing when a term was not measured.
std::optional<series> sum_of(const limit_sum& sum, std::string_view allocator, const sample_table& measured,
                             std::size_t launches) {
  if (sum.empty()) return std::nullopt;
  series out(launches, 0);
  for (const limit_term& t : sum) {
    const series* s = measured.find(limit_key(allocator, t.id()));
    if (s == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < launches; ++i) out[i] += t.times * (*s)[i];
  }
  return out;
}

std::optional<multiple> beside(const limit_sum& sum, const std::optional<series>& limit, const series& time) {
  if (!limit) return std::nullopt;
  const series values = finite(*limit);
  if (values.empty()) return std::nullopt;
  std::string expression;
  for (const limit_term& t : sum) {
    if (!expression.empty()) expression += " + ";
    if (t.times != 1) expression += fmt::format("{:g} x ", t.times);
    expression += limits::to_string(t.id());
  }
  const auto r = stats::paired_ratio(time, *limit);
  return multiple{expression, stats::median(values), r.ratio, r.low, r.high};
}

// Why there is no limit beside a time, in words; empty where there is one, or none was asked for.
std::string why_no_limit(const limit_sum& sum, std::string_view allocator, const facts& f) {
  for (const limit_term& t : sum)
    if (const auto found = f.limit_errors.find(limit_key(allocator, t.id())); found != f.limit_errors.end())
      return found->second;
  return "no launch measured it";
}

// Below its lower bound beyond the interval: what is said of such a row, which is not wrong for that.
std::string remark_on(const stats::ratio_estimate& r) {
  if (r.pairs < stats::kPairsMin || !(r.high < kLimitFactor)) return "";
  return fmt::format("{:.2f}x its lower bound (95 % interval {:.2f} to {:.2f}): the bound or the row is wrong", r.ratio,
                     r.low, r.high);
}

run_row head_of(const cell& c, std::string_view allocator) {
  run_row row;
  row.cell = c.name();
  row.system = c.system->name;
  row.workload = c.workload->traits.name;
  row.cls = c.workload->traits.cls;
  row.design = c.design->name;
  row.at = c.at;
  row.allocator = allocator;
  if (allocator == "glibc") {
    row.at.set("allocator", allocator);
    row.cell += "/allocator:glibc";
  }
  return row;
}

// The lower bound of the work, and what owning bytes as this design does costs at best.
void add_bounds(timed& row, const cell& c, std::string_view allocator, const facts& f, const series& times) {
  const limit_sum limit = c.workload->limit(c.at), reference = c.workload->reference(c.at, c.design->owns);
  const auto least = sum_of(limit, allocator, f.best, times.size());
  row.limit = beside(limit, least, times);
  if (!limit.empty() && !row.limit) row.limit_why = why_no_limit(limit, allocator, f);
  row.reference = beside(reference, sum_of(reference, allocator, f.limits, times.size()), times);
  if (row.limit) row.remark = remark_on(stats::paired_ratio(times, *least));
}

std::optional<double> per_second(const std::optional<double>& per_op, double ns) {
  return per_op ? std::optional(*per_op / ns * 1e9) : std::nullopt;
}

// How much of the time several roles ran at once; nothing where there is one.
std::optional<double> overlap_of(const std::string& key, const facts& f) {
  const series* overlaps = f.overlaps.find(key);
  const series shared = overlaps != nullptr ? finite(*overlaps) : series{};
  return shared.empty() ? std::nullopt : std::optional(stats::median(shared));
}

// Why a time is one of roles on their own, and compared with nothing; empty where the roles met.
std::string apart(const std::optional<double>& overlap) {
  if (!overlap || *overlap >= kOverlapLeast) return {};
  return fmt::format("roles ran together for {:.0f} % of the time, {:.0f} % is the least", 100 * *overlap,
                     100 * kOverlapLeast);
}

run_row say(run_row row, verdict said, const std::string& why, exit_code code = exit_code::ok) {
  row.said = said;
  row.why = why;
  row.code = code;
  return row;
}

// The baseline of a group: the copy design's series, unless nothing can be compared with it.
struct baseline {
  const series* times = nullptr;
  std::string why;
  bool dishonest = false;  // too far above its floor
};

baseline baseline_of(const cell& c, std::string_view allocator, const facts& f, std::size_t launches) {
  const design_entry* copy = find_design(*c.system, "copy");
  if (copy == nullptr) return {nullptr, "no design `copy` to compare with"};
  cell other = c;
  other.design = copy;
  const std::string key = std::string(allocator) + "|" + other.name();
  const auto failed = f.failed.find(key);
  if (failed != f.failed.end() && failed->second.of_design()) return {nullptr, "`copy` is broken at these parameters"};
  const series* times = f.times.find(key);
  if (times == nullptr) return {nullptr, "`copy` was not timed at these parameters"};
  const series values = finite(*times);
  if (values.empty()) return {nullptr, "`copy` was not timed at these parameters"};
  if (stats::median(values) < kPlausibleNs) return {nullptr, "`copy` is below what an operation can take: no opponent"};
  if (const std::string alone = apart(overlap_of(key, f)); !alone.empty()) return {nullptr, "`copy`'s " + alone};
  const auto floor = sum_of(c.workload->floor(c.at), allocator, f.limits, launches);
  if (!floor) return {times, ""};
  const auto r = stats::paired_ratio(*times, *floor);
  if (r.low > kFloorFactor)
    return {nullptr, fmt::format("`copy` takes {:.2f}x its floor, {:g}x is the most", r.ratio, kFloorFactor), true};
  return {times, ""};
}

// What was measured of a cell: the median of its launches with its interval, and what stands beside it.
timed time_of(const cell& c, std::string_view allocator, const facts& f, const series& times, std::size_t launches,
              const std::string& why_missed) {
  const std::string key = std::string(allocator) + "|" + c.name();
  const series values = finite(times);
  const double ns = stats::median(values);
  const auto spread = stats::median_interval(values);
  timed row;
  row.ns = ns;
  row.low = spread.low;
  row.high = spread.high;
  row.launches = values.size();
  row.missed = launches - values.size();
  row.missed_why = why_missed;
  add_bounds(row, c, allocator, f, times);
  row.items_per_second = per_second(f.last.at(key)->items_per_op, ns);
  row.bytes_per_second = per_second(f.last.at(key)->payload_bytes_per_op, ns);
  row.overlap = overlap_of(key, f);
  if (const auto found = f.latencies.find(key); found != f.latencies.end() && found->second.count() != 0)
    row.latency = found->second.summary();
  return row;
}

run_row row_of(const cell& c, std::string_view allocator, const facts& f, std::size_t launches) {
  run_row row = head_of(c, allocator);
  const std::string key = std::string(allocator) + "|" + c.name();
  const series* times = f.times.find(key);
  const bool none = times == nullptr || finite(*times).empty();
  const auto found = f.failed.find(key);
  const failed_launches failed = found != f.failed.end() ? found->second : failed_launches{};
  if (failed.of_design()) return say(row, verdict::broken, "a launch: " + failed.why, failed.code);
  if (none)
    return say(row, verdict::not_measured, failed.count > 0 ? failed.why : "no launch measured it",
               failed.count > 0 ? failed.code : exit_code::internal);
  row.place = f.last.at(key)->place;
  if (row.place && !row.place->why_not_durable.empty())
    return say(row, verdict::not_measured, row.place->why_not_durable, exit_code::internal);
  row.time = time_of(c, allocator, f, *times, launches, failed.count > 0 ? failed.why : "no sample");
  if (row.time->ns < kPlausibleNs)
    return say(row, verdict::not_measured, "below what an operation can take: removed by the compiler",
               exit_code::internal);
  const baseline base = baseline_of(c, allocator, f, launches);
  if (c.design->name == "copy") {
    const limit_sum floor = c.workload->floor(c.at);
    row.has_floor = true;
    row.floor = beside(floor, sum_of(floor, allocator, f.limits, launches), *times);
    return say(row, base.dishonest ? verdict::no_honest_copy : verdict::holds, base.why);
  }
  const std::string alone = apart(row.time->overlap);
  if (!alone.empty() || base.times == nullptr)  // what was measured is measured; a ratio is what is missing
    return say(row, verdict::holds, "no ratio: " + (alone.empty() ? base.why : "its " + alone));
  row.ratio = stats::paired_ratio(*times, *base.times);
  return say(row, row.ratio->separated ? verdict::holds : verdict::not_separated, "");
}

std::vector<limit_row> limit_rows(const facts& f) {
  std::vector<limit_row> out;
  for (const auto& [key, times] : f.limits.all()) {
    const auto& [allocator, id] = f.limit_ids.at(key);
    const series values = finite(times);
    if (values.empty()) continue;
    limit_row row;
    row.id = id;
    row.allocator = allocator;
    row.ns = stats::median(values);
    row.between = stats::median_interval(values);
    if (id.size > 0) row.bytes_per_second = static_cast<double>(id.size) / *row.ns * 1e9;
    if (const series* bytes = f.limit_bytes.find(key)) {
      const series sizes = finite(*bytes);
      row.bytes = stats::median(sizes);
      row.bytes_between = stats::median_interval(sizes);
    }
    out.push_back(std::move(row));
  }
  return out;
}

// A cell that was not timed, by its row of the calibration, or null: it differs from the oracle, could not be compared
// with it, or was not reached.
run_row untimed(const cell& c, const calibration_row* calibrated) {
  run_row row = head_of(c, "mimalloc");
  if (calibrated == nullptr) return say(row, verdict::not_measured, "not reached", exit_code::internal);
  if (calibrated->said == likeness::different)
    return say(row, verdict::broken, "not equal to the oracle: " + calibrated->why, exit_code::incorrect);
  return say(row, verdict::not_measured, calibrated->why, calibrated->code);
}

// What a row is to the exit code, and to whether the run is complete.
void count(const run_row& row, run_rows& out) {
  out.said.add(row.said, row.code == exit_code::ok ? exit_code::internal : row.code);
  out.correct = out.correct && row.said != verdict::broken;
  if (row.said == verdict::broken || (row.time && row.time->missed == 0) || !out.complete) return;
  out.complete = false;
  out.why = fmt::format("{}: {}", row.cell, row.time ? row.time->missed_why : row.why);
}

double noise_of(const facts& f) {
  std::vector<stats::aa_pair> pairs;
  for (const auto& [key, twin] : f.twins.all())
    if (const series* first = f.times.find(key)) pairs.push_back({*first, twin});
  return stats::aa_noise_floor(pairs).relative;
}

}  // namespace

run_rows evaluate(const run_request& request, const run_samples& samples) {
  run_rows out;
  std::map<std::string, const calibration_row*> calibrated;
  for (const calibration_row& row : samples.calibration) calibrated[row.cell] = &row;
  const facts f = gather(samples);
  for (const cell& c : request.cells) {
    const auto known = calibrated.find(c.name());
    if (known == calibrated.end() || known->second->said != likeness::equal) {
      out.cells.push_back(untimed(c, known == calibrated.end() ? nullptr : known->second));
      continue;
    }
    for (const std::string_view allocator : {"mimalloc", "glibc"})
      if (allocator == "mimalloc" || f.times.find("glibc|" + c.name()) != nullptr ||
          f.failed.contains("glibc|" + c.name()))
        out.cells.push_back(row_of(c, allocator, f, static_cast<std::size_t>(samples.launches)));
  }
  for (const run_row& row : out.cells) count(row, out);
  out.limits = limit_rows(f);
  out.noise_floor = noise_of(f);
  return out;
}

}  // namespace copycost
