// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "harness/clock/recount.h"

namespace copycost {
namespace {

bool has_all(const json& line) {
  const auto has = [&](const auto& one) { return line[one.name].is_number(); };
  return std::ranges::all_of(kCounters, has) && std::ranges::all_of(kLeft, has);
}

}  // namespace

json to_json(const recount_row& row) {
  json out = json::of({{"cell", row.cell}, {"n", row.n}});
  if (row.found) {
    out.set("ops", row.found->ops);
    for (const counter& c : kCounters) out.set(c.name, row.found->window.*c.of);
    for (const left_name& l : kLeft) out.set(l.name, row.found->left.*l.of);
    out.set("digest", row.found->digest).set("expected", row.found->expected);
  }
  return row.error.empty() ? out : out.set("error", row.error);
}

recount_row recount_from_json(const json& line) {
  const auto number = [&](std::string_view key) { return static_cast<std::uint64_t>(line[key].integer(0)); };
  recount_row out{std::string(line["cell"].text()), number("n"), std::nullopt, std::string(line["error"].text())};
  if (!has_all(line)) return out;
  recount_row::counted found;
  found.ops = number("ops");
  for (const counter& c : kCounters) found.window.*c.of = number(c.name);
  for (const left_name& l : kLeft) found.left.*l.of = line[l.name].integer();
  found.digest = number("digest");
  found.expected = number("expected");
  out.found = found;
  return out;
}

}  // namespace copycost
