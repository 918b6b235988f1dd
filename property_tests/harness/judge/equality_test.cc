// SPDX-License-Identifier: Apache-2.0
// Goal: a cell is equal to its oracle when its digest is, and for no other reason. Method: toys that are right, wrong,
// idle and failing.
#include "harness/judge/equality.h"

#include <cerrno>
#include <functional>
#include <system_error>

#include "harness/base/failure.h"
#include "harness/core/observe.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

constexpr std::size_t kSize = 100;

// The oracle of a toy that reads one payload n times.
std::uint64_t expected(const params&, std::uint16_t epoch, std::uint64_t n) {
  std::vector<std::byte> bytes(kSize);
  pattern::write(bytes.data(), bytes.size(), epoch, 1);
  digest seen, all;
  for (std::uint64_t i = 0; i < n; ++i) seen.add(bytes);
  all.add(seen.value());
  return all.value();
}

// The toy; `slip` is how many bytes it reads too few, `does` how many operations of those that it was asked for.
cell toy(std::size_t slip, std::uint64_t does_not = 0) {
  static made::cell_table toys("toy", [] {
    workload_entry e = made::scripted_workload("read");
    e.expected = expected;
    return e;
  }());
  static const design_entry& only = toys.add("plain");
  static std::span<std::byte> bytes;
  static std::uint64_t done;
  done = 0;
  made::g_form = {};
  made::g_script = {};
  made::g_script.setup = [](window& w) { bytes = w.payload(kSize, 1); };
  made::g_script.run = [slip, does_not](window& w, unsigned, std::uint64_t n) {
    observed(w, [&](auto& see) {
      w.open();
      for (std::uint64_t i = does_not; i < n; ++i) {
        see.read(bytes.first(kSize - slip));
        ++done;
      }
      w.close();
    });
  };
  made::g_script.finish = [](window& w) { return tally{done, done, done * kSize, w.results()}; };
  return toys.at(only.name);
}

cell toy_as_it_is() {
  const made::script kept = made::g_script;
  const cell c = toy(0);
  made::g_script = kept;
  return c;
}

TEST_CASE("equality: the same results are equal") {
  for (const std::uint64_t n : {1u, 7u, 64u}) {
    const equality e = compare_with_oracle(toy(0), n);
    CHECK(e.equal());
    CHECK(e.got == e.expected);
    CHECK(e.why.empty());
    CHECK((e.done.ops == n && e.done.payload_bytes == n * kSize));
  }
}

TEST_CASE("equality: one byte too few, or one operation too few, is not equal") {
  for (const equality& e : {compare_with_oracle(toy(1), 5), compare_with_oracle(toy(0, 1), 5)}) {
    CHECK(e.said == likeness::different);
    CHECK(e.why.rfind("digest ", 0) == 0);
    CHECK(e.why.find(", the oracle's ") != std::string::npos);
  }
}

TEST_CASE("equality: doing nothing is not equal, even where the oracle expects nothing") {
  const equality e = compare_with_oracle(toy(0, 1), 1);  // digest of no operation
  CHECK(e.said == likeness::different);
  CHECK(e.done.ops == 0);
  // The oracle of no operation: both digests are the same, and nothing was proved.
  const equality none = compare_with_oracle(toy(0), 0);
  CHECK(none.got == none.expected);
  CHECK(none.done.ops == 0);
  CHECK_FALSE(none.equal());
  CHECK_FALSE(none.why.empty());
}

TEST_CASE("equality: the right digest of work that says that it did nothing is not equal") {
  const cell c = toy(0);
  made::g_script.finish = [](window& w) { return tally{0, 5, 5 * kSize, w.results()}; };
  const equality e = compare_with_oracle(c, 5);
  CHECK(e.got == e.expected);
  CHECK_FALSE(e.equal());
}

// What a comparison answers for a toy whose operation does that.
equality failing(std::function<void()> how) {
  const cell c = toy(0);
  made::g_script.run = [how](window&, unsigned, std::uint64_t) { how(); };
  return compare_with_oracle(c, 1);
}

TEST_CASE("equality: what a design throws is its result, with its reason") {
  for (const equality& e : {failing([] { throw std::runtime_error("it slipped"); }),
                            failing([] { throw failure(exit_code::incorrect, "it slipped"); })}) {
    CHECK(e.said == likeness::different);
    CHECK((e.why == "it slipped" && e.code == exit_code::incorrect));
  }
  CHECK(failing([] { throw 7; }).said == likeness::different);
}

TEST_CASE("equality: what the machine or the input could not do is not a wrong result, and keeps its exit code") {
  const equality room = failing([] { throw failure(exit_code::internal, "no room"); });
  CHECK((room.said == likeness::could_not && room.code == exit_code::internal && room.why == "no room"));
  const equality line = failing([] { throw failure(exit_code::usage, "input:7: no JSON"); });
  CHECK((line.said == likeness::could_not && line.code == exit_code::usage));
  const equality threads =
      failing([] { throw std::system_error(EAGAIN, std::generic_category(), "cannot start a thread"); });
  CHECK((threads.said == likeness::could_not && threads.code == exit_code::internal));
  made::g_script.setup = [](window&) { throw failure(exit_code::internal, "no directory"); };
  CHECK(compare_with_oracle(toy_as_it_is(), 1).said == likeness::could_not);
}

TEST_CASE("equality: how many operations are compared is bounded") {
  cell c = toy(0);
  CHECK(judged_ops(c) == 1);
  workload_entry many = *c.workload;
  many.audit_ops = [](const params&) { return std::uint64_t{100'000}; };
  c.workload = &many;
  CHECK(judged_ops(c) == 64);
}

}  // namespace
}  // namespace copycost
