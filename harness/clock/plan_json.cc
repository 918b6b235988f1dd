// SPDX-License-Identifier: Apache-2.0
#include "harness/base/failure.h"
#include "harness/clock/plan.h"

namespace copycost {

void add_limit(json& row, const limits::limit_id& id) {
  row.set("limit", id.name).set("size", id.size).set("alive", id.alive);
  if (id.span != 0) row.set("span", id.span);
  if (id.buffer != 0) row.set("buffer", id.buffer);
  if (id.from != 0) row.set("from", id.from);
}

json limit_params(const limits::limit_id& id) {
  json at = json::object{};
  if (id.size != 0) at.set("size", id.size);
  if (id.alive != 0) at.set("alive", id.alive);
  if (id.span != 0) at.set("span", id.span);
  if (id.buffer != 0) at.set("buffer", id.buffer);
  if (id.from != 0) at.set("from", id.from);
  return at;
}

limits::limit_id limit_of(const json& row) {
  const auto number = [&](const char* key) { return static_cast<std::uint64_t>(row[key].integer(0)); };
  return {std::string(row["limit"].text()),
          number("size"),
          number("alive"),
          number("span"),
          number("buffer"),
          number("from")};
}

json to_json(const circumstances& c) {
  return json::of({{"order", c.order},
                   {"heap", c.heap},
                   {"heap_blocks", c.heap_blocks},
                   {"payload_place", c.payload_place},
                   {"stack_bytes", c.stack_bytes}});
}

circumstances circumstances_from(const json& row) {
  const auto number = [&](const char* key) { return static_cast<std::uint64_t>(row[key].integer(0)); };
  return {number("order"), number("heap"), number("heap_blocks"), number("payload_place"), number("stack_bytes")};
}

json to_json(const plan& p) {
  json items = json::array{};
  for (const plan_item& i : p.items) {
    json row;
    if (!i.is_limit())
      row.set("cell", i.cell)
          .set("n", i.n)
          .set("batches", i.batches)
          .set("period_ns", i.period_ns)
          .set("twin", i.twin)
          .set("count", i.count);
    else
      add_limit(row, i.limit);
    items.push(row.set("budget_ns", i.budget_ns));
  }
  return json::of(
      {{"schema", 1}, {"launch", p.launch}, {"inputs", p.inputs}, {"circumstances", to_json(p.met)}, {"items", items}});
}

plan plan_from_json(const json& text, const std::string& path) {
  if (text["schema"].integer(0) != 1 || !text["items"].is_array())
    throw failure(exit_code::usage, path + ": not a plan of this version");
  plan p;
  p.launch = static_cast<int>(text["launch"].integer());  // fits: a number of launches
  p.inputs = text["inputs"];
  p.met = circumstances_from(text["circumstances"]);
  for (const json& row : text["items"].items()) {
    plan_item i;
    i.cell = row["cell"].text();
    i.limit = limit_of(row);
    i.n = static_cast<std::uint64_t>(row["n"].integer(0));
    i.batches = static_cast<unsigned>(row["batches"].integer(0));  // fits: a number of batches
    i.twin = row["twin"].boolean(false);
    i.count = row["count"].boolean(false);
    i.period_ns = row["period_ns"].integer(0);
    i.budget_ns = row["budget_ns"].number();
    p.items.push_back(std::move(i));
  }
  return p;
}

}  // namespace copycost
