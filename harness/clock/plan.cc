// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/plan.h"

#include "harness/core/failure.h"

namespace copycost {

json to_json(const plan& p) {
  json items = json::array{};
  for (const plan_item& i : p.items) {
    json row;
    if (i.limit.empty())
      row.set("cell", i.cell).set("n", i.n).set("batches", i.batches).set("period_ns", i.period_ns).set("twin", i.twin).set("count", i.count);
    else
      row.set("limit", i.limit).set("size", i.size).set("alive", i.alive);
    items.push(row.set("budget_ns", i.budget_ns));
  }
  return json::of({{"schema", 1}, {"launch", p.launch}, {"inputs", p.inputs}, {"items", items}});
}

plan plan_from_json(const json& text, const std::string& path) {
  if (text["schema"].integer(0) != 1 || !text["items"].is_array())
    throw failure(exit_code::usage, path + ": not a plan of this version");
  plan p;
  p.launch = static_cast<int>(text["launch"].integer());  // fits: a number of launches
  p.inputs = text["inputs"];
  for (const json& row : text["items"].items()) {
    plan_item i;
    i.cell = row["cell"].text(), i.limit = row["limit"].text();
    i.n = static_cast<std::uint64_t>(row["n"].integer(0)), i.size = static_cast<std::uint64_t>(row["size"].integer(0));
    i.alive = static_cast<std::uint64_t>(row["alive"].integer(0));
    i.batches = static_cast<unsigned>(row["batches"].integer(0));  // fits: a number of batches
    i.twin = row["twin"].boolean(false), i.count = row["count"].boolean(false);
    i.period_ns = row["period_ns"].integer(0), i.budget_ns = row["budget_ns"].number();
    p.items.push_back(std::move(i));
  }
  return p;
}

}  // namespace copycost
