// SPDX-License-Identifier: Apache-2.0
// Goal: what people read says what the rows say, in the words of this project. Method: texts written out.
#include "harness/output/console.h"

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/output/table.h"
#include "property_tests/catch.h"

namespace copycost {
namespace {

std::vector<json> rows(const char* text) { return json::parse(text, "rows").items(); }

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : split(text, '\n')) most = std::max(most, columns_of(line));
  return most;
}

TEST_CASE("console: run") {
  const auto all = rows(R"([
    {"cell": "t/s/design:copy", "design": "copy", "ns": 120.4, "low": 119, "high": 121, "ratio": null,
     "limit": {"expression": "2 x memcpy_hot/size:64", "times": 1.234}, "verdict": "holds", "why": ""},
    {"cell": "t/s/design:slice", "design": "slice", "ns": 12, "low": 11.9, "high": 12.1, "ratio": 0.15,
     "ratio_low": 0.14, "ratio_high": 0.16,
     "limit": null, "verdict": "holds", "why": ""},
    {"cell": "t/s/design:shm", "design": "shm", "ns": null, "verdict": "not measured",
     "why": "role died: signal 9"}])");
  CHECK(run_text(all, 0.0123) ==
        "| cell             |    time |     low |    high |   time / copy [95 %] | limit             | reference | "
        "verdict "
        "     |\n"
        "|------------------|--------:|--------:|--------:|---------------------:|-------------------|-----------|-----"
        "----"
        "-----|\n"
        "| t/s/design:copy  |  120 ns |  119 ns |  121 ns |                    - | 1.23x 2 x memcpy_ | -         | "
        "holds   "
        "     |\n"
        "|                  |         |         |         |                      | hot/size:64       |           |     "
        "    "
        "     |\n"
        "| t/s/design:slice | 12.0 ns | 11.9 ns | 12.1 ns | 0.15x [0.14x, 0.16x] | -                 | -         | "
        "holds   "
        "     |\n"
        "| t/s/design:shm   |       - |       - |       - |                    - | -                 | -         | not "
        "meas"
        "ured |\n"
        "|   role died: signal 9                                                                             "
        "                   |\n"
        "\n3 cells: 2 holds, 1 not measured. Noise floor (A/A): 1.2 %.\n");
}

TEST_CASE("console: times without a ratio are counted in the sum, and say why below their rows") {
  const auto all =
      rows(R"([{"cell": "t/s/design:slice", "design": "slice", "ns": 12, "low": 11.9, "high": 12.1, "ratio": null,
     "limit": null, "verdict": "holds", "why": "no ratio: `copy` was not timed at these parameters"}])");
  const std::string text = run_text(all, 0.01);
  CHECK(text.find("|   no ratio: `copy` was not timed at these parameters ") != std::string::npos);
  CHECK(text.find("1 cells: 1 holds. 1 of 1 times are without a ratio to `copy`.") != std::string::npos);
}

TEST_CASE("console: every table fits into the terminal") {
  const std::string cell = "raft/pass/design:protobuf_arena/how:gather/size:65536/streams:16/allocator:glibc";
  const std::string why = "gave up waiting for the other process, which has been stopped by somebody for half a minute";
  json run = json::of({{"cell", cell},
                       {"ns", 1.5e6},
                       {"low", 1.4e6},
                       {"high", 1.6e6},
                       {"ratio", 100.0},
                       {"ratio_low", 99.0},
                       {"ratio_high", 101.0},
                       {"verdict", "no honest copy"},
                       {"why", why},
                       {"reasons", json::array{why}}});
  run.set("limit", json::of({{"expression", "1048576 x malloc_memcpy_free/size:1048576/alive:4096"}, {"times", 1.0}}));
  json other = run;
  other.set("metric", "alloc_bytes_per_op").set("base", 123456.5).set("head", 123457.5).set("system", "event_store");
  other.set("design", "whole_array").set("law", "what_is_kept_stays_while_the_inbox_goes_on").set("cases", 100000);
  other.set("replay", "event_store/whole_array/what_is_kept@" + std::string(70, 'A'))
      .set("limit", "cache_line_round_trip");
  other.set("check", "transparent huge pages").set("state", "warn").set("effect", why).set("remedy", why + why);
  json input = other;
  input.set("law", "input").set("digest", std::string(64, 'a')).set("counts", json::of({{"bytes", 12}, {"lines", 3}}));
  for (const std::size_t width : {80u, 120u}) {
    CHECK(widest(run_text({run}, 0.01, width)) <= width);
    CHECK(widest(audit_text({run}, width)) <= width);
    CHECK(widest(verify_text({other, input}, width)) <= width);
    CHECK(widest(limits_text({other}, width)) <= width);
    CHECK(widest(comparison_text({other}, {}, width)) <= width);
    CHECK(widest(list_text({run}, width)) <= width);
    CHECK(widest(doctor_text({other}, width)) <= width);
  }
  CHECK(run_text({run}, 0.01, 80).find("Left out for want of room: low, high") != std::string::npos);
}

TEST_CASE("console: what could not be measured is one line, the most frequent reason first") {
  const auto all = rows(R"([{"verdict": "holds"}, {"verdict": "not measured", "why": "no room"},
    {"verdict": "not asked", "why": "signal 9"}, {"verdict": "not measured", "reasons": ["signal 9"]}])");
  CHECK(what_is_missing(all) == "3 of 4 cells could not be measured: signal 9 (2); no room (1)");
  CHECK(what_is_missing({all[0]}).empty());
}

TEST_CASE("console: a noise floor that is not known is not a number") {
  const std::string text = run_text({}, std::numeric_limits<double>::infinity());
  CHECK(text.find("Noise floor (A/A): not known (too few launches).\n") != std::string::npos);
}

TEST_CASE("console: audit") {
  const auto all = rows(R"([
    {"cell": "t/s/design:copy", "allocs_per_op": 1, "alloc_bytes_per_op": 2048, "payload_bytes_copied_per_op": 2048,
     "kernel_bytes_copied_per_op": 0,
     "syscalls_per_op": 0, "refcount_ops_per_op": 0, "retained_over_live": null, "verdict": "holds", "reasons": []},
    {"cell": "t/s/design:slice", "allocs_per_op": 0.5, "alloc_bytes_per_op": 16, "payload_bytes_copied_per_op": 0,
     "kernel_bytes_copied_per_op": 0,
     "syscalls_per_op": 0, "refcount_ops_per_op": 2, "retained_over_live": 1.5, "verdict": "broken",
     "reasons": ["one", "two"]}])");
  CHECK(audit_text(all) ==
        "| cell             | allocs/op | B alloc/op | B copied/op | B kernel/op | syscalls/op | refs/op | held/live | "
        "verdict |\n"
        "|------------------|----------:|-----------:|------------:|------------:|------------:|--------:|----------:|-"
        "--------|\n"
        "| t/s/design:copy  |         1 |       2048 |        2048 |           0 |           0 |       0 |         - | "
        "holds   |\n"
        "| t/s/design:slice |       0.5 |         16 |           0 |           0 |           0 |       2 |       1.5 | "
        "broken  |\n"
        "|   one; two                                                                                                  "
        "        |\n"
        "\n2 cells: 1 holds, 1 broken.\n");
}

TEST_CASE("console: verify, with laws and with an input") {
  const auto laws = rows(
      R"([{"system": "t", "design": "copy", "law": "slices_compose", "cases": 200, "verdict": "holds",
           "replay": ""}])");
  CHECK(verify_text(laws) ==
        "| system | design | law            | cases | verdict |\n"
        "|--------|--------|----------------|------:|---------|\n"
        "| t      | copy   | slices_compose |   200 | holds   |\n"
        "\n1 rows: 1 holds.\n");
  const auto input = rows(
      R"([{"system": "t", "design": "copy", "law": "input", "counts": {"bytes": 12, "lines": 3}, "digest": "ab",
           "verdict": "holds"}])");
  CHECK(verify_text(input) == "t/copy: bytes 12, lines 3, digest ab, holds\n1 rows: 1 holds.\n");
  const auto other = rows(
      R"([{"system": "t", "design": "a", "law": "input", "counts": {"live": 2, "live_sha256": "ef"}, "digest": "ab",
           "verdict": "holds"},
          {"system": "u", "design": "b", "law": "input", "counts": {}, "digest": "", "verdict": "not offered",
           "why": "x: no"}])");
  CHECK(verify_text(other) ==
        "t/a: live 2, live_sha256 ef, digest ab, holds\nu/b: not offered: x: no\n2 rows: 1 holds, 1 not offered.\n");
}

TEST_CASE("console: limits") {
  const auto all = rows(
      R"([{"limit": "memcpy_hot", "params": {"size": 4096}, "ns": 51.2, "low": 50, "high": 52,
           "bytes_per_second": 8e10},
    {"limit": "refcount_pair", "params": {}, "ns": 11.1, "low": 11, "high": 11.2,
     "bytes_per_second": 0}, {"limit": "disk", "params": {}, "ns": null}])");
  CHECK(limits_text(all) ==
        "| limit         | params |    time |     low |    high | GB/s |\n"
        "|---------------|--------|--------:|--------:|--------:|-----:|\n"
        "| memcpy_hot    | 4 KiB  | 51.2 ns | 50.0 ns | 52.0 ns | 80.0 |\n"
        "| refcount_pair |        | 11.1 ns | 11.0 ns | 11.2 ns |    - |\n"
        "| disk          |        |       - |       - |       - |    - |\n");
}

TEST_CASE("console: compare and gate") {
  const auto all = rows(R"([
    {"cell": "a", "metric": "ns", "base": 10, "head": 11, "ratio": 1.1, "low": 1.05, "high": 1.15, "verdict": "slower"},
    {"cell": "b", "metric": "allocs_per_op", "base": 0, "head": 1, "ratio": null, "low": null, "high": null,
     "verdict": "changed"},
    {"cell": "c", "metric": "row", "base": "there", "head": null, "ratio": null, "low": null, "high": null,
     "verdict": "missing"}])");
  CHECK(comparison_text(all) ==
        "| cell | metric        |  base | head | head / base |       interval | verdict |\n"
        "|------|---------------|------:|-----:|------------:|---------------:|---------|\n"
        "| a    | ns            |    10 |   11 |       1.10x | [1.05x, 1.15x] | slower  |\n"
        "| b    | allocs_per_op |     0 |    1 |           - |              - | changed |\n"
        "| c    | row           | there |    - |           - |              - | missing |\n"
        "\n3 rows: 1 slower, 1 changed, 1 missing.\n");
  CHECK(comparison_text({}) == "0 rows: nothing differs.\n");
  CHECK(comparison_text({}, 12) == "12 cells compared, 0 rows differ: nothing differs.\n");
}

TEST_CASE("console: list and doctor") {
  CHECK(list_text(rows(R"([{"cell": "a", "estimate_s": 0.012}, {"cell": "b", "estimate_s": null}])")) ==
        "| cell | estimate |\n|------|---------:|\n| a    |  12.0 ms |\n| b    |        - |\n");
  CHECK(doctor_text(rows(R"([{"check": "turbo", "state": "warn", "effect": "e", "remedy": "r"}])")) ==
        "| check | state | effect | remedy |\n|-------|-------|--------|--------|\n| turbo | warn  | e      | r      "
        "|\n");
}

}  // namespace
}  // namespace copycost
