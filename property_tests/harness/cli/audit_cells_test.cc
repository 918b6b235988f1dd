// SPDX-License-Identifier: Apache-2.0
// Goal: a cost that is promised not to grow with the payload does not. Method: toy cells of several sizes.
#include "harness/cli/audit_cells.h"

#include <algorithm>
#include <array>

#include "harness/base/failure.h"
#include "harness/clock/launcher.h"
#include "harness/ledger/witness/counters.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr const char* kGrows = "promises a cost that does not grow with the payload, but what it copies does";

// A toy whose operation copies the whole payload, or always 16 bytes of it.
struct bench {
  explicit bench(bool grows, growth promised) : toys("toy", work()) {
    toys.add("copy").promises = {
        {"one", bound::exact, made::always<0>, grows ? made::size_of : made::always<16>, promised, nullptr, ""}};
    made::g_form = {};
    made::g_script = {};
    static std::span<std::byte> lent;
    made::g_script.run = [grows](window& w, unsigned, std::uint64_t n) {
      static std::array<std::byte, 4096> to;
      w.open();
      for (std::uint64_t i = 0; i < n; ++i) counted_copy(to.data(), lent.data(), grows ? lent.size() : 16);
      w.close();
      if (to[0] == std::byte{1}) throw failure(exit_code::internal, "the payload begins with a mark");
    };
    made::g_script.finish = [](window& w) { return tally{8, 8, 0, w.results()}; };
    made::g_script.setup = [](window& w) { lent = w.payload(next_size(), 1); };
  }
  static workload_entry work() {
    workload_entry e = made::scripted_workload("one");
    e.audit_ops = [](const params& at) {
      sizes().push_back(at.number("size"));
      return std::uint64_t{8};
    };
    return e;
  }
  // The size of the cell whose audit has begun: an episode made by hand does not see its parameters.
  static std::vector<std::size_t>& sizes() {
    static std::vector<std::size_t> all;
    return all;
  }
  static std::size_t next_size() { return sizes().back(); }
  std::vector<cell> cells() const {
    return {toys.at("copy", params{{"size", 64}}), toys.at("copy", params{{"size", 1024}})};
  }
  made::cell_table toys;
};

// How many cells have a remark that their cost grows.
std::ptrdiff_t growing(bool grows, growth promised) {
  const bench b(grows, promised);
  const audited all = audit_cells(b.cells());
  REQUIRE(all.rows.size() == 2);
  return std::ranges::count_if(all.rows,
                               [](const judged_row& r) { return std::ranges::count(r.said.reasons, kGrows) > 0; });
}

TEST_CASE("audit cells: a copy that grows with the payload breaks a promise that it does not") {
  CHECK(growing(true, growth::constant) == 1);  // the first size is what the others are compared with
}

TEST_CASE("audit cells: a constant cost keeps that promise, and a linear promise says nothing of it") {
  CHECK(growing(false, growth::constant) == 0);
  CHECK(growing(true, growth::linear) == 0);
}

TEST_CASE("audit cells: cells that differ in more than the size are not compared") {
  const bench b(true, growth::constant);
  const audited all = audit_cells(
      {b.toys.at("copy", params{{"size", 64}, {"fan", 1}}), b.toys.at("copy", params{{"size", 1024}, {"fan", 2}})});
  for (const judged_row& r : all.rows) CHECK(std::ranges::count(r.said.reasons, kGrows) == 0);
}

TEST_CASE("audit cells: an interrupt ends the audit with its exit code") {
  const bench b(false, growth::constant);
  g_interrupted = true;
  try {
    audit_cells(b.cells());
    FAIL("the interrupt was not noticed");
  } catch (const failure& e) {
    CHECK(e.code == exit_code::interrupted);
  }
  g_interrupted = false;
}

}  // namespace
}  // namespace copycost
