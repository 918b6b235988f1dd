// SPDX-License-Identifier: Apache-2.0
// Goal: the seam carries threads, processes, durable directories and a role that dies. Method: three toys.
#include <sys/types.h>

#include <filesystem>

#include "harness/base/failure.h"
#include "harness/base/input/input.h"
#include "harness/core/stage.h"
#include "harness/judge/results_instrument.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

struct played {
  tally done;
  std::vector<role_record> records;
  std::uint16_t epoch;
};

played play(std::string_view name, std::uint64_t n, unsigned batches = 1) {
  results_instrument judge;
  stage s(*find_cell(name), judge);
  s.setup();
  for (unsigned i = 0; i < batches; ++i) s.run(n);
  const tally done = s.finish();
  return {done, {s.records().begin(), s.records().end()}, s.epoch()};
}

TEST_CASE("threads of one process share an episode, and each role has its own digest") {
  const played p = play("toy/adders/design:plain", 5, 2);
  CHECK(p.done.ops == 20);
  CHECK(p.done.payload_bytes == 20'000);
  std::vector<std::byte> bytes(1000);
  pattern::write(bytes.data(), bytes.size(), p.epoch, 7);
  digest one, both;
  for (int i = 0; i < 10; ++i) one.add(bytes);
  both.add(one.value());
  both.add(one.value());
  CHECK(p.done.result == both.value());
  for (const role_record& r : p.records) CHECK(r.closed_ns >= r.opened_ns);
}

TEST_CASE("processes of one stage share a segment and take turns") {
  const played p = play("toy/turns/design:plain", 50, 2);
  CHECK(p.done.ops == 200);
  digest merged;
  for (std::uint64_t role = 0; role < 2; ++role) {
    digest seen, process;
    for (std::uint64_t i = 0; i < 100; ++i) seen.add(2 * i + role);
    process.add(seen.value());
    merged.add(process.value());
  }
  CHECK(p.done.result == merged.value());
}

TEST_CASE("processes of one stage have the real input that was judged, whatever became of its file") {
  input_set inputs;
  inputs.add("toy", input_of_bytes("gone long ago", std::as_bytes(std::span("real", 4))));
  set_input(inputs);
  const played p = play("toy/turns/design:plain/input:1", 3);
  digest merged;
  for (std::uint64_t role = 0; role < 2; ++role) {
    digest seen, process;
    seen.add(std::as_bytes(std::span("real", 4)));
    for (std::uint64_t i = 0; i < 3; ++i) seen.add(2 * i + role);
    process.add(seen.value());
    merged.add(process.value());
  }
  CHECK(p.done.result == merged.value());
  set_input({});
}

TEST_CASE("a durable episode has a fresh directory that is removed with it") {
  const played p = play("toy/diary/design:plain", 20);
  digest seen, all;
  for (std::uint64_t i = 0; i < 20; ++i) seen.add(i);
  all.add(seen.value());
  CHECK(p.done.result == all.value());
  CHECK(play("toy/diary/design:plain", 20).done.result == all.value());  // nothing was left behind
}

TEST_CASE("a role that dies is a failure with its signal, not a hang") {
  results_instrument judge;
  stage s(*find_cell("toy/dying/design:plain"), judge);
  s.setup();
  try {
    s.run(10);
    FAIL("the dead role was not noticed");
  } catch (const failure& e) {
    CHECK(std::string(e.what()) == "role died: signal 9 (Killed)");
  }
}

TEST_CASE("a cell's name leads back to the cell") {
  CHECK(find_cell("toy/turns/design:plain")->name() == "toy/turns/design:plain");
  CHECK_FALSE(find_cell("toy/turns/design:none"));
  CHECK_FALSE(find_cell("toy/nothing/design:plain"));
  CHECK_FALSE(find_cell("nonsense"));
}

}  // namespace
}  // namespace copycost
