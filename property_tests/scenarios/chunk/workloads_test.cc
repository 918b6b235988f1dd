// SPDX-License-Identifier: Apache-2.0
// Goal: what every workload produces with `copy` and with `slice` is what its oracle says. Method: the judge's
// instrument over every cell of every profile; real input from a file; a planted wrong digest must be noticed.

#include <algorithm>
#include <set>

#include "harness/base/input/input.h"
#include "harness/core/registry.h"
#include "harness/core/stage.h"
#include "harness/judge/equality.h"
#include "harness/judge/results_instrument.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

bool is_ours(const cell& c) {
  return c.system->name == "chunk" && (c.design->name == "copy" || c.design->name == "slice");
}

// Cells of every profile, each once; without the ones that are in `except`.
std::vector<cell> our_cells() {
  std::vector<cell> out;
  std::set<std::string> names;
  for (const profile p : {profile::smoke, profile::quick, profile::full})
    for (const cell& c : cells_of(p))
      if (is_ours(c) && names.insert(c.name()).second) out.push_back(c);
  return out;
}

// Enough operations to come round, few enough to be quick.
std::uint64_t operations(const cell& c) {
  const std::uint64_t size = c.at.has("size") ? c.at.number("size") : 64 * 1024;
  return std::clamp<std::uint64_t>(2'000'000 / (size + 1), 2, 70);
}

cell cell_named(std::string_view name) {
  const auto found = find_cell(name);
  REQUIRE(found.has_value());
  return *found;
}

TEST_CASE("workloads: every cell of copy and slice gives the oracle's digest") {
  std::set<std::string_view> workloads;
  for (const cell& c : our_cells()) {
    const equality e = compare_with_oracle(c, operations(c));
    INFO(c.name() << ": " << e.why);
    CHECK(e.equal());
    CHECK(e.done.ops == operations(c) * (c.at.has("threads") ? c.at.number("threads") : 1));
    CHECK(e.done.payload_bytes > 0);
    workloads.insert(c.workload->traits.name);
  }
  std::set<std::string_view> registered;
  for (const design_entry* design : find_system("chunk")->designs)
    for (const workload_entry& w : design->workloads) registered.insert(w.traits.name);
  CHECK(workloads == registered);
  CHECK(workloads.size() >= 13);
}

TEST_CASE("workloads: more operations than a round, a ring or a set of buffers holds") {
  for (const char* name :
       {"chunk/published/design:slice/size:1000/retained:1", "chunk/published/design:copy/size:1000/retained:1",
        "chunk/retain/design:slice/compact:0", "chunk/retain/design:copy/compact:1",
        "chunk/hand_over/design:slice/size:256", "chunk/hand_over/design:copy/size:256",
        "chunk/hand_over_process/design:slice/size:64", "chunk/clone/design:slice/size:256",
        "chunk/codec/design:copy/size:64/alias:1/crc:1", "chunk/contended/design:slice/size:64/threads:2"}) {
    const equality e = compare_with_oracle(cell_named(name), 2100);
    INFO(name << ": " << e.why);
    CHECK(e.equal());
  }
}

TEST_CASE("workloads: a wrong digest is noticed, in every workload") {
  std::set<std::string_view> tried;
  for (const cell& c : our_cells()) {
    if (!tried.insert(c.workload->traits.name).second) continue;
    workload_entry wrong = *c.workload;
    static std::uint64_t (*right)(const params&, std::uint16_t, std::uint64_t);
    right = c.workload->expected;
    const auto one_less = [](const params& at, std::uint16_t epoch, std::uint64_t n) {
      return right(at, epoch, n - 1);
    };
    const auto other_payload = [](const params& at, std::uint16_t epoch, std::uint64_t n) {
      return right(at, static_cast<std::uint16_t>(epoch == 1 ? 2 : epoch - 1), n);
    };
    INFO(c.name());
    for (const auto lie : {+one_less, +other_payload}) {
      wrong.expected = lie;
      const equality e = compare_with_oracle({c.system, c.design, &wrong, c.at}, 3);
      CHECK_FALSE(e.equal());
      CHECK_FALSE(e.why.empty());
    }
  }
}

TEST_CASE("workloads: retain says how much of what it keeps is alive") {
  results_instrument judge;
  stage s(cell_named("chunk/retain/design:slice/compact:0"), judge);
  s.setup();
  CHECK(s.running().live_payload_bytes() == 0);
  s.run(5);
  CHECK(s.running().live_payload_bytes() == 5 * 16);
  s.run(1024);
  CHECK(s.running().live_payload_bytes() == 5 * 16);
  (void)s.finish();
}

TEST_CASE("workloads: repeated batches add up") {
  for (const char* name : {"chunk/frames/design:slice/size:65536/frame:256", "chunk/lines/design:slice/size:262144",
                           "chunk/hand_over/design:slice/size:4096", "chunk/hand_over_process/design:copy/size:4096"}) {
    results_instrument judge;
    const cell c = cell_named(name);
    stage s(c, judge);
    s.setup();
    s.run(3);
    s.run(20);
    const tally done = s.finish();
    INFO(name);
    CHECK(done.ops == 23);
    CHECK(done.result == c.workload->expected(c.at, s.epoch(), 23));
  }
}

void set_input_to(const std::string& content) {
  input_set inputs;
  inputs.add("chunk", input_of_bytes("a file", std::as_bytes(std::span(content))));
  set_input(inputs);
}

TEST_CASE("workloads: real input, not all of it text, without a newline at its end") {
  std::string content;
  for (int i = 0; i < 40'000; ++i)
    content += "line " + std::to_string(i * 7919) + (i % 3 == 0 ? "\xFFü\n" : i % 5 == 0 ? "\n\n" : "€\n");
  content += "the end";
  set_input_to(content);
  REQUIRE(current_input("chunk") != nullptr);
  std::size_t tried = 0;
  for (const profile p : {profile::smoke, profile::quick, profile::full})
    for (const cell& c : cells_of(p)) {
      if (!is_ours(c) || !c.at.has("input")) continue;
      for (const std::uint64_t n : {1u, 2u, 25u}) {
        const equality e = compare_with_oracle(c, n);
        INFO(c.name() << ": " << e.why);
        CHECK(e.equal());
      }
      ++tried;
    }
  CHECK(tried == 12);  // frames and lines, two designs, three profiles
}

TEST_CASE("workloads: profiles name no cell twice") {
  for (const profile p : {profile::smoke, profile::quick, profile::full}) {
    std::set<std::string> names;
    for (const cell& c : cells_of(p)) {
      INFO(c.name());
      CHECK(names.insert(c.name()).second);
      CHECK(find_cell(c.name()).has_value());
    }
  }
}

}  // namespace
}  // namespace copycost
