// SPDX-License-Identifier: Apache-2.0
#include "harness/cli/selection.h"

#include <algorithm>
#include <charconv>
#include <regex>
#include <set>

#include "harness/cli/input_fit.h"
#include "harness/core/failure.h"
#include "harness/core/text.h"

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

}  // namespace

std::vector<cell> select(const options& o) {
  check_all_names(o);
  open_inputs(o);
  std::optional<std::regex> pattern;
  try {
    if (!o.filter.empty()) pattern.emplace(o.filter, std::regex::ECMAScript);
  } catch (const std::regex_error&) {
    throw failure(exit_code::usage, "--filter " + o.filter + ": not a regular expression");
  }
  std::vector<cell> out;
  std::vector<std::string> names;
  for (cell& c : cells_of(o.how())) {
    if (!wanted(o.systems, c.system->name) || !wanted(o.designs, c.design->name) ||
        !wanted(o.workloads, c.workload->traits.name))
      continue;
    names.push_back(c.name());
    if (!pattern || std::regex_search(names.back(), *pattern)) out.push_back(std::move(c));
  }
  if (!out.empty()) check_inputs_are_read(opened_inputs(), out, o.profile_name);
  out = shard_of(std::move(out), o.shard);
  if (!out.empty()) return out;
  const std::string near = nearest(o.filter, names);
  throw failure(exit_code::nothing_ran, "nothing selected: no cell of profile " + o.profile_name + " matches" +
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
