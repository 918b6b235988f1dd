// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/evaluate.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "harness/base/text.h"
#include "harness/clock/latency_json.h"
#include "harness/stats/noise.h"
#include "harness/stats/paired.h"
#include "harness/stats/summary.h"

namespace copycost {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
using series = std::vector<double>;  // by launch

// One series per key, NaN where a launch has no value.
class table {
 public:
  explicit table(int launches) : launches_(static_cast<std::size_t>(launches)) {}
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
  void add(const json& line) {
    const auto with = static_cast<exit_code>(line["code"].integer(static_cast<int>(exit_code::internal)));
    if (count++ == 0 || (with == exit_code::incorrect && !of_design())) {
      why = line["error"].text("no reason given");
      code = with;
    }
  }
};

struct facts {  // everything that is known of one cell on one allocator
  table times, twins, overlaps;
  table limits, best, limit_bytes;  // the machine's, by limit_key: medians, the fastest, and sizes that are answers
  std::map<std::string, std::string> limit_errors;
  std::map<std::string, std::pair<std::string, limits::limit_id>> limit_ids;  // of each key: allocator, and what it is
  std::map<std::string, json> last;  // the last line with a time of each cell: items, bytes
  std::map<std::string, failed_launches> failed;
  std::map<std::string, latency_histogram> latencies;  // of all launches
};

facts gather(const run_samples& samples) {
  const table none(samples.launches);
  facts f{none, none, none, none, none, none, {}, {}, {}, {}, {}};
  for (const json& line : samples.lines) {
    const std::string allocator(line["allocator"].text());
    const std::int64_t launch = line["launch"].integer();
    if (line.has("circumstances")) continue;
    if (line.has("limit")) {
      const limits::limit_id id = limit_of(line);
      const std::string key = limit_key(allocator, id);
      f.limit_ids.try_emplace(key, allocator, id);
      if (line["ns"].is_number()) f.limits.add(key, launch, line["ns"].number());
      if (line.has("error")) f.limit_errors[key] = line["error"].text("no reason given");
      if (line["ns"].is_number()) f.best.add(key, launch, line["best_ns"].number(line["ns"].number()));
      if (line["bytes"].is_number()) f.limit_bytes.add(key, launch, line["bytes"].number());
      continue;
    }
    const std::string key = allocator + "|" + std::string(line["cell"].text());
    if (!line["ns"].is_number()) {
      f.failed[key].add(line);
      continue;
    }
    (line["twin"].boolean(false) ? f.twins : f.times).add(key, launch, line["ns"].number());
    if (line.has("latencies") && !line["twin"].boolean(false))
      f.latencies[key].merge(histogram_from(line["latencies"]));
    if (line["overlap"].is_number()) f.overlaps.add(key, launch, line["overlap"].number());
    f.last[key] = line;
  }
  return f;
}

// The sum of limits per launch, out of f.limits or f.best; nothing when a term was not measured.
std::optional<series> sum_of(const limit_sum& sum, std::string_view allocator, const table& measured,
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

json beside(const limit_sum& sum, const std::optional<series>& limit, const series& time) {
  if (!limit) return {};
  const series values = finite(*limit);
  if (values.empty()) return {};
  std::string expression;
  for (const limit_term& t : sum) {
    if (!expression.empty()) expression += " + ";
    if (t.times != 1) expression += fmt::format("{:g} x ", t.times);
    expression += limits::to_string(t.id());
  }
  const auto r = stats::paired_ratio(time, *limit);
  return json::of({{"expression", expression},
                   {"ns", stats::median(values)},
                   {"times", r.ratio},
                   {"low", r.low},
                   {"high", r.high}});
}

// Why there is no limit beside a time, in words; empty where there is one, or none was asked for.
std::string why_no_limit(const limit_sum& sum, std::string_view allocator, const facts& f) {
  for (const limit_term& t : sum)
    if (const auto found = f.limit_errors.find(limit_key(allocator, t.id())); found != f.limit_errors.end())
      return found->second;
  return "no launch measured it";
}

// Below its lower bound beyond the interval: what is said of such a row, which is not wrong for that.
std::string remark_on(const json& limit, const stats::ratio_estimate& r) {
  if (!limit.is_object() || r.pairs < stats::kPairsMin || !(r.high < kLimitFactor)) return "";
  return fmt::format("{:.2f}x its lower bound (95 % interval {:.2f} to {:.2f}): the bound or the row is wrong", r.ratio,
                     r.low, r.high);
}

json params_json(const params& at) {
  json out = json::object{};
  for (const auto& [key, value] : at.entries()) {
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    out.set(key, digits ? json(at.number(key)) : json(value));
  }
  return out;
}

json head_of(const cell& c, std::string_view allocator) {
  json at = params_json(c.at);
  std::string name = c.name();
  if (allocator == "glibc") {
    at.set("allocator", "glibc");
    name += "/allocator:glibc";
  }
  return json::of({{"cell", name},
                   {"system", c.system->name},
                   {"workload", c.workload->traits.name},
                   {"class", to_string(c.workload->traits.cls)},
                   {"design", c.design->name},
                   {"params", at},
                   {"allocator", allocator}});
}

// The lower bound of the work, and what owning bytes as this design does costs at best.
void add_bounds(json& row, const cell& c, std::string_view allocator, const facts& f, const series& times) {
  const limit_sum limit = c.workload->limit(c.at), reference = c.workload->reference(c.at, c.design->owns);
  const auto least = sum_of(limit, allocator, f.best, times.size());
  const json beside_least = beside(limit, least, times);
  row.set("limit", beside_least);
  if (!limit.empty() && !beside_least.is_object()) row.set("limit_why", why_no_limit(limit, allocator, f));
  row.set("reference", beside(reference, sum_of(reference, allocator, f.limits, times.size()), times));
  row.set("remark", beside_least.is_object() ? remark_on(beside_least, stats::paired_ratio(times, *least)) : "");
}

json per_second(const json& per_op, double ns) {
  return per_op.is_number() ? json(per_op.number() / ns * 1e9) : json();
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

void add_rates(json& row, const json& last, const std::optional<double>& overlap, const json& latency, double ns) {
  row.set("items_per_second", per_second(last["items_per_op"], ns));
  row.set("bytes_per_second", per_second(last["payload_bytes_per_op"], ns));
  row.set("overlap", overlap ? json(*overlap) : json()).set("latency", latency);
}

json say(json row, verdict said, const std::string& why, exit_code code = exit_code::ok) {
  row.set("verdict", to_string(said)).set("why", why);
  return code == exit_code::ok ? row : row.set("code", static_cast<int>(code));
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

json row_of(const cell& c, std::string_view allocator, const facts& f, std::size_t launches) {
  json row = head_of(c, allocator);
  const std::string key = std::string(allocator) + "|" + c.name();
  const series* times = f.times.find(key);
  const series values = times != nullptr ? finite(*times) : series{};
  const auto found = f.failed.find(key);
  const failed_launches failed = found != f.failed.end() ? found->second : failed_launches{};
  if (failed.of_design()) return say(row.set("ns", nullptr), verdict::broken, "a launch: " + failed.why, failed.code);
  if (values.empty())
    return say(row.set("ns", nullptr), verdict::not_measured, failed.count > 0 ? failed.why : "no launch measured it",
               failed.count > 0 ? failed.code : exit_code::internal);
  if (const json& at = f.last.at(key)["place"]; at.is_object()) {
    row.set("place", at);
    if (const std::string why(at["why_not_durable"].text("")); !why.empty())
      return say(row.set("ns", nullptr), verdict::not_measured, why, exit_code::internal);
  }
  const double ns = stats::median(values);
  const auto spread = stats::median_interval(values);
  row.set("ns", ns).set("low", spread.low).set("high", spread.high).set("launches", values.size());
  if (values.size() < launches)
    row.set("missed", launches - values.size()).set("missed_why", failed.count > 0 ? failed.why : "no sample");
  const limit_sum floor = c.workload->floor(c.at);
  add_bounds(row, c, allocator, f, *times);
  const auto latencies = f.latencies.find(key);
  const std::optional<double> overlap = overlap_of(key, f);
  add_rates(row, f.last.at(key), overlap, latencies == f.latencies.end() ? json() : summary_json(latencies->second),
            ns);
  if (ns < kPlausibleNs)
    return say(row.set("ratio", nullptr), verdict::not_measured,
               "below what an operation can take: removed by the compiler", exit_code::internal);
  const baseline base = baseline_of(c, allocator, f, launches);
  if (c.design->name == "copy") {
    row.set("floor", beside(floor, sum_of(floor, allocator, f.limits, launches), *times)).set("ratio", nullptr);
    return say(row, base.dishonest ? verdict::no_honest_copy : verdict::holds, base.why);
  }
  const std::string alone = apart(overlap);
  if (!alone.empty() || base.times == nullptr)  // what was measured is measured; a ratio is what is missing
    return say(row.set("ratio", nullptr), verdict::holds, "no ratio: " + (alone.empty() ? base.why : "its " + alone));
  const auto r = stats::paired_ratio(*times, *base.times);
  row.set("ratio", r.ratio)
      .set("ratio_low", r.low)
      .set("ratio_high", r.high)
      .set("detectable", r.detectable)
      .set("pairs", r.pairs);
  return say(row, r.separated ? verdict::holds : verdict::not_separated, "");
}

std::vector<json> limit_rows(const facts& f) {
  std::vector<json> out;
  for (const auto& [key, times] : f.limits.all()) {
    const auto& [allocator, id] = f.limit_ids.at(key);
    const series values = finite(times);
    if (values.empty()) continue;
    const auto spread = stats::median_interval(values);
    json at = limit_params(id);
    if (allocator == "glibc") at.set("allocator", "glibc");
    const double ns = stats::median(values);
    out.push_back(json::of({{"limit", id.name},
                            {"params", at},
                            {"ns", ns},
                            {"bytes_per_second", id.size > 0 ? json(static_cast<double>(id.size) / ns * 1e9) : json()},
                            {"low", spread.low},
                            {"high", spread.high}}));
    const series* bytes = f.limit_bytes.find(key);
    if (bytes == nullptr) continue;
    const series sizes = finite(*bytes);
    const auto range = stats::median_interval(sizes);
    out.back().set("bytes", stats::median(sizes)).set("bytes_low", range.low).set("bytes_high", range.high);
  }
  return out;
}

// A cell that was not timed, by its line of the calibration: it differs from the oracle, could not be compared with it,
// or was not reached.
json untimed(json row, const json& calibrated) {
  row.set("ns", nullptr);
  const json& equal = calibrated["equal"];
  const std::string why(calibrated["why"].text("no reason given"));
  if (equal.is_bool()) return say(row, verdict::broken, "not equal to the oracle: " + why, exit_code::incorrect);
  if (!calibrated.is_object()) return say(row, verdict::not_measured, "not reached", exit_code::internal);
  const auto code = static_cast<exit_code>(calibrated["code"].integer(static_cast<int>(exit_code::internal)));
  return say(row, verdict::not_measured, why, code);
}

// What a row is to the exit code, and to whether the run is complete.
void count(const json& row, run_rows& out) {
  const verdict said = verdict_from(row["verdict"].text()).value_or(verdict::broken);
  out.said.add(said, static_cast<exit_code>(row["code"].integer(static_cast<int>(exit_code::internal))));
  out.correct = out.correct && said != verdict::broken;
  const bool timed = row["ns"].is_number();
  if (said == verdict::broken || (timed && !row.has("missed")) || !out.complete) return;
  out.complete = false;
  out.why = fmt::format("{}: {}", row["cell"].text(), row[timed ? "missed_why" : "why"].text());
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
  std::map<std::string, const json*> calibrated;
  for (const json& row : samples.calibration) calibrated[std::string(row["cell"].text())] = &row;
  const facts f = gather(samples);
  for (const cell& c : request.cells) {
    const auto known = calibrated.find(c.name());
    if (known == calibrated.end() || !(*known->second)["equal"].boolean(false)) {
      out.cells.push_back(untimed(head_of(c, "mimalloc"), known == calibrated.end() ? json() : *known->second));
      continue;
    }
    for (const std::string_view allocator : {"mimalloc", "glibc"})
      if (allocator == "mimalloc" || f.times.find("glibc|" + c.name()) != nullptr ||
          f.failed.contains("glibc|" + c.name()))
        out.cells.push_back(row_of(c, allocator, f, static_cast<std::size_t>(samples.launches)));
  }
  for (const json& row : out.cells) count(row, out);
  out.limits = limit_rows(f);
  out.noise_floor = noise_of(f);
  return out;
}

}  // namespace copycost
