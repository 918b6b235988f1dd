// SPDX-License-Identifier: Apache-2.0
#include "harness/output/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/text.h"
#include "harness/output/table.h"

namespace copycost {
namespace {

std::string number(double v) { return fmt::format("{:g}", v); }
std::string ns(const std::optional<double>& v) { return v ? format_ns(*v) : "-"; }

std::string value(const figure& v) {
  if (const auto* figures = std::get_if<double>(&v)) return number(*figures);
  const auto* word = std::get_if<std::string>(&v);
  return word != nullptr ? *word : "-";
}

std::string between(double low, double high) { return fmt::format("[{}, {}]", format_ratio(low), format_ratio(high)); }

std::string beside_limit(const std::optional<multiple>& m) {
  return m ? fmt::format("{:.2f}x {}", m->times, m->expression) : "-";
}

// "12 holds, 1 broken" in the order of first appearance.
template <class Row, class Said>
std::string count_verdicts(const std::vector<Row>& rows, Said said_of) {
  std::vector<std::pair<std::string_view, int>> counts;
  for (const Row& row : rows) {
    const std::string_view said = to_string(said_of(row));
    auto at = std::find_if(counts.begin(), counts.end(), [&](const auto& c) { return c.first == said; });
    if (at == counts.end())
      counts.emplace_back(said, 1);
    else
      ++at->second;
  }
  std::string out;
  for (const auto& [said, n] : counts) out += fmt::format("{}{} {}", out.empty() ? "" : ", ", n, said);
  return out;
}

// A line for each row that has a remark.
std::string bound_remarks(const std::vector<run_row>& rows, std::size_t width) {
  std::string out;
  for (const run_row& row : rows)
    if (row.time && !row.time->remark.empty())
      out += paragraph(fmt::format("{}: {}", row.cell, row.time->remark), width);
  return out.empty() ? out : "\nRemarks:\n" + out;
}

// On what the cells that keep files were measured, and why a limit is missing: a line for each answer.
std::string remarks(const std::vector<run_row>& rows, std::size_t width) {
  std::map<std::string, int> seen;
  for (const run_row& row : rows) {
    if (!row.time) continue;
    if (row.place) {
      const std::string is = row.place->is == standing::disk ? "" : fmt::format(" ({})", to_string(row.place->is));
      ++seen[fmt::format("keep files on {} of {}{}", row.place->file_system, row.place->device, is)];
    }
    if (!row.time->limit_why.empty()) ++seen["have no limit: " + row.time->limit_why];
  }
  std::string out;
  for (const auto& [what, count] : seen) out += paragraph(fmt::format("{} cells {}.", count, what), width);
  return out;
}

std::string reasons(const judged_row& row) { return fmt::format("{}", fmt::join(row.said.reasons, "; ")); }

// The most frequent of the reasons for which some of so many rows could not be done.
std::string missing(const std::vector<std::string>& whys, std::size_t of, const char* name) {
  if (whys.empty()) return {};
  std::map<std::string, std::size_t> counts;
  for (const std::string& why : whys) ++counts[why.empty() ? "no reason given" : why];
  std::vector<std::pair<std::string, std::size_t>> most(counts.begin(), counts.end());
  std::ranges::stable_sort(most, [](const auto& a, const auto& b) { return a.second > b.second; });
  constexpr std::size_t kToldMax = 3;
  std::string out = fmt::format("{} of {} {} could not be measured: ", whys.size(), of, name);
  for (std::size_t i = 0; i < most.size() && i < kToldMax; ++i)
    out += fmt::format("{}{} ({})", i > 0 ? "; " : "", most[i].first, most[i].second);
  if (most.size() > kToldMax) out += fmt::format("; {} more reasons", most.size() - kToldMax);
  std::ranges::replace(out, '\n', ' ');
  return out;
}

}  // namespace

std::string run_text(const std::vector<run_row>& rows, double noise_floor, std::size_t width) {
  table t({"cell", ">time", ">low", ">high", ">time / copy [95 %]", "limit", "reference", "verdict"},
          {"low,high", "reference", "limit"});
  std::size_t measured = 0, alone = 0;
  for (const run_row& row : rows) {
    const timed none, &at = row.time ? *row.time : none;
    const auto shown = [&](double v) { return row.time ? format_ns(v) : "-"; };
    const auto& r = row.ratio;
    t.add({row.cell, shown(at.ns), shown(at.low), shown(at.high),
           r ? fmt::format("{} {}", format_ratio(r->ratio), between(r->low, r->high)) : "-", beside_limit(at.limit),
           beside_limit(at.reference), std::string(to_string(row.said))},
          row.why);
    measured += row.time.has_value();
    alone += row.time && !r && row.design != "copy";
  }
  std::string ratios = alone > 0 ? fmt::format(" {} of {} times are without a ratio to `copy`.", alone, measured) : "";
  const std::string noise =
      std::isfinite(noise_floor) ? fmt::format("{:.1f} %", 100 * noise_floor) : "not known (too few launches)";
  const std::string said = count_verdicts(rows, [](const run_row& row) { return row.said; });
  return t.text(width) + bound_remarks(rows, width) + "\n" +
         paragraph(fmt::format("{} cells: {}.{} Noise floor (A/A): {}.", rows.size(), said, ratios, noise), width) +
         remarks(rows, width);
}

std::string audit_text(const std::vector<judged_row>& rows, std::size_t width) {
  table t({"cell", ">allocs/op", ">B alloc/op", ">B copied/op", ">B kernel/op", ">syscalls/op", ">refs/op",
           ">held/live", "verdict"},
          {"refs/op", "syscalls/op", "B kernel/op", "B alloc/op"});
  for (const judged_row& row : rows) {
    const audit_row& found = row.found;
    const auto shown = [&](double v) { return found.error.empty() ? number(v) : "-"; };
    t.add({found.what.name(), shown(found.allocs), shown(found.alloc_bytes), shown(found.copied),
           shown(found.kernel_bytes), shown(found.syscalls), shown(found.refcount_ops),
           found.live_bytes > 0 ? shown(found.retained_over_live()) : "-", std::string(to_string(row.said.said))},
          reasons(row));
  }
  const std::string said = count_verdicts(rows, [](const judged_row& row) { return row.said.said; });
  return t.text(width) + "\n" + paragraph(fmt::format("{} cells: {}.", rows.size(), said), width);
}

std::string verify_text(const std::vector<law_row>& rows, std::size_t width) {
  table t({"system", "design", "law", ">cases", "verdict"});
  std::string inputs;
  for (const law_row& row : rows) {
    const std::string why = row.why.value_or("");
    if (row.law != "input") {
      t.add(
          {row.system, row.design, row.law, number(static_cast<double>(row.cases)), std::string(to_string(row.said))},
          why + (why.empty() || row.replay.empty() ? "" : "; ") + (row.replay.empty() ? "" : "replay: " + row.replay));
      continue;
    }
    std::string one = fmt::format("{}/{}:", row.system, row.design);
    if (row.input) {
      if (!row.input->made.mode.empty()) one += fmt::format(" {}:", row.input->made.mode);
      for (const auto& [name, count] : row.input->made.counts)
        one += fmt::format(" {} {},", name, count.is_string() ? std::string(count.text()) : count.dump());
      if (!row.input->made.digest.empty()) one += fmt::format(" digest {},", row.input->made.digest);
    }
    inputs += paragraph(one + fmt::format(" {}{}", to_string(row.said), why.empty() ? "" : ": " + why), width);
  }
  const std::string said = count_verdicts(rows, [](const law_row& row) { return row.said; });
  return (t.empty() ? "" : t.text(width) + "\n") + inputs +
         paragraph(fmt::format("{} rows: {}.", rows.size(), said), width);
}

std::string limits_text(const std::vector<limit_row>& rows, std::size_t width) {
  table t({"limit", "params", ">time", ">low", ">high", ">GB/s"}, {"low,high"});
  for (const limit_row& row : rows) {
    std::string size = row.id.size > 0 ? format_bytes(static_cast<double>(row.id.size)) : "";
    if (row.id.span > 0) size += " of " + format_bytes(static_cast<double>(row.id.span));
    if (row.bytes) size = "answer " + format_bytes(*row.bytes);
    const double rate = row.bytes_per_second.value_or(0);
    t.add({row.id.name, size, ns(row.ns), row.between ? format_ns(row.between->low) : "-",
           row.between ? format_ns(row.between->high) : "-", rate > 0 ? fmt::format("{:.1f}", rate / 1e9) : "-"},
          row.error);
  }
  return t.text(width);
}

std::string comparison_text(const std::vector<compare_row>& rows, std::optional<std::size_t> compared,
                            std::size_t width) {
  table t({"cell", "metric", ">base", ">head", ">head / base", ">interval", "verdict"}, {"interval", "base"});
  for (const compare_row& row : rows)
    t.add({row.cell, row.metric, value(row.base), value(row.head), row.ratio ? format_ratio(*row.ratio) : "-",
           row.low && row.high ? between(*row.low, *row.high) : "-", std::string(to_string(row.said))},
          row.why.value_or(""));
  const std::string said =
      rows.empty() ? "nothing differs" : count_verdicts(rows, [](const compare_row& row) { return row.said; });
  const std::string sum = compared ? fmt::format("{} cells compared, {} rows differ: {}.", *compared, rows.size(), said)
                                   : fmt::format("{} rows: {}.", rows.size(), said);
  return (t.empty() ? "" : t.text(width) + "\n") + paragraph(sum, width);
}

std::string list_text(const std::vector<list_row>& rows, std::size_t width) {
  table t({"cell", ">estimate"});
  for (const list_row& row : rows)
    t.add({row.what.name(), row.estimate_s ? format_ns(*row.estimate_s * 1e9) : "-"}, row.why);
  return t.text(width);
}

std::string doctor_text(const std::vector<env::check>& rows, std::size_t width) {
  table t({"check", "state", "effect", "remedy"});
  for (const env::check& row : rows) t.add({row.name, row.state, row.effect, row.remedy});
  return t.text(width);
}

std::string what_is_missing(const std::vector<run_row>& rows) {
  std::vector<std::string> whys;
  for (const run_row& row : rows)
    if (row.said == verdict::not_measured) whys.push_back(row.why);
  return missing(whys, rows.size(), "cells");
}

std::string what_is_missing(const std::vector<judged_row>& rows) {
  std::vector<std::string> whys;
  for (const judged_row& row : rows)
    if (row.said.said == verdict::not_measured) whys.push_back(reasons(row));
  return missing(whys, rows.size(), "cells");
}

std::string what_is_missing(const std::vector<law_row>& rows) {
  std::vector<std::string> whys;
  for (const law_row& row : rows)
    if (row.said == law_verdict::not_asked) whys.push_back(row.why.value_or(""));
  return missing(whys, rows.size(), "laws");
}

}  // namespace copycost
