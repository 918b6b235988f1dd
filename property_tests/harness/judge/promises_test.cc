// SPDX-License-Identifier: Apache-2.0
// Goal: a promise is kept by equality, witnesses may not contradict each other, and every reason says so in its own
// words. Method: rows made by hand, each with one thing wrong.
#include "harness/judge/promises.h"

#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

using made::always;
using reasons = std::vector<std::string>;

// A zero-copy design that promises nothing and does nothing, and may copy 64 B; the test changes one thing.
struct bench {
  bench() : toys("toy", work()) {
    design = &toys.add("slice");
    design->zero_copy = true;
    design->promises = {{"one", bound::exact, always<0>, always<0>, growth::constant, nullptr, ""}};
    row.what = toys.at("slice", params{{"size", 4096}});
    row.ops = 8;
    for (testimony* t : {&row.seen.primitive, &row.seen.interposed}) *t = {sight::exact, 0};
    row.seen.signature = {sight::lower_bound, 0};
  }
  static workload_entry work() {
    workload_entry e = made::scripted_workload("one");
    e.copied_cap = [](const params&) { return 64.0; };
    return e;
  }
  void copies(double bytes) {
    row.copied = bytes;
    row.seen.primitive.bytes_per_op = row.seen.interposed.bytes_per_op = bytes;
  }
  promise& promised() { return design->promises[0]; }
  made::cell_table toys;
  design_entry* design = nullptr;
  audit_row row;
};

reasons why(const bench& b) {
  const judgement j = judge(b.row);
  CHECK(j.said == (j.reasons.empty() ? verdict::holds : verdict::broken));
  return j.reasons;
}

TEST_CASE("promises: a promise that is kept has no reasons") {
  bench b;
  CHECK(why(b).empty());
  CHECK(judge(b.row).held_to == &b.promised());
  b.promised().allocs = always<1>;
  b.promised().copied = made::size_of;
  b.design->zero_copy = false;
  b.row.allocs = 1;
  b.copies(4096);
  CHECK(why(b).empty());
}

TEST_CASE("promises: allocations may be a bound where copies are exact, and then there is a reason") {
  bench b;
  b.promised().allocs = always<2>;
  b.promised().allocs_at_most = true;
  CHECK(why(b) == reasons{"an at_most promise without a reason"});
  b.promised().why = "a segment now and then";
  CHECK(why(b).empty());
  b.row.allocs = 3;
  CHECK(why(b) == reasons{"promised at most 2 allocations/op, measured 3"});
  b.row.allocs = 1;
  b.promised().copied = always<1>;
  CHECK(why(b) == reasons{"the promise is loose: 1 copied B/op promised, 0 measured"});
}

TEST_CASE("promises: one allocation more than promised, and one less") {
  bench b;
  b.row.allocs = 1;
  CHECK(why(b) == reasons{"promised exactly 0 allocations/op, measured 1"});
  b.promised().allocs = always<2>;
  CHECK(why(b) == reasons{"the promise is loose: 2 allocations/op promised, 1 measured"});
}

TEST_CASE("promises: one byte more than promised, and one less") {
  bench b;
  b.copies(1);
  CHECK(why(b) == reasons{"promised exactly 0 copied B/op, measured 1"});
  b.promised().copied = always<2>;
  CHECK(why(b) == reasons{"the promise is loose: 2 copied B/op promised, 1 measured"});
}

TEST_CASE("promises: a fraction of an allocation counts, rounding does not") {
  bench b;
  b.row.allocs = 1.0 / 64;
  CHECK(why(b) == reasons{"promised exactly 0 allocations/op, measured 0.015625"});
  b.row.allocs = 1e-12;
  CHECK(why(b).empty());
}

TEST_CASE("promises: at most is a bound with a reason") {
  bench b;
  b.promised().kind = bound::at_most;
  b.promised().allocs = always<2>;
  b.row.allocs = 1;
  CHECK(why(b) == reasons{"an at_most promise without a reason"});
  b.promised().why = "two threads";
  CHECK(why(b).empty());
  b.row.allocs = 3;
  CHECK(why(b) == reasons{"promised at most 2 allocations/op, measured 3"});
}

TEST_CASE("promises: a zero-copy design may not promise more than the workload's cap") {
  bench b;
  b.promised().copied = always<65>;
  b.copies(65);
  CHECK(why(b) == reasons{"promises 65 copied B/op where a zero-copy design may copy 64"});
  b.design->zero_copy = false;
  CHECK(why(b).empty());
}

TEST_CASE("promises: what is kept for what is live has a bound") {
  bench b;
  b.promised().retained = always<2>;
  b.row.retained_bytes = 300;
  b.row.live_bytes = 100;
  CHECK(why(b) == reasons{"promised to retain at most 2x what is live, measured 3x"});
  b.row.retained_bytes = 200;
  CHECK(why(b).empty());
}

TEST_CASE("promises: no promise for a workload is a broken one") {
  bench b;
  b.design->promises.clear();
  CHECK(why(b) == reasons{"the design promises nothing for this workload (promises.h)"});
  CHECK(judge(b.row).held_to == nullptr);
}

TEST_CASE("promises: a promise that names no amounts is a broken one, not a crash") {
  bench b;
  b.promised().copied = nullptr;
  CHECK(why(b) == reasons{"a promise without an amount of allocations or copied bytes (promises.h)"});
}

TEST_CASE("promises: two exact witnesses that differ are a contradiction, named once") {
  bench b;
  b.row.seen.interposed.bytes_per_op = 4096;
  CHECK(why(b) == reasons{"witnesses differ: primitive saw exactly 0 B/op, interposed exactly 4096 B/op"});
}

TEST_CASE("promises: a bound above an exact value is a contradiction") {
  bench b;
  b.row.seen.interposed = {sight::blind, 0};
  b.row.seen.signature.bytes_per_op = 24;
  CHECK(why(b) == reasons{"witnesses differ: signature saw at least 24 B/op where primitive saw exactly 0 B/op"});
}

TEST_CASE("promises: a bound below an exact value, a blind witness and one that does not apply contradict nobody") {
  bench b;
  b.promised().copied = always<64>;
  b.copies(64);
  b.row.seen.signature.bytes_per_op = 8;
  b.row.seen.identity = {sight::blind, 999};
  b.row.seen.touch = {sight::not_applicable, 999};
  CHECK(why(b).empty());
}

TEST_CASE("promises: identity and touch are heard like the others") {
  bench b;
  b.row.seen.interposed = {sight::blind, 0};
  b.row.seen.identity = {sight::lower_bound, 50};
  CHECK(why(b) == reasons{"witnesses differ: identity saw at least 50 B/op where primitive saw exactly 0 B/op"});
  b.row.seen.identity = {sight::blind, 0};
  b.row.seen.touch = {sight::lower_bound, 1};
  CHECK(why(b) == reasons{"witnesses differ: touch saw at least 1 B/op where primitive saw exactly 0 B/op"});
}

TEST_CASE("promises: a cell that could not be audited is not measured, with its reason") {
  bench b;
  b.row.error = "no room";
  const judgement j = judge(b.row);
  CHECK(j.said == verdict::not_measured);
  CHECK(j.reasons == reasons{"no room"});
}

TEST_CASE("promises: verdicts have the names that the results use") {
  CHECK(to_string(verdict::holds) == "holds");
  CHECK(to_string(verdict::broken) == "broken");
  CHECK(to_string(verdict::not_separated) == "not separated");
  CHECK(to_string(verdict::no_honest_copy) == "no honest copy");
  CHECK(to_string(verdict::not_measured) == "not measured");
}

}  // namespace
}  // namespace copycost
