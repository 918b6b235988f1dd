// SPDX-License-Identifier: Apache-2.0
// Goal: a profile ends when it says it does, whatever its cells cost. Method: plans for invented paces, added up.
#include "harness/clock/schedule.h"

#include "property_tests/catch.h"
#include "property_tests/harness/stats/approx.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr profile kProfiles[] = {profile::smoke, profile::quick, profile::full, profile::soak};

struct bench {
  explicit bench(std::size_t n, const pace& each, shape form = {}) : toys("toy") {
    made::g_form = form;
    toys.add("copy");
    for (std::size_t i = 0; i < n; ++i) {
      cells.push_back(toys.at("copy", params{{"size", i}}));
      known[cells.back().name()] = each;
    }
  }
  // Seconds of the whole run as planned.
  double total(const profile_budget& b, std::size_t limits) const {
    const double window = window_ns(cells, known, b, limits);
    double out = fixed_seconds(cells, known, b, limits);
    for (const cell& c : cells) {
      const plan_item item = item_for(c, known.at(c.name()), b, window);
      out += b.launches * static_cast<double>(item.n) * item.batches * known.at(c.name()).ns / 1e9;
    }
    return out;
  }
  made::cell_table toys;
  std::vector<cell> cells;
  paces known;
};

TEST_CASE("schedule: every profile fits its budget for cells of any pace") {
  for (const profile p : kProfiles)
    for (const double ns : {1.0, 30.0, 1e3, 1e5})
      for (const std::size_t n : {1u, 20u, 60u}) {
        const bench b(n, {.ns = ns, .setup_ns = 1e4, .batch_ns = 1e3, .judge_ns = 1e5});
        CAPTURE(to_string(p), ns, n);
        CHECK(b.total(budget_of(p), 20) <= budget_of(p).total_s);
      }
}

TEST_CASE("schedule: launches, batches and budgets grow from profile to profile") {
  for (int i = 0; i + 1 < 4; ++i) {
    const profile_budget small = budget_of(kProfiles[i]), large = budget_of(kProfiles[i + 1]);
    CHECK((small.total_s < large.total_s && small.launches < large.launches && small.batches < large.batches));
    CHECK(small.window_ns_max < large.window_ns_max);
  }
  CHECK(budget_of(profile::quick).launches >= 8);  // what separates two designs at 95 %
}

TEST_CASE("schedule: a cell's window is bounded on both sides") {
  const profile_budget b = budget_of(profile::quick);
  const bench few(1, {.ns = 10}), many(2000, {.ns = 10, .setup_ns = 1e9});
  CHECK(window_ns(few.cells, few.known, b, 0) == b.window_ns_max);
  CHECK(window_ns(many.cells, many.known, b, 0) == 1e5);
  CHECK(window_ns({}, {}, b, 0) == 0);
}

TEST_CASE("schedule: fixed time is calibration, set-ups, batches and limits of all launches") {
  const profile_budget b{.total_s = 100, .launches = 10, .batches = 4, .window_ns_max = 1e9};
  const pace each{.ns = 10, .setup_ns = 1e6, .batch_ns = 1e5, .judge_ns = 2e6};
  const bench one(3, each);
  // Per launch: 0.03 s to start, 5 limits of 2 ms, per cell one set-up and four batches, and a child for each of them.
  // Calibration: 0.03 s, and per cell three set-ups and the comparison with the oracle.
  CHECK(fixed_seconds(one.cells, one.known, b, 5) ==
        approx(0.03 + 3 * 0.005 + 10 * (0.03 + 0.01 + 3 * (0.001 + 0.0004) + 8 * 0.0015)));
  const bench fresh(3, each, {.state = batch_state::fresh});  // a set-up before every batch
  CHECK(fixed_seconds(fresh.cells, fresh.known, b, 5) ==
        approx(0.03 + 3 * 0.005 + 10 * (0.03 + 0.01 + 3 * (0.004 + 0.0004) + 8 * 0.0015)));
}

TEST_CASE("schedule: a cell that was not calibrated costs nothing") {
  const bench b(2, {.ns = 10, .setup_ns = 1e9});
  CHECK(fixed_seconds(b.cells, {}, budget_of(profile::smoke), 0) == approx(4 * 0.03));
}

TEST_CASE("schedule: operations fill the window over the batches") {
  const bench b(1, {.ns = 50});
  const profile_budget budget{.total_s = 1, .launches = 3, .batches = 5, .window_ns_max = 1e9};
  const plan_item item = item_for(b.cells[0], {.ns = 50}, budget, 1e6);
  CHECK((item.n == 4000 && item.batches == 5 && item.period_ns == 0));
  CHECK(item.cell == "toy/scripted/design:copy/size:0");
  CHECK(item_seconds(item, b.cells[0], {.ns = 50, .setup_ns = 1e6, .batch_ns = 1e5}) ==
        approx(0.0015 + 0.001 + 0.0005 + 0.001));
  CHECK(item_for(b.cells[0], {.ns = 1e9}, budget, 1e6).n == 1);  // never none
  // What an operation does in pauses of the window takes its time, too.
  const plan_item paused = item_for(b.cells[0], {.ns = 50, .paused_ns = 150}, budget, 1e6);
  CHECK((paused.n == 1000 && paused.batches == 5));
  CHECK(item_seconds(paused, b.cells[0], {.ns = 50, .paused_ns = 150}) == approx(0.0015 + 0.001));
  // An operation that is longer than a batch's share makes a batch of its own, and there are fewer.
  const plan_item longer = item_for(b.cells[0], {.ns = 4e5}, budget, 1e6);
  CHECK((longer.n == 1 && longer.batches == 2));
  CHECK(item_for(b.cells[0], {.ns = 1e9}, budget, 1e6).batches == 1);
}

TEST_CASE("schedule: a heavy operation is done once a launch, with one set-up, and takes no share of the window") {
  workload_entry work = made::scripted_workload();
  work.traits.ops = op_kind::heavy;
  made::g_form = {.state = batch_state::fresh};
  made::cell_table heavy("toy", work);
  heavy.add("copy");
  const std::vector<cell> cells = {heavy.at("copy")};
  const pace each{.ns = 5e8, .setup_ns = 1e8};
  const paces known = {{cells[0].name(), each}};
  const profile_budget b{.total_s = 100, .launches = 10, .batches = 4, .window_ns_max = 1e9};
  const plan_item item = item_for(cells[0], each, b, 1e6);
  CHECK((item.n == 1 && item.batches == 1));
  CHECK(item_seconds(item, cells[0], each) == approx(0.6015));
  CHECK(fixed_seconds(cells, known, b, 0) == approx(0.03 + 0.3 + 10 * (0.03 + 0.6015)));
  CHECK(window_ns(cells, known, b, 0) == 1e5);
}

TEST_CASE("schedule: a batch that a workload counts is as long for every pace and in any company") {
  workload_entry work = made::scripted_workload();
  work.batch_ops = [](const params&) { return std::uint64_t{1000}; };
  made::g_form = {.state = batch_state::fresh};
  made::cell_table counted("toy", work);
  counted.add("copy");
  const std::vector<cell> cells = {counted.at("copy")};
  const profile_budget b{.total_s = 100, .launches = 10, .batches = 4, .window_ns_max = 1e6};
  for (const double ns : {0.0, 10.0, 400.0, 1e6})
    for (const double window : {1e5, 1e9}) {
      const plan_item item = item_for(cells[0], {.ns = ns}, b, window);
      CHECK(item.n == 1000);
      CHECK(item.batches == (ns > 1e3 ? 1 : ns > 300 ? 2 : 4));  // those that fit into the longest window
    }
  const pace each{.ns = 400, .setup_ns = 1e6};
  const paces known = {{cells[0].name(), each}};
  CHECK(item_seconds(item_for(cells[0], each, b, 1e5), cells[0], each) == approx(0.0015 + 2 * 0.001 + 2 * 0.0004));
  // It takes no share: calibration and ten launches are subtracted.
  CHECK(fixed_seconds(cells, known, b, 0) == approx(0.03 + 0.003 + 0.0004 + 10 * (0.03 + 0.0043)));
  CHECK(window_ns(cells, known, b, 0) == 1e5);
}

TEST_CASE("schedule: each system has the profile's time for itself") {
  made::g_form = {};
  made::cell_table cheap("cheap"), dear("dear");
  cheap.add("copy");
  dear.add("copy");
  const std::vector<cell> cells = {cheap.at("copy"), dear.at("copy")};
  const paces known = {{cells[0].name(), {.ns = 10}}, {cells[1].name(), {.ns = 10, .setup_ns = 1e9}}};
  const profile_budget b = budget_of(profile::quick);
  const windows both = windows_of(cells, known, b, 0);
  CHECK(both.size() == 2);
  CHECK(both.at("cheap") == window_ns({cells[0]}, known, b, 0));
  CHECK(both.at("dear") == window_ns({cells[1]}, known, b, 0));
}

TEST_CASE("schedule: fresh state bounds a batch, and an open loop has a period that its operations can meet") {
  const profile_budget budget{.total_s = 1, .launches = 3, .batches = 1, .window_ns_max = 1e9};
  const bench fresh(1, {.ns = 1}, {.state = batch_state::fresh});
  CHECK(item_for(fresh.cells[0], {.ns = 1}, budget, 1e9).n == 16384);
  const bench open(1, {.ns = 3000}, {.start = op_start::intended});
  CHECK(item_for(open.cells[0], {.ns = 3000}, budget, 1e6).period_ns == 6000);
  CHECK(item_for(open.cells[0], {.ns = 30}, budget, 1e6).period_ns == 1000);
}

}  // namespace
}  // namespace copycost
