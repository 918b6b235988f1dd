// SPDX-License-Identifier: Apache-2.0
// Goal: a batch is timed from its first opening to its last closing, on fresh state where that is asked for, and a cell
// is calibrated only if it is right. Method: role records written by hand; scripted episodes that count what is asked.
#include "harness/clock/batch_timer.h"

#include <chrono>
#include <thread>
#include <utility>
#include <vector>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "harness/clock/calibration.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

window_time window_over(std::vector<std::pair<std::int64_t, std::int64_t>> roles) {
  std::vector<role_record> records(roles.size());
  for (std::size_t i = 0; i < roles.size(); ++i) {
    records[i].opened_ns = roles[i].first;
    records[i].closed_ns = roles[i].second;
  }
  return window_of(records);
}

TEST_CASE("batch timer: the window is from the first opening to the last closing, and says how much was shared") {
  CHECK((window_over({{100, 300}}).wall_ns == 200 && window_over({{100, 300}}).overlap == 1));
  const window_time shifted = window_over({{100, 300}, {150, 350}});
  CHECK((shifted.wall_ns == 250 && shifted.overlap == 150.0 / 250));
  const window_time apart = window_over({{100, 200}, {300, 400}});
  CHECK((apart.wall_ns == 300 && apart.overlap == 0));
  CHECK((window_over({{100, 100}}).wall_ns == 0 && window_over({{100, 100}}).overlap == 1));
}

TEST_CASE("batch timer: more roles than processors have met when no processor was without one") {
  std::vector<role_record> roles(4);
  const auto overlap = [&](std::vector<std::pair<std::int64_t, std::int64_t>> times, unsigned processors) {
    for (std::size_t i = 0; i < 4; ++i) {
      roles[i].opened_ns = times[i].first;
      roles[i].closed_ns = times[i].second;
    }
    return crowd_overlap(roles, processors);
  };
  CHECK(overlap({{0, 100}, {0, 100}, {100, 200}, {100, 200}}, 2) == 1);    // two by two
  CHECK(overlap({{0, 100}, {100, 200}, {200, 300}, {300, 400}}, 2) == 0);  // one after the other
  CHECK(overlap({{0, 100}, {0, 100}, {0, 100}, {0, 100}}, 2) == 1);
  CHECK(overlap({{0, 100}, {0, 100}, {100, 200}, {100, 200}}, 4) == 0);  // all four could, and did not
  CHECK(overlap({{0, 100}, {0, 100}, {0, 100}, {0, 100}}, 1) == 0);
}

struct counted {
  int setups = 0, batches = 0;
  std::uint64_t ops = 0;
};

// A cell whose operation is two items of 10 bytes; `seen` counts what the timer asks for.
cell toy(counted& seen, const shape& form) {
  static made::cell_table toys("toy");
  static const design_entry& only = toys.add("plain");
  made::g_form = form;
  made::g_script = {};
  static std::uint64_t done;
  made::g_script.setup = [&seen](window&) {
    ++seen.setups;
    done = 0;
  };
  made::g_script.run = [&seen](window& w, unsigned, std::uint64_t n) {
    w.open();
    for (std::uint64_t i = 0; i < n; ++i)
      if (made::g_form.open_loop()) {
        (void)w.due(i);
        w.done(i);
      }
    w.close();
    ++seen.batches;
    seen.ops += n;
    done += n;
  };
  made::g_script.finish = [](window& w) { return tally{done, 2 * done, 20 * done, w.results()}; };
  return toys.at(only.name);
}

TEST_CASE("batch timer: one set-up serves all batches, and what they did adds up") {
  counted seen;
  batch_timer timer(toy(seen, {}));
  for (const std::uint64_t n : {1u, 10u, 100u}) CHECK(timer.run(n).wall_ns >= 0);
  timer.finish();
  CHECK((seen.setups == 1 && seen.batches == 3 && seen.ops == 111));
  CHECK((timer.items_per_op() == 2 && timer.payload_bytes_per_op() == 20));
  CHECK(timer.latencies().count() == 0);
}

TEST_CASE("batch timer: where state is used up, every batch has a fresh one") {
  counted seen;
  batch_timer timer(toy(seen, {.state = batch_state::fresh}));
  for (int i = 0; i < 4; ++i) timer.run(5);
  timer.finish();
  CHECK((seen.setups == 4 && seen.batches == 4));
  CHECK((timer.items_per_op() == 2 && timer.payload_bytes_per_op() == 20));
}

TEST_CASE("batch timer: an open loop's latencies are those of all its batches") {
  for (const bool repeatable : {true, false}) {
    counted seen;
    batch_timer timer(
        toy(seen, {.start = op_start::intended, .state = repeatable ? batch_state::kept : batch_state::fresh}), 1000);
    timer.run(30);
    timer.run(20);
    timer.finish();
    const latency_summary latency = timer.latencies().summary();
    CAPTURE(repeatable);
    CHECK(latency.count == 50);
    CHECK((latency.p50_ns <= latency.p99_ns && latency.p99_ns <= latency.max_ns));
  }
}

TEST_CASE("batch timer: scenery is not timed, and the overlap is how much of the time it was there") {
  std::vector<role_record> roles(3);
  const auto set = [&](std::size_t i, std::int64_t from, std::int64_t to) {
    roles[i].opened_ns = from;
    roles[i].closed_ns = to;
  };
  set(0, 0, 1000);
  set(1, 100, 200);
  set(2, 250, 300);  // the timed ones take turns: on one processor they must
  CHECK(scenery_share(roles, 1) == 1);
  set(0, 0, 200);
  CHECK(scenery_share(roles, 1) == 0.5);
  set(0, 400, 500);
  CHECK(scenery_share(roles, 1) == 0);

  counted seen;
  cell c = toy(seen, {.threads = 3, .scenery = 1});
  made::g_script.run = [](window& w, unsigned role, std::uint64_t) {
    w.open();
    const std::int64_t start = now_ns();
    while (role == 0 && now_ns() - start < 200'000'000) {
    }
    w.close();
  };
  batch_timer timer(c);
  CHECK(timer.run(1).wall_ns < 200e6);
  timer.finish();
}

TEST_CASE("batch timer: thread time is what the role's thread computed, not what it waited for") {
  counted seen;
  cell c = toy(seen, {});
  workload_entry in_thread_time = *c.workload;
  in_thread_time.traits.shows = shown_time::processor;
  c.workload = &in_thread_time;
  made::g_script.run = [](window& w, unsigned, std::uint64_t) {
    w.open();
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    w.close();
  };
  batch_timer timer(c);
  const double ns = timer.run(1).wall_ns;
  CHECK((ns > 0 && ns < 40e6));
  timer.finish();
}

TEST_CASE("calibration: a heavy operation is done once, however short it is") {
  counted seen;
  cell c = toy(seen, {.state = batch_state::fresh});
  workload_entry heavy = *c.workload;
  heavy.traits.ops = op_kind::heavy;
  heavy.expected = [](const params&, std::uint16_t, std::uint64_t) {
    digest nothing, all;
    all.add(nothing.value());
    return all.value();
  };
  c.workload = &heavy;
  CHECK(calibrate(c, 1e9).said == likeness::equal);
  CHECK((seen.batches == 2 && seen.ops == 2));  // one was judged, one was timed
}

TEST_CASE("calibration: a cell that differs from the oracle has a reason and no time") {
  counted seen;
  const calibration_row row = calibrate(toy(seen, {}), 1e5);  // this oracle expects 0, which no digest is
  CHECK(row.said == likeness::different);
  CHECK(row.why.substr(0, 7) == "digest ");
  CHECK_FALSE(row.known);
}

TEST_CASE("calibration: a cell that is right has its pace, and one that fails its reason") {
  counted seen;
  cell c = toy(seen, {});
  workload_entry right = *c.workload;
  right.expected = [](const params&, std::uint16_t, std::uint64_t) {
    digest nothing, all;
    all.add(nothing.value());
    return all.value();
  };
  c.workload = &right;
  const json row = to_json(calibrate(c, 1e5));
  CHECK(row["cell"].text() == "toy/scripted/design:plain");
  CHECK(row["equal"].boolean());
  for (const char* key : {"setup_ns", "ns", "paused_ns", "batch_ns", "judge_ns"}) {
    CAPTURE(key);
    CHECK(row[key].is_number());
    CHECK(row[key].number() >= 0);
  }
  CHECK(row["judge_ns"].number() > 0);
  made::g_script.setup = [](window&) { throw failure(exit_code::internal, "no room"); };
  CHECK(calibrate(c, 1e5).why == "no room");
}

}  // namespace
}  // namespace copycost
