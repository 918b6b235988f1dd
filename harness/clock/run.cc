// SPDX-License-Identifier: Apache-2.0
#include "harness/clock/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "harness/base/rng.h"
#include "harness/base/text.h"

namespace copycost {
namespace {

constexpr double kCalibrationBudgetNs = 1e6, kLimitBudgetNs = 2e6;
constexpr double kCalibrationShare = 0.1;  // of the progress line
constexpr std::size_t kTwins = 6;
constexpr double kTwinSetupNs = 2e7;  // what is expensive to set up is not set up twice

double seconds_since(std::int64_t start) { return static_cast<double>(now_ns() - start) / 1e9; }

// What one allocator's launches do: plan items without an order.
std::vector<plan_item> items_for(const std::vector<cell>& cells, const paces& known, const profile_budget& b,
                                 const windows& each, const std::vector<limits::limit_id>& needed, bool twins) {
  std::vector<plan_item> items;
  for (const cell& c : cells) items.push_back(item_for(c, known.at(c.name()), b, each.at(c.system->name)));
  if (twins) {  // single-threaded cells, spread over the selection
    std::vector<plan_item> plain;
    for (std::size_t i = 0; i < cells.size(); ++i)
      if (cells[i].form().roles() == 1 && cells[i].form().repeatable() &&
          known.at(cells[i].name()).setup_ns < kTwinSetupNs)
        plain.push_back(items[i]);
    const std::size_t step = plain.size() / kTwins + 1;
    for (std::size_t i = 0; i < plain.size(); i += step) {
      items.push_back(plain[i]);
      items.back().twin = true;
    }
  }
  for (const limits::limit_id& id : needed) {
    plan_item item;
    item.limit = id;
    item.budget_ns = kLimitBudgetNs;
    items.push_back(std::move(item));
  }
  return items;
}

// Reports where the run stands while a launch is running. What is left takes as long as what was done so far did: the
// launches are alike, and the calibration is not one of them.
class meter {
 public:
  meter(const progress_function& to, std::string phase, double before, double share, std::optional<std::int64_t> since)
      : to_(to), phase_(std::move(phase)), before_(before), share_(share), since_(since) {}
  void operator()(std::size_t lines, std::size_t of) const {
    if (!to_) return;
    const double done =
        before_ + share_ * (of > 0 ? std::min(1.0, static_cast<double>(lines) / static_cast<double>(of)) : 0);
    std::optional<double> eta_s;
    if (since_ && done - kCalibrationShare > 0.01)
      eta_s = seconds_since(*since_) * (1 - done) / (done - kCalibrationShare);
    to_({phase_, done, eta_s});
  }

 private:
  const progress_function& to_;
  std::string phase_;
  double before_, share_;
  std::optional<std::int64_t> since_;
};

}  // namespace

std::vector<limits::limit_id> limits_for(const std::vector<cell>& cells) {
  std::set<limits::limit_id> wanted = {{"refcount_pair"}, {"atomic_exchange"}, {"syscall"}};
  for (const std::uint64_t size : {64u, 1024u, 4096u, 65536u, 1048576u}) wanted.insert({"memcpy_hot", size});
  for (const std::uint64_t size : {4096u, 65536u}) wanted.insert({"read_hot", size});
  for (const cell& c : cells) {
    if (c.form().threads > 1) {
      wanted.insert({"cache_line_round_trip"});
      wanted.insert({"refcount_pair_2t"});
    }
    if (c.form().processes > 1) wanted.insert({"socketpair_round_trip"});
    if (c.workload->traits.kernel()) wanted.insert({"gather_break_even"});
    for (const auto& sum :
         {c.workload->limit(c.at), c.workload->floor(c.at), c.workload->reference(c.at, c.design->owns)})
      for (const limit_term& t : sum) wanted.insert(t.id());
  }
  for (const limits::limit_id& id : wanted)
    if (!limits::known(id.name))
      throw failure(exit_code::internal, "a workload names the limit '" + id.name + "', which nobody measures");
  return {wanted.begin(), wanted.end()};
}

std::size_t worth_of(const std::vector<limits::limit_id>& needed) {
  double ns = 0;
  for (const limits::limit_id& id : needed)
    ns += limits::cost_ns(id, std::chrono::nanoseconds(static_cast<std::int64_t>(kLimitBudgetNs)));
  return static_cast<std::size_t>(ns / kLimitBudgetNs);
}

std::size_t systems_of(const std::vector<cell>& cells) {
  std::set<std::string_view> names;
  for (const cell& c : cells) names.insert(c.system->name);
  return names.size();
}

paces paces_of(const std::vector<calibration_row>& calibration) {
  paces out;
  for (const calibration_row& row : calibration)
    if (row.known) out[row.cell] = *row.known;
  return out;
}

std::vector<calibration_row> calibrate_cells(const std::vector<cell>& cells, const progress_function& progress) {
  const meter m(progress, "calibrating and comparing with the oracle", 0, kCalibrationShare, std::nullopt);
  std::vector<calibration_row> rows;
  // A cell that ends its launch is one row, and the cells behind it have a launch of their own.
  while (rows.size() < cells.size() && !g_interrupted) {
    plan p;
    for (std::size_t i = rows.size(); i < cells.size(); ++i) {
      plan_item item;
      item.cell = cells[i].name();
      item.budget_ns = kCalibrationBudgetNs;
      p.items.push_back(std::move(item));
    }
    launch_answer answer =
        start_launch(allocator::mimalloc, p, [&](std::size_t lines) { m(rows.size() + lines, cells.size()); });
    for (calibration_row& row : answer.calibrated) rows.push_back(std::move(row));
    if (answer.complete || g_interrupted) break;
    const std::string at = rows.size() < cells.size() ? cells[rows.size()].name() : "calibration";
    if (!answer.died || rows.size() >= cells.size()) throw failure(answer.code, at + ": " + answer.why);
    rows.push_back({at, answer.code == exit_code::incorrect ? likeness::different : likeness::could_not, answer.why,
                    answer.code, std::nullopt});
  }
  return rows;
}

namespace {

// What a launch that died says of the item that it was at: a crash is the design's result.
void note_death(const launch_answer& answer, const plan& p, allocator on, run_samples& out) {
  const auto done = std::ranges::count_if(answer.samples, [](const sample& line) { return !line.met; });
  if (!answer.died || static_cast<std::size_t>(done) >= p.items.size()) return;
  const plan_item& at = p.items[static_cast<std::size_t>(done)];
  out.why = fmt::format("{}: {}", at.is_limit() ? "limit " + at.limit.name : at.cell, answer.why);
  if (at.is_limit() || g_interrupted) return;
  sample line;
  line.cell = at.cell;
  line.launch = p.launch;
  line.allocator = to_string(on);
  line.error = answer.why;
  line.code = answer.code;
  out.lines.push_back(std::move(line));
}

}  // namespace

run_samples run_cells(const run_request& request, const progress_function& progress) {
  run_samples out;
  profile_budget b = budget_of(request.how);
  if (request.launches > 0) b.launches = request.launches;
  const std::int64_t start = now_ns();
  out.calibration = calibrate_cells(request.cells, progress);
  const double calibration_s = seconds_since(start);
  const paces known = paces_of(out.calibration);

  std::vector<cell> timed, on_glibc;
  for (const cell& c : request.cells)
    if (known.contains(c.name())) timed.push_back(c);
  for (const cell& c : timed)
    if (c.workload->traits.allocator_matters() && !c.design->peer) on_glibc.push_back(c);
  if (timed.empty()) b.launches = 0;  // a launch of limits alone serves no cell
  std::vector<cell> all = timed;
  all.insert(all.end(), on_glibc.begin(), on_glibc.end());
  const auto needed = limits_for(timed), needed_glibc = limits_for(on_glibc);
  const double share_s = calibration_s / static_cast<double>(std::max<std::size_t>(1, systems_of(request.cells)));
  b.total_s -= share_s;
  const windows each = windows_of(all, known, b, worth_of(needed) + worth_of(needed_glibc));

  const std::int64_t launches_start = now_ns();
  for (int launch = 0; launch < b.launches && !g_interrupted; ++launch) {
    std::vector<sample> lines;
    bool whole = true;
    for (const allocator on : {allocator::mimalloc, allocator::glibc}) {
      const bool glibc = on == allocator::glibc;
      if (glibc && on_glibc.empty()) continue;
      plan p;
      p.launch = launch;
      p.items = items_for(glibc ? on_glibc : timed, known, b, each, glibc ? needed_glibc : needed, !glibc);
      p.met = drawn(request.seed, request.first_launch + launch, to_string(on));
      rng(p.met.order).shuffle(p.items);
      const double share = (1 - kCalibrationShare) / b.launches;
      const double part = on_glibc.empty() ? share : share / 2, before = kCalibrationShare + launch * share;
      const meter m(progress, fmt::format("launch {}/{}", launch + 1, b.launches), before + (glibc ? part : 0), part,
                    launches_start);
      launch_answer answer = start_launch(on, p, [&](std::size_t n) { m(n, p.items.size()); });
      for (sample& line : answer.samples) {
        line.allocator = to_string(on);
        line.run_id = request.id;
        lines.push_back(std::move(line));
      }
      if (answer.complete) continue;
      whole = false;
      out.why = answer.why;
      out.code = answer.code;
      note_death(answer, p, on, out);
    }
    if (!whole) break;  // what the unfinished launch had is dropped: ratios are paired by launch
    out.lines.insert(out.lines.end(), lines.begin(), lines.end());
    ++out.launches;
  }
  out.complete = out.launches == b.launches && !g_interrupted;
  if (g_interrupted) out.why = "interrupted";
  return out;
}

}  // namespace copycost
