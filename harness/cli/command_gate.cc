// SPDX-License-Identifier: Apache-2.0
//
// The gate: exact metrics against the committed baseline. Time between two builds is to stand beside it: a time gate
// adds rows with metric "ns" to the same list and the same exit code.
#include <fmt/format.h>

#include <map>

#include "harness/cli/audit_cells.h"
#include "harness/cli/commands.h"
#include "harness/cli/gate_code.h"
#include "harness/cli/selection.h"
#include "harness/cli/source_file.h"
#include "harness/core/text.h"
#include "harness/core/verdict.h"
#include "harness/out/console.h"
#include "harness/out/document.h"
#include "harness/process/streams.h"

namespace copycost {
namespace {

// What is identical on every repetition and across compilers. A baseline's key says under what.
constexpr const char* kMetrics[] = {"allocs_per_op", "alloc_bytes_per_op", "primitive_bytes_per_op", "verdict"};

json key_now() {
  const json machine = machine_json();
#ifdef _GLIBCXX_RELEASE
  const int library = _GLIBCXX_RELEASE;
#else
  const int library = 0;
#endif
  return json::of({{"allocator", machine["allocator"]}, {"libstdcxx", library}});
}

std::string baseline_path(const options& o) {
  return o.baseline.empty() ? source_folder("ci/baselines") + "/ci/baselines/exact.json" : o.baseline;
}

// Cell -> metrics, for the cells whose figures are the same in every run.
std::map<std::string, json> exact_of(const audited& all) {
  std::map<std::string, json> out;
  for (std::size_t i = 0; i < all.rows.size(); ++i) {
    if (!all.rows[i].what.form().exact) continue;
    const json& row = all.json_rows[i];
    out[std::string(row["cell"].text())] =
        json::of({{"allocs_per_op", row["allocs_per_op"]},
                  {"alloc_bytes_per_op", row["alloc_bytes_per_op"]},
                  {"primitive_bytes_per_op", row["witnesses"]["primitive"]["bytes_per_op"]},
                  {"verdict", row["verdict"]}});
  }
  return out;
}

json difference(const std::string& cell, const char* metric, const json& base, const json& head,
                std::string_view said) {
  const bool numbers = base.is_number() && head.is_number() && base.number() > 0;
  return json::of({{"cell", cell},
                   {"metric", metric},
                   {"base", base},
                   {"head", head},
                   {"ratio", numbers ? json(head.number() / base.number()) : json()},
                   {"low", nullptr},
                   {"high", nullptr},
                   {"detectable", 0},
                   {"verdict", said}});
}

struct outcome {
  std::vector<json> rows;  // what differs
  std::size_t compared = 0, missing = 0;
};

outcome differences(const json& baseline, const std::map<std::string, json>& now,
                    const std::map<std::string, bool>& selected) {
  outcome out;
  std::map<std::string, const json*> before;
  for (const auto& [cell, row] : baseline["cells"].members()) before[cell] = &row;
  for (const auto& [cell, row] : before) {
    if (now.contains(cell)) continue;
    if (!selected.empty()) continue;  // a partial selection does not ask for the other rows
    out.rows.push_back(difference(cell, "row", "there", json(), "missing")), ++out.missing;
  }
  for (const auto& [cell, row] : now) {
    const auto found = before.find(cell);
    if (found == before.end()) {
      out.rows.push_back(difference(cell, "row", json(), "there", "not in the baseline"));
      continue;
    }
    ++out.compared;
    if (row["allocs_per_op"].is_null() && !(*found->second)["allocs_per_op"].is_null()) {
      out.rows.push_back(difference(cell, "row", "there", json(), to_string(verdict::not_measured))), ++out.missing;
      continue;
    }
    for (const char* metric : kMetrics) {
      const json &base = (*found->second)[metric], &head = row[metric];
      const bool same = base.is_number() && head.is_number() ? base.number() == head.number() : base == head;
      if (!same) out.rows.push_back(difference(cell, metric, base, head, "changed"));
    }
  }
  return out;
}

void accept(const std::string& path, const std::map<std::string, json>& now, const options& o) {
  json cells = json::object{};
  for (const auto& [cell, row] : now) cells.set(cell, row);
  const json file = json::of({{"schema", kSchema},
                              {"tool", "copycost"},
                              {"kind", "exact baseline"},
                              {"profile", o.profile_name},
                              {"key", key_now()},
                              {"cells", cells}});
  replace_file(path, file.dump(1) + "\n");
  say(fmt::format("copycost: wrote {} cells to {}\n", now.size(), path));
}

json read_baseline(const std::string& path, const options& o) {
  json baseline = read_json_file(path);
  if (baseline["tool"].text() != "copycost" || baseline["kind"].text() != "exact baseline" ||
      baseline["schema"].integer() != kSchema)
    throw failure(exit_code::usage, path + ": not an exact baseline of schema " + std::to_string(kSchema));
  if (baseline["cells"].members().empty()) throw failure(exit_code::nothing_ran, path + ": holds no cells");
  if (baseline["profile"].text() != o.profile_name)
    throw failure(exit_code::usage,
                  path + ": is of profile " + std::string(baseline["profile"].text()) + ", not " + o.profile_name);
  return baseline;
}

}  // namespace

exit_code command_gate(const options& o) {
  const std::string path = baseline_path(o);
  const json baseline = o.accept ? json() : read_baseline(path, o);
  std::string why;
  if (!ledger_ready(why)) throw failure(exit_code::internal, why);
  const audited all = audit_cells(select(o));
  const std::map<std::string, json> now = exact_of(all);
  if (now.empty()) throw failure(exit_code::nothing_ran, "no cell with exact metrics is selected");
  const bool partial =
      !o.systems.empty() || !o.designs.empty() || !o.workloads.empty() || !o.filter.empty() || !o.shard.empty();
  if (o.accept) {
    if (!all.ok) tell_what_does_not_hold(all);
    if (partial || !all.ok)
      throw failure(all.count.broken > 0 ? exit_code::incorrect
                    : !all.ok            ? all.count.code()
                                         : exit_code::usage,
                    all.count.broken > 0 ? "a promise is broken: that is not accepted as a baseline (copycost audit)"
                    : !all.ok            ? what_is_missing(all.json_rows) + ": that is not accepted as a baseline"
                                         : "--accept takes the whole profile");
    accept(path, now, o);
    return exit_code::ok;
  }
  if (!(baseline["key"] == key_now())) {
    const std::string line =
        fmt::format("{}: measured with {}, here is {}", path, baseline["key"].dump(), key_now().dump());
    say(fmt::format("copycost: {}: INCONCLUSIVE\n", line));
    print(o, document(o.seed, {}, false).set("why", line), "INCONCLUSIVE: " + line + "\n");
    return all.count.broken == 0 ? exit_code::inconclusive : exit_code::incorrect;
  }
  const outcome found = differences(
      baseline, now, partial ? std::map<std::string, bool>{{"partial", true}} : std::map<std::string, bool>{});
  print(o, document(o.seed, found.rows, found.rows.empty() && all.ok).set("compared", found.compared),
        comparison_text(found.rows, found.compared, output_columns()));
  if (!all.ok) tell_what_does_not_hold(all);
  if (!found.rows.empty())
    say(fmt::format("copycost: {} exact metrics differ from {}; an intended change is written with `copycost gate --accept`\n",
        found.rows.size(), path));
  if (const std::string missing = what_is_missing(all.json_rows); !missing.empty())
    say(fmt::format("copycost: {}\n", missing));
  return gate_code(all.count.broken == 0, found.missing, found.rows.size());
}

}  // namespace copycost
