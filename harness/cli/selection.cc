// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/selection.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <regex>
#include <set>

#include "harness/base/failure.h"
#include "harness/base/text.h"
#include "harness/cli/input_fit.h"
#include "harness/output/result_dir.h"

namespace copycost {
namespace {

// Every asked-for name must exist somewhere; a misspelt one is an error and not an empty selection.
void check_names(const std::vector<std::string>& asked, const std::set<std::string>& known, const char* what) {
  const std::vector<std::string> list(known.begin(), known.end());
  for (const std::string& name : asked) {
    if (known.contains(name)) continue;
    const std::string near = nearest(name, list);
    std::string all;
    for (const std::string& k : list) all += (all.empty() ? "" : ", ") + k;
    throw failure(exit_code::usage, std::string("no ") + what + " '" + name + "'; " +
                                        (near.empty() ? "there are: " + all : "did you mean '" + near + "'?"));
  }
}

void check_all_names(const options& o) {
  std::set<std::string> systems, designs, workloads;
  for (const system_entry& s : all_systems()) {
    systems.emplace(s.name);
    for (const design_entry* d : s.designs) {
      designs.emplace(d->name);
      for (const workload_entry& w : d->workloads) workloads.emplace(w.traits.name);
    }
  }
  check_names(o.systems, systems, "system");
  check_names(o.designs, designs, "design");
  check_names(o.workloads, workloads, "workload");
}

bool wanted(const std::vector<std::string>& asked, std::string_view name) {
  return asked.empty() || std::find(asked.begin(), asked.end(), name) != asked.end();
}

std::vector<cell> shard_of(std::vector<cell> cells, const std::string& shard) {
  if (shard.empty()) return cells;
  std::uint64_t i = 0, n = 0;
  const char *const begin = shard.data(), *const end = begin + shard.size();
  const auto first = std::from_chars(begin, end, i);
  const bool bar = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = std::from_chars(bar ? first.ptr + 1 : end, end, n);
  if (!bar || second.ec != std::errc() || second.ptr != end || i < 1 || i > n)
    throw failure(exit_code::usage, "--shard " + shard + ": expected i/n with 1 <= i <= n");
  std::vector<cell> out;
  for (std::size_t k = i - 1; k < cells.size(); k += std::min<std::uint64_t>(n, cells.size())) out.push_back(cells[k]);
  return out;
}

// The cells of a profile that names and filter ask for; their own names in `names`, whatever the filter.
std::vector<cell> matching(const options& o, profile p, const std::optional<std::regex>& pattern,
                           std::vector<std::string>* names = nullptr) {
  std::vector<cell> out;
  for (cell& c : cells_of(p)) {
    if (!wanted(o.systems, c.system->name) || !wanted(o.designs, c.design->name) ||
        !wanted(o.workloads, c.workload->traits.name))
      continue;
    std::string name = c.name();
    const bool fits = !pattern || std::regex_search(name, *pattern);
    if (names != nullptr) names->push_back(std::move(name));
    if (fits) out.push_back(std::move(c));
  }
  return out;
}

// Where there are such cells: in other profiles, or in systems and designs that were not asked for.
std::string where_else(const options& o, const std::optional<std::regex>& pattern) {
  std::string out;
  const auto add = [&](const std::string& place, std::size_t count) {
    if (count > 0) out += (out.empty() ? "; there are " : ", ") + std::to_string(count) + " in " + place;
  };
  for (const profile p : {profile::smoke, profile::quick, profile::full, profile::soak})
    if (p != o.how()) add("profile " + std::string(to_string(p)), matching(o, p, pattern).size());
  if (!out.empty() || o.systems.empty()) return out;
  options anywhere = o;
  anywhere.systems.clear();
  std::map<std::string, std::size_t> systems;
  for (const cell& c : matching(anywhere, o.how(), pattern)) ++systems[std::string(c.system->name)];
  for (const auto& [name, count] : systems) add("system " + name, count);
  return out;
}

// Takes the cells of `copy` along that stand beside the others.
void add_copies(const options& o, std::vector<cell>& cells) {
  const bool asked = o.designs.empty() || std::ranges::find(o.designs, "copy") != o.designs.end();
  if (asked || o.no_copy || (o.command != "run" && o.command != "list")) return;
  std::set<std::string> seen;
  std::vector<cell> more;
  for (const cell& c : cells) {
    cell beside = c;
    beside.design = find_design(*c.system, "copy");
    if (beside.design == nullptr) continue;
    const auto work = std::ranges::find_if(
        beside.design->workloads, [&](const workload_entry& w) { return w.traits.name == c.workload->traits.name; });
    if (work == beside.design->workloads.end()) continue;
    beside.workload = &*work;
    if (seen.insert(beside.name()).second) more.push_back(std::move(beside));
  }
  cells.insert(cells.end(), more.begin(), more.end());
}

json listed(const std::vector<std::string>& names) {
  if (names.empty()) return {};
  json out = json::array{};
  for (const std::string& name : names) out.push(name);
  return out;
}
json asked(const std::string& text) { return text.empty() ? json() : json(text); }

}  // namespace

json selection_of(const options& o) {
  std::vector<std::string> inputs;
  for (const fitted_inputs::given& one : opened_inputs().words) inputs.push_back(one.word);
  return json::of({{"system", listed(o.systems)},
                   {"design", listed(o.designs)},
                   {"workload", listed(o.workloads)},
                   {"filter", asked(o.filter)},
                   {"profile", o.profile_name},
                   {"shard", asked(o.shard)},
                   {"input", listed(inputs)},
                   {"launches", o.launches > 0 ? json(o.launches) : json()},
                   {"no_copy", o.no_copy}});
}

void belongs_to_run(json& document, const options& o) {
  const std::string id = o.output.empty() ? "" : run_id_of(o.output);
  document.set("run_id", asked(id)).set("selection", selection_of(o));
}

std::vector<cell> select(const options& o) {
  check_all_names(o);
  open_inputs(o);
  std::optional<std::regex> pattern;
  try {
    if (!o.filter.empty()) pattern.emplace(o.filter, std::regex::ECMAScript);
  } catch (const std::regex_error&) {
    throw failure(exit_code::usage, "--filter " + o.filter + ": not a regular expression");
  }
  std::vector<std::string> names;
  std::vector<cell> out = matching(o, o.how(), pattern, &names);
  const std::size_t matched = out.size();
  if (!out.empty()) check_inputs_are_read(opened_inputs(), out, o.profile_name);
  out = shard_of(std::move(out), o.shard);
  if (!out.empty()) {
    add_copies(o, out);
    return out;
  }
  if (matched > 0)
    throw failure(exit_code::nothing_ran,
                  "nothing selected: shard " + o.shard + " of " + std::to_string(matched) + " cells is empty");
  const std::string near = nearest(o.filter, names);
  throw failure(exit_code::nothing_ran, "nothing selected: no cell of profile " + o.profile_name + " matches" +
                                            where_else(o, pattern) +
                                            (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

std::vector<const design_entry*> select_designs(const options& o) {
  check_all_names(o);
  std::vector<const design_entry*> out;
  for (const system_entry& s : all_systems())
    for (const design_entry* d : s.designs)
      if (wanted(o.systems, s.name) && wanted(o.designs, d->name)) out.push_back(d);
  if (out.empty()) throw failure(exit_code::nothing_ran, "nothing selected: no design of these systems has that name");
  return out;
}

}  // namespace copycost
