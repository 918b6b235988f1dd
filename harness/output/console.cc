// SPDX-License-Identifier: Apache-2.0
#include "harness/output/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/text.h"
#include "harness/core/verdict.h"
#include "harness/judge/run_laws.h"
#include "harness/output/table.h"

namespace copycost {
namespace {

std::string word(const json& v) { return std::string(v.text("")); }
std::string number(const json& v) { return v.is_number() ? fmt::format("{:g}", v.number()) : "-"; }
std::string ns(const json& v) { return v.is_number() ? format_ns(v.number()) : "-"; }

std::string ratio_with_interval(const json& row) {
  for (const char* key : {"ratio", "ratio_low", "ratio_high"})
    if (!row[key].is_number()) return "-";
  return fmt::format("{} [{}, {}]", format_ratio(row["ratio"].number()), format_ratio(row["ratio_low"].number()),
                     format_ratio(row["ratio_high"].number()));
}

std::string beside_limit(const json& limit) {
  if (!limit.is_object()) return "-";
  if (!limit["times"].is_number()) return "- " + word(limit["expression"]);
  return fmt::format("{:.2f}x {}", limit["times"].number(), word(limit["expression"]));
}

// "12 holds, 1 broken" in the order of first appearance.
std::string count_verdicts(const std::vector<json>& rows) {
  std::vector<std::pair<std::string, int>> counts;
  for (const json& row : rows) {
    const std::string said = word(row["verdict"]);
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
std::string bound_remarks(const std::vector<json>& rows, std::size_t width) {
  std::string out;
  for (const json& row : rows)
    if (const std::string said = word(row["remark"]); !said.empty())
      out += paragraph(fmt::format("{}: {}", word(row["cell"]), said), width);
  return out.empty() ? out : "\nRemarks:\n" + out;
}

std::string reasons(const json& row) {
  std::string out;
  for (const json& r : row["reasons"].items()) out += (out.empty() ? "" : "; ") + word(r);
  return out.empty() ? word(row["why"]) : out;
}

// On what the cells that keep files were measured, and why a limit is missing: a line for each answer.
std::string remarks(const std::vector<json>& rows, std::size_t width) {
  std::map<std::string, int> seen;
  for (const json& row : rows) {
    if (const json& at = row["place"]; at.is_object() && row["ns"].is_number()) {
      const std::string is = word(at["is"]) == "disk" ? "" : fmt::format(" ({})", word(at["is"]));
      ++seen[fmt::format("keep files on {} of {}{}", word(at["file_system"]), word(at["device"]), is)];
    }
    if (row.has("limit_why")) ++seen["have no limit: " + word(row["limit_why"])];
  }
  std::string out;
  for (const auto& [what, count] : seen) out += paragraph(fmt::format("{} cells {}.", count, what), width);
  return out;
}

}  // namespace

std::string run_text(const std::vector<json>& rows, double noise_floor, std::size_t width) {
  table t({"cell", ">time", ">low", ">high", ">time / copy [95 %]", "limit", "reference", "verdict"},
          {"low,high", "reference", "limit"});
  std::size_t timed = 0, alone = 0;
  for (const json& row : rows) {
    t.add({word(row["cell"]), ns(row["ns"]), ns(row["low"]), ns(row["high"]), ratio_with_interval(row),
           beside_limit(row["limit"]), beside_limit(row["reference"]), word(row["verdict"])},
          word(row["why"]));
    timed += row["ns"].is_number();
    alone += row["ns"].is_number() && !row["ratio"].is_number() && row["design"].text("") != "copy";
  }
  std::string ratios = alone > 0 ? fmt::format(" {} of {} times are without a ratio to `copy`.", alone, timed) : "";
  const std::string noise =
      std::isfinite(noise_floor) ? fmt::format("{:.1f} %", 100 * noise_floor) : "not known (too few launches)";
  return t.text(width) + bound_remarks(rows, width) + "\n" +
         paragraph(
             fmt::format("{} cells: {}.{} Noise floor (A/A): {}.", rows.size(), count_verdicts(rows), ratios, noise),
             width) +
         remarks(rows, width);
}

std::string audit_text(const std::vector<json>& rows, std::size_t width) {
  table t({"cell", ">allocs/op", ">B alloc/op", ">B copied/op", ">B kernel/op", ">syscalls/op", ">refs/op",
           ">held/live", "verdict"},
          {"refs/op", "syscalls/op", "B kernel/op", "B alloc/op"});
  for (const json& row : rows) {
    t.add({word(row["cell"]), number(row["allocs_per_op"]), number(row["alloc_bytes_per_op"]),
           number(row["payload_bytes_copied_per_op"]), number(row["kernel_bytes_copied_per_op"]),
           number(row["syscalls_per_op"]), number(row["refcount_ops_per_op"]), number(row["retained_over_live"]),
           word(row["verdict"])},
          reasons(row));
  }
  return t.text(width) + "\n" + paragraph(fmt::format("{} cells: {}.", rows.size(), count_verdicts(rows)), width);
}

std::string verify_text(const std::vector<json>& rows, std::size_t width) {
  table t({"system", "design", "law", ">cases", "verdict"});
  std::string inputs;
  for (const json& row : rows) {
    if (row["law"].text("") != "input") {
      const std::string why = word(row["why"]), again = word(row["replay"]);
      t.add({word(row["system"]), word(row["design"]), word(row["law"]), number(row["cases"]), word(row["verdict"])},
            why + (why.empty() || again.empty() ? "" : "; ") + (again.empty() ? "" : "replay: " + again));
      continue;
    }
    std::string one = fmt::format("{}/{}:", word(row["system"]), word(row["design"]));
    for (const auto& [name, value] : row["counts"].members())
      one += fmt::format(" {} {},", name, value.is_string() ? word(value) : value.dump());
    if (!word(row["digest"]).empty()) one += fmt::format(" digest {},", word(row["digest"]));
    inputs += paragraph(
        one + fmt::format(" {}{}", word(row["verdict"]), word(row["why"]).empty() ? "" : ": " + word(row["why"])),
        width);
  }
  return (t.empty() ? "" : t.text(width) + "\n") + inputs +
         paragraph(fmt::format("{} rows: {}.", rows.size(), count_verdicts(rows)), width);
}

std::string limits_text(const std::vector<json>& rows, std::size_t width) {
  table t({"limit", "params", ">time", ">low", ">high", ">GB/s"}, {"low,high"});
  for (const json& row : rows) {
    const json& rate = row["bytes_per_second"];
    std::string size = row["params"]["size"].is_number() ? format_bytes(row["params"]["size"].number()) : "";
    if (row["params"]["span"].is_number()) size += " of " + format_bytes(row["params"]["span"].number());
    if (row["bytes"].is_number()) size = "answer " + format_bytes(row["bytes"].number());
    t.add({word(row["limit"]), size, ns(row["ns"]), ns(row["low"]), ns(row["high"]),
           rate.is_number() && rate.number() > 0 ? fmt::format("{:.1f}", rate.number() / 1e9) : "-"},
          word(row["error"]));
  }
  return t.text(width);
}

std::string comparison_text(const std::vector<json>& rows, std::optional<std::size_t> compared, std::size_t width) {
  table t({"cell", "metric", ">base", ">head", ">head / base", ">interval", "verdict"}, {"interval", "base"});
  for (const json& row : rows) {
    const std::string ratio = row["ratio"].is_number() ? format_ratio(row["ratio"].number()) : "-";
    const bool known = row["low"].is_number() && row["high"].is_number();
    const std::string interval =
        known ? fmt::format("[{}, {}]", format_ratio(row["low"].number()), format_ratio(row["high"].number())) : "-";
    const auto value = [](const json& v) { return v.is_string() ? word(v) : number(v); };
    t.add({word(row["cell"]), word(row["metric"]), value(row["base"]), value(row["head"]), ratio, interval,
           word(row["verdict"])},
          word(row["why"]));
  }
  const std::string said = rows.empty() ? "nothing differs" : count_verdicts(rows);
  const std::string sum = compared ? fmt::format("{} cells compared, {} rows differ: {}.", *compared, rows.size(), said)
                                   : fmt::format("{} rows: {}.", rows.size(), said);
  return (t.empty() ? "" : t.text(width) + "\n") + paragraph(sum, width);
}

std::string list_text(const std::vector<json>& rows, std::size_t width) {
  table t({"cell", ">estimate"});
  for (const json& row : rows)
    t.add({word(row["cell"]), row["estimate_s"].is_number() ? format_ns(row["estimate_s"].number() * 1e9) : "-"},
          word(row["why"]));
  return t.text(width);
}

std::string doctor_text(const std::vector<json>& rows, std::size_t width) {
  table t({"check", "state", "effect", "remedy"});
  for (const json& row : rows)
    t.add({word(row["check"]), word(row["state"]), word(row["effect"]), word(row["remedy"])});
  return t.text(width);
}

std::string what_is_missing(const std::vector<json>& rows, const char* name) {
  std::map<std::string, std::size_t> why;
  std::size_t count = 0;
  for (const json& row : rows) {
    const std::string said = word(row["verdict"]);
    if (said != to_string(verdict::not_measured) && said != to_string(law_verdict::not_asked)) continue;
    const std::string given = reasons(row);
    ++why[given.empty() ? "no reason given" : given];
    ++count;
  }
  if (count == 0) return {};
  std::vector<std::pair<std::string, std::size_t>> most(why.begin(), why.end());
  std::ranges::stable_sort(most, [](const auto& a, const auto& b) { return a.second > b.second; });
  constexpr std::size_t kToldMax = 3;
  std::string out = fmt::format("{} of {} {} could not be measured: ", count, rows.size(), name);
  for (std::size_t i = 0; i < most.size() && i < kToldMax; ++i)
    out += fmt::format("{}{} ({})", i > 0 ? "; " : "", most[i].first, most[i].second);
  if (most.size() > kToldMax) out += fmt::format("; {} more reasons", most.size() - kToldMax);
  std::ranges::replace(out, '\n', ' ');
  return out;
}

}  // namespace copycost
