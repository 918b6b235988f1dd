// SPDX-License-Identifier: Apache-2.0
#include "harness/out/console.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/core/text.h"
#include "harness/out/table.h"

namespace copycost {
namespace {

std::string word(const json& v) { return std::string(v.text()); }
std::string number(const json& v) { return v.is_number() ? fmt::format("{:g}", v.number()) : "-"; }
std::string ns(const json& v) { return v.is_number() ? format_ns(v.number()) : "-"; }

std::string ratio_with_interval(const json& row) {
  if (!row["ratio"].is_number()) return "-";
  return fmt::format("{} [{}, {}]", format_ratio(row["ratio"].number()), format_ratio(row["ratio_low"].number()),
                     format_ratio(row["ratio_high"].number()));
}

std::string beside_limit(const json& limit) {
  if (!limit.is_object()) return "-";
  return fmt::format("{:.2f}x {}", limit["times"].number(), limit["expression"].text());
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
std::string bound_remarks(const std::vector<json>& rows) {
  std::string out;
  for (const json& row : rows)
    if (!row["remark"].text().empty()) out += fmt::format("{}: {}\n", row["cell"].text(), row["remark"].text());
  return out.empty() ? out : "\nRemarks:\n" + out;
}

std::string reasons(const json& row) {
  std::string out;
  for (const json& r : row["reasons"].items()) out += (out.empty() ? "" : "; ") + word(r);
  return out.empty() ? word(row["why"]) : out;
}

// On what the cells that keep files were measured, and why a limit is missing: a line for each answer.
std::string remarks(const std::vector<json>& rows) {
  std::map<std::string, int> seen;
  for (const json& row : rows) {
    if (const json& at = row["place"]; at.is_object() && row["ns"].is_number()) {
      const std::string is = word(at["is"]) == "disk" ? "" : fmt::format(" ({})", word(at["is"]));
      ++seen[fmt::format("keep files on {} of {}{}", word(at["file_system"]), word(at["device"]), is)];
    }
    if (row.has("limit_why")) ++seen["have no limit: " + word(row["limit_why"])];
  }
  std::string out;
  for (const auto& [what, count] : seen) out += fmt::format("{} cells {}.\n", count, what);
  return out;
}

}  // namespace

std::string run_text(const std::vector<json>& rows, double noise_floor) {
  table t({"cell", ">time", ">low", ">high", ">time / copy [95 %]", "limit", "reference", "verdict"});
  for (const json& row : rows) {
    const std::string why = word(row["why"]);
    t.add({word(row["cell"]), ns(row["ns"]), ns(row["low"]), ns(row["high"]), ratio_with_interval(row),
           beside_limit(row["limit"]), beside_limit(row["reference"]),
           word(row["verdict"]) + (why.empty() ? "" : ": " + why)});
  }
  const std::string noise =
      std::isfinite(noise_floor) ? fmt::format("{:.1f} %", 100 * noise_floor) : "not known (too few launches)";
  return t.text() + bound_remarks(rows) +
         fmt::format("\n{} cells: {}. Noise floor (A/A): {}.\n", rows.size(), count_verdicts(rows), noise) +
         remarks(rows);
}

std::string audit_text(const std::vector<json>& rows) {
  table t({"cell", ">allocs/op", ">B alloc/op", ">B copied/op", ">B kernel/op", ">syscalls/op", ">refs/op",
           ">held/live", "verdict"});
  for (const json& row : rows) {
    const std::string why = reasons(row);
    t.add({word(row["cell"]), number(row["allocs_per_op"]), number(row["alloc_bytes_per_op"]),
           number(row["payload_bytes_copied_per_op"]), number(row["kernel_bytes_copied_per_op"]),
           number(row["syscalls_per_op"]), number(row["refcount_ops_per_op"]), number(row["retained_over_live"]),
           word(row["verdict"]) + (why.empty() ? "" : ": " + why)});
  }
  return t.text() + fmt::format("\n{} cells: {}.\n", rows.size(), count_verdicts(rows));
}

std::string verify_text(const std::vector<json>& rows) {
  table t({"system", "design", "law", ">cases", "verdict", "replay"});
  std::string inputs;
  for (const json& row : rows) {
    if (row["law"].text() != "input") {
      t.add({word(row["system"]), word(row["design"]), word(row["law"]), number(row["cases"]), word(row["verdict"]),
             word(row["replay"])});
      continue;
    }
    inputs += fmt::format("{}/{}:", row["system"].text(), row["design"].text());
    for (const auto& [name, value] : row["counts"].members())
      inputs += fmt::format(" {} {},", name, value.is_string() ? std::string(value.text()) : value.dump());
    if (!row["digest"].text().empty()) inputs += fmt::format(" digest {},", row["digest"].text());
    inputs += fmt::format(" {}{}\n", row["verdict"].text(), row["why"].text().empty() ? "" : ": " + word(row["why"]));
  }
  return (t.empty() ? "" : t.text() + "\n") + inputs + fmt::format("{} rows: {}.\n", rows.size(), count_verdicts(rows));
}

std::string limits_text(const std::vector<json>& rows) {
  table t({"limit", "params", ">time", ">low", ">high", ">GB/s"});
  for (const json& row : rows) {
    const double rate = row["bytes_per_second"].number();
    std::string size = row["params"]["size"].is_number() ? format_bytes(row["params"]["size"].number()) : "";
    if (row["params"]["span"].is_number()) size += " of " + format_bytes(row["params"]["span"].number());
    if (row["bytes"].is_number()) size = "answer " + format_bytes(row["bytes"].number());
    t.add({word(row["limit"]), size, ns(row["ns"]), ns(row["low"]), ns(row["high"]),
           rate > 0 ? fmt::format("{:.1f}", rate / 1e9) : "-"});
  }
  return t.text();
}

std::string comparison_text(const std::vector<json>& rows) {
  table t({"cell", "metric", ">base", ">head", ">head / base", "verdict"});
  for (const json& row : rows) {
    std::string ratio = row["ratio"].is_number() ? format_ratio(row["ratio"].number()) : "-";
    if (row["low"].is_number())
      ratio += fmt::format(" [{}, {}]", format_ratio(row["low"].number()), format_ratio(row["high"].number()));
    const auto value = [](const json& v) {
      return v.is_number() ? fmt::format("{:g}", v.number()) : v.is_null() ? std::string("-") : std::string(v.text());
    };
    t.add(
        {word(row["cell"]), word(row["metric"]), value(row["base"]), value(row["head"]), ratio, word(row["verdict"])});
  }
  return (t.empty() ? "" : t.text() + "\n") +
         fmt::format("{} rows: {}.\n", rows.size(), rows.empty() ? "nothing differs" : count_verdicts(rows));
}

std::string list_text(const std::vector<json>& rows) {
  table t({"cell", ">estimate"});
  for (const json& row : rows)
    t.add({word(row["cell"]), row["estimate_s"].is_number() ? format_ns(row["estimate_s"].number() * 1e9) : "-"});
  return t.text();
}

std::string doctor_text(const std::vector<json>& rows) {
  table t({"check", "state", "effect", "remedy"});
  for (const json& row : rows)
    t.add({word(row["check"]), word(row["state"]), word(row["effect"]), word(row["remedy"])});
  return t.text();
}

}  // namespace copycost
