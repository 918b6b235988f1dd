// SPDX-License-Identifier: Apache-2.0
#include "harness/base/json_rows.h"
#include "harness/clock/latency_json.h"
#include "harness/clock/plan.h"
#include "harness/clock/rows.h"

namespace copycost {
namespace {

json beside_json(const std::optional<multiple>& m) {
  if (!m) return {};
  return json::of(
      {{"expression", m->expression}, {"ns", m->ns}, {"times", m->times}, {"low", m->low}, {"high", m->high}});
}

void add_time(json& row, const timed& t) {
  row.set("ns", t.ns).set("low", t.low).set("high", t.high).set("launches", t.launches);
  if (t.missed > 0) row.set("missed", t.missed).set("missed_why", t.missed_why);
  row.set("limit", beside_json(t.limit));
  if (!t.limit_why.empty()) row.set("limit_why", t.limit_why);
  row.set("reference", beside_json(t.reference)).set("remark", t.remark);
  row.set("items_per_second", or_null(t.items_per_second)).set("bytes_per_second", or_null(t.bytes_per_second));
  row.set("overlap", or_null(t.overlap)).set("latency", t.latency ? summary_json(*t.latency) : json());
}

void add_ratio(json& row, const stats::ratio_estimate& r) {
  row.set("ratio", r.ratio).set("ratio_low", r.low).set("ratio_high", r.high);
  row.set("detectable", r.detectable).set("pairs", r.pairs);
}

}  // namespace

json to_json(const params& at) {
  json out = json::object{};
  for (const auto& [key, value] : at.entries()) {
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    out.set(key, digits ? json(at.number(key)) : json(value));
  }
  return out;
}

json to_json(const run_row& r) {
  json row = json::of({{"cell", r.cell},
                       {"system", r.system},
                       {"workload", r.workload},
                       {"class", to_string(r.cls)},
                       {"design", r.design},
                       {"params", to_json(r.at)},
                       {"allocator", r.allocator}});
  if (r.place) row.set("place", to_json(*r.place));
  if (r.time)
    add_time(row, *r.time);
  else
    row.set("ns", nullptr);
  if (r.has_floor) row.set("floor", beside_json(r.floor));
  if (r.ratio)
    add_ratio(row, *r.ratio);
  else if (r.time)
    row.set("ratio", nullptr);
  row.set("verdict", to_string(r.said)).set("why", r.why);
  return r.code == exit_code::ok ? row : row.set("code", static_cast<int>(r.code));
}

json to_json(const limit_row& r) {
  json at = limit_params(r.id);
  if (r.allocator == "glibc") at.set("allocator", r.allocator);
  json row = json::of({{"limit", r.id.name}, {"params", std::move(at)}, {"ns", or_null(r.ns)}});
  if (!r.ns) return row.set("error", r.error);
  row.set("bytes_per_second", or_null(r.bytes_per_second));
  if (r.bytes && !r.bytes_between) row.set("bytes", *r.bytes);
  if (r.between) row.set("low", r.between->low).set("high", r.between->high);
  if (r.bytes && r.bytes_between)
    row.set("bytes", *r.bytes).set("bytes_low", r.bytes_between->low).set("bytes_high", r.bytes_between->high);
  return r.about.empty() ? row : row.set("about", r.about);
}

}  // namespace copycost
