// SPDX-License-Identifier: Apache-2.0
// Goal: what goes wrong in a role ends the batch with its reason, and what an episode used is given back. Method: cells
// made by hand around small episodes; the toys for processes.
#include "harness/core/stage.h"

#include <fcntl.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "harness/base/failure.h"
#include "harness/base/now.h"
#include "harness/judge/results_instrument.h"
#include "harness/ledger/witness/pattern.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

using made::script;

cell scripted_cell() {
  static made::cell_table toys("toy");
  static const design_entry& only = toys.add("scripted");
  return toys.at(only.name);
}

// The failure of one batch, or "none".
std::string batch_of(const script& s, const shape& form = {}, const stage_options& options = {}) {
  made::g_script = s;
  made::g_form = form;
  results_instrument judge;
  try {
    stage the_stage(scripted_cell(), judge, options);
    the_stage.setup();
    the_stage.run(1);
    the_stage.finish();
    return "none";
  } catch (const failure& e) {
    return e.what();
  }
}

TEST_CASE("stage: a role that throws ends the batch with its reason, and the other roles do not wait for it") {
  script s;
  s.run = [](window& w, unsigned role, std::uint64_t) {
    if (role == 1) throw failure(exit_code::internal, "role 1 gave up");
    w.open();
    w.close();
  };
  CHECK(batch_of(s, {.threads = 3}) == "role 1 gave up");
}

TEST_CASE("stage: roles that wait for each other past the limit are a failure, not a hang") {
  script s;
  s.run = [](window& w, unsigned role, std::uint64_t) {
    if (role == 0) w.open();  // role 1 never comes
  };
  CHECK(batch_of(s, {.threads = 2}, {.timeout_s = 1}) == "the roles waited for each other past the time limit");
}

TEST_CASE("stage: a loop that waits for another role hears of its failure") {
  script s;
  s.run = [](window& w, unsigned role, std::uint64_t) {
    w.open();
    if (role == 1) throw failure(exit_code::internal, "the producer is gone");
    for (;;) w.waiting();
  };
  CHECK(batch_of(s, {.threads = 2}) == "the producer is gone");
}

TEST_CASE("stage: a pause is taken out of the window's time") {
  script s;
  std::int64_t before = 0, inside = 0;
  s.run = [&](window& w, unsigned, std::uint64_t) {
    before = now_ns();
    w.open();
    for (int i = 0; i < 3; ++i) {
      w.pause();
      const std::int64_t start = now_ns();
      while (now_ns() < start + 1'000'000) {
      }
      inside += now_ns() - start;
      w.resume();
    }
    w.close();
  };
  made::g_script = s;
  made::g_form = {};
  results_instrument judge;
  stage the_stage(scripted_cell(), judge);
  the_stage.setup();
  the_stage.run(1);
  const role_record r = the_stage.records()[0];
  the_stage.finish();
  CHECK(r.opened_ns >= before + inside);  // not before the window opened, and later by all of the pauses
  CHECK(r.paused_ns >= inside);
  CHECK(r.closed_ns >= r.opened_ns);
}

TEST_CASE("stage: open loop operations start when they were due, and late ones are counted from then") {
  struct recorder final : instrument {
    std::string_view kind() const override { return "recorder"; }
    watching watches() const override { return watching::cost; }
    std::span<std::byte> lend_payload(std::size_t) override { return {}; }
    void release_payloads() override {}
    void latency(void*, std::int64_t ns) override { latencies.push_back(ns); }
    std::vector<std::int64_t> latencies;
  } by;
  made::g_script = {};
  made::g_form = {.start = op_start::intended};
  constexpr std::int64_t kPeriod = 200'000;
  std::vector<std::int64_t> due;
  bool early = false;
  made::g_script.run = [&](window& w, unsigned, std::uint64_t n) {
    w.open();
    for (std::uint64_t i = 0; i < n; ++i) {
      due.push_back(w.due(i));
      early = early || now_ns() < due.back();
      if (i == 1) usleep(3 * kPeriod / 1000);  // a stall: the next operations are late
      w.done(i);
    }
    w.close();
  };
  stage the_stage(scripted_cell(), by, {.period_ns = kPeriod});
  the_stage.setup();
  the_stage.run(4);
  REQUIRE(due.size() == 4);
  for (std::size_t i = 1; i < 4; ++i) CHECK(due[i] - due[i - 1] == kPeriod);
  CHECK_FALSE(early);
  REQUIRE(by.latencies.size() == 4);
  CHECK(by.latencies[1] >= 3 * kPeriod);
  CHECK(by.latencies[2] >= 2 * kPeriod);  // hidden if it were counted from its actual start
}

TEST_CASE("stage: payload is the producer's pattern of the episode's epoch") {
  script s;
  s.setup = [](window& w) {
    const auto lent = w.payload(100, 9);
    REQUIRE(lent.size() == 100);
    CHECK(pattern::count(lent.data(), lent.size(), w.epoch()) == 100);
  };
  CHECK(batch_of(s, {}, {.epoch = 77}) == "none");
  CHECK(batch_of(s) == "none");
}

TEST_CASE("stage: every episode has an epoch of its own, never 0") {
  std::set<std::uint16_t> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(next_epoch());
  CHECK(seen.size() == 1000);
  CHECK(seen.count(0) == 0);
  for (int i = 0; i < pattern::kEpochs; ++i) REQUIRE(next_epoch() != 0);
}

TEST_CASE("stage: segments and the directory are given back with the episode") {
  std::filesystem::path kept;
  int segment = -1;
  script s;
  s.setup = [&](window& w) {
    kept = w.dir();
    segment = w.segment(8192);
    CHECK(w.dir() == kept);
    CHECK(std::filesystem::is_empty(kept));
    std::ofstream(kept / "left") << "behind";
    CHECK(lseek(segment, 0, SEEK_END) == 8192);
  };
  CHECK(batch_of(s) == "none");
  CHECK_FALSE(std::filesystem::exists(kept));
  CHECK(fcntl(segment, F_GETFD) == -1);
}

TEST_CASE("stage: a directory that cannot be made is a failure with its path") {
  script s;
  s.setup = [](window& w) { (void)w.dir(); };
  const char* before = std::getenv("TMPDIR");
  const std::string kept = before != nullptr ? before : "";
  setenv("TMPDIR", "/nonexistent", 1);
  CHECK(batch_of(s).find(": cannot make a directory: No such file or directory") != std::string::npos);
  before != nullptr ? setenv("TMPDIR", kept.c_str(), 1) : unsetenv("TMPDIR");
}

TEST_CASE("stage: more segments than there is room for are a failure") {
  script s;
  s.setup = [](window& w) {
    for (int i = 0; i < 100; ++i) (void)w.segment(4096);
  };
  CHECK(batch_of(s).find("more than 16 segments") != std::string::npos);
}

TEST_CASE("stage: an argument list that is no role's is left alone") {
  char name[] = "copycost", run[] = "run";
  char* argv[] = {name, run, nullptr};
  CHECK_FALSE(role_main(2, argv, [](std::string_view) -> std::unique_ptr<instrument> { return nullptr; }));
}

}  // namespace
}  // namespace copycost
