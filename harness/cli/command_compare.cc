// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <map>

#include "harness/cli/commands.h"
#include "harness/core/text.h"
#include "harness/out/console.h"
#include "harness/out/document.h"
#include "harness/out/result_dir.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

// Two runs share no launches, so nothing is paired: the interval runs from the least to the most that both medians'
// intervals allow, which is wider than 95 % and never narrower.
json compared(const std::string& cell, const json& base, const json& head) {
  json row = json::of({{"cell", cell}, {"metric", "ns"}, {"base", base["ns"]}, {"head", head["ns"]}});
  if (!base["ns"].is_number() || !head["ns"].is_number())
    return row.set("ratio", nullptr)
        .set("low", nullptr)
        .set("high", nullptr)
        .set("detectable", nullptr)
        .set("verdict", "not measured");
  const double ratio = head["ns"].number() / base["ns"].number();
  const double low = head["low"].number() / base["high"].number(), high = head["high"].number() / base["low"].number();
  const char* said = low > 1 ? "slower" : high < 1 ? "faster" : "not separated";
  return row.set("ratio", ratio)
      .set("low", low)
      .set("high", high)
      .set("detectable", high / low > 0 ? std::max(high / ratio, ratio / low) - 1 : 0.0)
      .set("verdict", said);
}

// Exact metrics of the two audits, where both directories have one: only what differs.
void compare_audits(const std::string& base_dir, const std::string& head_dir, std::vector<json>& rows) {
  json base, head;
  try {
    base = read_json_file(base_dir + "/audit.json"), head = read_json_file(head_dir + "/audit.json");
  } catch (const failure&) {
    return;  // not every result directory holds an audit
  }
  std::map<std::string_view, const json*> before;
  for (const json& row : base["rows"].items()) before[row["cell"].text()] = &row;
  for (const json& row : head["rows"].items()) {
    const auto found = before.find(row["cell"].text());
    if (found == before.end()) continue;
    for (const char* metric : {"allocs_per_op", "alloc_bytes_per_op", "payload_bytes_copied_per_op"}) {
      const double a = (*found->second)[metric].number(), b = row[metric].number();
      if (a != b)
        rows.push_back(json::of({{"cell", row["cell"]},
                                 {"metric", metric},
                                 {"base", a},
                                 {"head", b},
                                 {"ratio", a > 0 ? json(b / a) : json()},
                                 {"low", nullptr},
                                 {"high", nullptr},
                                 {"detectable", 0},
                                 {"verdict", "changed"}}));
    }
  }
}

}  // namespace

exit_code command_compare(const options& o) {
  const json base = read_verdicts(o.directories[0]), head = read_verdicts(o.directories[1]);
  std::map<std::string, const json*> before, after;
  for (const json& row : base["rows"].items()) before[std::string(row["cell"].text())] = &row;
  for (const json& row : head["rows"].items()) after[std::string(row["cell"].text())] = &row;
  std::vector<json> rows;
  std::size_t missing = 0;
  for (const auto& [cell, row] : before) {
    const auto found = after.find(cell);
    rows.push_back(compared(cell, *row, found != after.end() ? *found->second : json()));
    missing += found == after.end() ? 1 : 0;
  }
  for (const auto& [cell, row] : after)
    if (!before.contains(cell)) rows.push_back(compared(cell, json(), *row)), ++missing;
  if (rows.empty()) throw failure(exit_code::nothing_ran, "neither directory holds a cell");
  compare_audits(o.directories[0], o.directories[1], rows);
  if (base["machine"]["cpu_model"] != head["machine"]["cpu_model"])
    say(fmt::format("copycost: different machines: {} and {}\n", base["machine"]["cpu_model"].text(),
               head["machine"]["cpu_model"].text()));
  json doc = document(o.seed, rows, missing == 0);
  print(o, doc, comparison_text(rows));
  if (missing > 0) throw failure(exit_code::nothing_ran, fmt::format("{} cells are in one directory only", missing));
  return exit_code::ok;
}

}  // namespace copycost
