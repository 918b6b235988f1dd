// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/evaluate.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "harness/clock/latency_json.h"
#include "harness/core/text.h"
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

struct facts {  // everything that is known of one cell on one allocator
  table times, twins, overlaps;
  table limits, best, limit_bytes;  // the machine's, by limit_key: medians, the fastest, and sizes that are answers
  std::map<std::string, std::string> limit_errors;
  std::map<std::string, std::pair<std::string, limits::limit_id>> limit_ids;  // of each key: allocator, and what it is
  std::map<std::string, json> last;      // the last time's line of each cell: items, bytes
  std::map<std::string, json> failures;  // the last line of a launch that could not measure it
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
      if (line.has("ns")) f.limits.add(key, launch, line["ns"].number());
      if (line.has("error")) f.limit_errors[key] = line["error"].text();
      if (line.has("ns")) f.best.add(key, launch, line[line.has("best_ns") ? "best_ns" : "ns"].number());
      if (line.has("bytes")) f.limit_bytes.add(key, launch, line["bytes"].number());
      continue;
    }
    const std::string key = allocator + "|" + std::string(line["cell"].text());
    if (!line.has("ns")) {
      f.failures[key] = line;
      continue;
    }
    (line["twin"].boolean() ? f.twins : f.times).add(key, launch, line["ns"].number());
    if (line.has("latencies") && !line["twin"].boolean()) f.latencies[key].merge(histogram_from(line["latencies"]));
    if (line.has("overlap")) f.overlaps.add(key, launch, line["overlap"].number());
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
  if (allocator == "glibc") at.set("allocator", "glibc"), name += "/allocator:glibc";
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

void add_rates(json& row, const json& last, const series* overlaps, const json& latency, double ns) {
  row.set("items_per_second", last["items_per_op"].number() / ns * 1e9);
  row.set("bytes_per_second", last["payload_bytes_per_op"].number() / ns * 1e9);
  const series shared = overlaps != nullptr ? finite(*overlaps) : series{};
  row.set("overlap", shared.empty() ? json() : json(stats::median(shared))).set("latency", latency);
}

// The baseline of a group: the copy design's series, unless it is no honest opponent.
struct baseline {
  const series* times = nullptr;
  std::string why;
};

baseline baseline_of(const cell& c, std::string_view allocator, const facts& f, std::size_t launches) {
  const design_entry* copy = find_design(*c.system, "copy");
  if (copy == nullptr) return {nullptr, "no design `copy` to compare with"};
  cell other = c;
  other.design = copy;
  const series* times = f.times.find(std::string(allocator) + "|" + other.name());
  if (times == nullptr) return {nullptr, "`copy` was not timed at these parameters"};
  const series values = finite(*times);
  if (values.empty()) return {nullptr, "`copy` was not timed at these parameters"};
  if (stats::median(values) < kPlausibleNs) return {nullptr, "`copy` is below what an operation can take: no opponent"};
  const auto floor = sum_of(c.workload->floor(c.at), allocator, f.limits, launches);
  if (!floor) return {times, ""};
  const auto r = stats::paired_ratio(*times, *floor);
  if (r.low > kFloorFactor)
    return {nullptr, fmt::format("`copy` takes {:.2f}x its floor: no honest opponent", r.ratio)};
  return {times, ""};
}

json row_of(const cell& c, std::string_view allocator, const facts& f, std::size_t launches) {
  json row = head_of(c, allocator);
  const std::string key = std::string(allocator) + "|" + c.name();
  const series* times = f.times.find(key);
  const series values = times != nullptr ? finite(*times) : series{};
  if (values.empty()) {
    const auto failed = f.failures.find(key);
    const std::string why(failed != f.failures.end() ? failed->second["error"].text("no launch measured it")
                                                     : "no launch measured it");
    return row.set("ns", nullptr).set("verdict", "not measured").set("why", why);
  }
  if (const json& at = f.last.at(key)["place"]; at.is_object()) {
    row.set("place", at);
    if (const std::string why(at["why_not_durable"].text()); !why.empty())
      return row.set("ns", nullptr).set("verdict", "not measured").set("why", why);
  }
  const double ns = stats::median(values);
  const auto spread = stats::median_interval(values);
  row.set("ns", ns).set("low", spread.low).set("high", spread.high);
  const limit_sum floor = c.workload->floor(c.at);
  add_bounds(row, c, allocator, f, *times);
  const auto latencies = f.latencies.find(key);
  add_rates(row, f.last.at(key), f.overlaps.find(key), latencies == f.latencies.end() ? json() : summary_json(latencies->second), ns);
  if (ns < kPlausibleNs)
    return row.set("verdict", "not measured").set("why", "below what an operation can take: removed by the compiler");
  const baseline base = baseline_of(c, allocator, f, launches);
  if (c.design->name == "copy") {
    row.set("floor", beside(floor, sum_of(floor, allocator, f.limits, launches), *times)).set("ratio", nullptr);
    if (base.times == nullptr) return row.set("verdict", "broken").set("why", base.why);
    return row.set("verdict", "holds").set("why", "");
  }
  if (base.times == nullptr) return row.set("ratio", nullptr).set("verdict", "not measured").set("why", base.why);
  const auto r = stats::paired_ratio(*times, *base.times);
  row.set("ratio", r.ratio)
      .set("ratio_low", r.low)
      .set("ratio_high", r.high)
      .set("detectable", r.detectable)
      .set("pairs", r.pairs);
  return row.set("verdict", r.separated ? "holds" : "not separated").set("why", "");
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
                            {"bytes_per_second", id.size > 0 ? static_cast<double>(id.size) / ns * 1e9 : 0.0},
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
    if (known == calibrated.end() || !(*known->second)["equal"].boolean()) {
      const bool seen = known != calibrated.end();
      out.correct = out.correct && !seen;
      out.cells.push_back(
          head_of(c, "mimalloc")
              .set("ns", nullptr)
              .set("verdict", seen ? "broken" : "not measured")
              .set("why", seen ? json("not equal to the oracle: " + std::string((*known->second)["why"].text()))
                               : json("not reached")));
      continue;
    }
    for (const std::string_view allocator : {"mimalloc", "glibc"})
      if (allocator == "mimalloc" || f.times.find("glibc|" + c.name()) != nullptr)
        out.cells.push_back(row_of(c, allocator, f, static_cast<std::size_t>(samples.launches)));
  }
  out.limits = limit_rows(f);
  out.noise_floor = noise_of(f);
  return out;
}

}  // namespace copycost
