// SPDX-License-Identifier: Apache-2.0
// Goal: how many operations show what is rare follows from the cell and its tally alone. Method: made cells.
#include "harness/core/rare.h"

#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

template <int N>
double always(const params&) {
  return N;
}

struct bench {
  workload_entry work = made::scripted_workload("one");
  design_entry design;
  system_entry system;
  bench() { design.promises = {{"one", bound::exact, always<0>, always<0>, growth::constant, nullptr, ""}}; }
  std::uint64_t many(const tally& did) const { return operations_for_rare({&system, &design, &work, {}}, did); }
};

TEST_CASE("rare: as many operations as budgets of operations, bytes and items allow") {
  made::g_form = {};
  bench b;
  CHECK(b.many({10, 10, 1 << 20, 0}) == 1 << 16);  // payload that is not read costs nothing
  CHECK(b.many({10, 640, 0, 0}) == 1 << 12);
  b.work.traits.payload = payload_use::read;
  CHECK(b.many({16, 16, 1 << 20, 0}) == 512);
  b.work.traits.payload = payload_use::untouched;
  b.design.promises[0].copied = always<65536>;
  CHECK(b.many({16, 16, 1 << 20, 0}) == 512);
  b.design.promises.clear();
  CHECK(b.many({16, 16, 1 << 20, 0}) == 512);
  made::g_form.state = batch_state::fresh;
  CHECK(b.many({16, 16, 16, 0}) == 2048);
  made::g_form = {};
}

TEST_CASE("rare: none where more operations are dear or show nothing") {
  made::g_form = {};
  const tally did{10, 10, 10, 0};
  bench b;
  CHECK(b.many({}) == 0);
  b.work.traits.with = beside::kernel;
  CHECK(b.many(did) == 0);
  b.work.traits.with = beside::nobody;
  b.work.traits.ops = op_kind::heavy;
  CHECK(b.many(did) == 0);
  b.work.traits.ops = op_kind::same;
  made::g_form.threads = 2;
  CHECK(b.many(did) == 0);
  made::g_form = {};
}

}  // namespace
}  // namespace copycost
