// SPDX-License-Identifier: Apache-2.0
//
// Cells made by hand, for tests of the instruments: a system with any designs, one workload, and an episode whose parts
// the test gives. Lifetime: cells point into their table. One script at a time; single process.
#pragma once
#include <deque>
#include <functional>
#include <memory>
#include <string_view>

#include "harness/core/observe.h"
#include "harness/core/registry.h"

namespace copycost::made {

struct script {
  std::function<void(window&)> setup = [](window&) {};
  std::function<void(window&, unsigned role, std::uint64_t n)> run = [](window& w, unsigned, std::uint64_t) {
    w.open();
    w.close();
  };
  std::function<tally(window&)> finish = [](window& w) { return tally{1, 1, 0, w.results()}; };
  std::uint64_t live_payload_bytes = 0;
};
inline script g_script;
inline shape g_form;

class scripted final : public episode {
 public:
  void setup(window& w) override { g_script.setup(w); }
  void run(window& w, unsigned role, std::uint64_t n) override { g_script.run(w, role, n); }
  tally finish(window& w) override { return g_script.finish(w); }
  std::uint64_t live_payload_bytes() const override { return g_script.live_payload_bytes; }
};

// A workload that plays g_script in the shape g_form; nothing is limited, nothing expected.
inline workload_entry scripted_workload(std::string_view name = "scripted") {
  workload_entry e;
  e.traits.name = name;
  e.traits.about = "made by hand";
  e.points = [](profile) { return std::vector<params>{params{}}; };
  e.shape_of = [](const params&) { return g_form; };
  e.limit = [](const params&) -> limit_sum { return {}; };
  e.floor = [](const params&) -> limit_sum { return {}; };
  e.reference = [](const params&, ownership) -> limit_sum { return {}; };
  e.copied_cap = [](const params&) { return -1.0; };
  e.design_reads = [](const params&) { return false; };
  e.written = e.kernel_bytes = e.syscalls = [](const params&) { return 0.0; };
  e.expected = [](const params&, std::uint16_t, std::uint64_t) { return std::uint64_t{0}; };
  e.audit_ops = [](const params&) { return std::uint64_t{1}; };
  e.make = [](const params&) -> std::unique_ptr<episode> { return std::make_unique<scripted>(); };
  return e;
}

// A system whose designs all offer the same workload.
class cell_table {
 public:
  explicit cell_table(std::string_view system, workload_entry work = scripted_workload()) : work_(std::move(work)) {
    system_.name = system;
    system_.about = "made by hand";
  }
  cell_table(const cell_table&) = delete;
  cell_table& operator=(const cell_table&) = delete;

  // VALID UNTIL: the table goes.
  design_entry& add(std::string_view name) {
    design_entry& d = designs_.emplace_back();
    d.system = system_.name;
    d.name = name;
    d.about = "made by hand";
    d.workloads.push_back(work_);
    system_.designs.push_back(&d);
    return d;
  }
  cell at(std::string_view design, params where = {}) const {
    const design_entry* d = find_design(system_, design);
    return {&system_, d, &d->workloads[0], std::move(where)};
  }

 private:
  workload_entry work_;
  std::deque<design_entry> designs_;
  system_entry system_;
};

// Amounts of a promise.
template <int Number>
double always(const params&) {
  return Number;
}
inline double size_of(const params& at) { return static_cast<double>(at.number("size")); }

}  // namespace copycost::made
