// SPDX-License-Identifier: Apache-2.0
// Goal: what people read says what the rows say, in the words of this project. Method: texts written out.
#include "harness/output/console.h"

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/output/table.h"
#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

run_row row(const char* cell, const char* design, verdict said, const char* why = "") {
  run_row out;
  out.cell = cell;
  out.design = design;
  out.said = said;
  out.why = why;
  return out;
}

run_row row(const char* cell, const char* design, double ns, double low, double high, const char* why = "") {
  run_row out = row(cell, design, verdict::holds, why);
  out.time.emplace();
  out.time->ns = ns;
  out.time->low = low;
  out.time->high = high;
  return out;
}

stats::ratio_estimate ratio(double value, double low, double high) {
  stats::ratio_estimate out{};
  out.ratio = value;
  out.low = low;
  out.high = high;
  return out;
}

std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  for (const std::string& line : split(text, '\n')) most = std::max(most, columns_of(line));
  return most;
}

TEST_CASE("console: run") {
  std::vector<run_row> all = {row("t/s/design:copy", "copy", 120.4, 119, 121),
                              row("t/s/design:slice", "slice", 12, 11.9, 12.1),
                              row("t/s/design:shm", "shm", verdict::not_measured, "role died: signal 9")};
  all[0].time->limit = multiple{"2 x memcpy_hot/size:64", 97.5, 1.234, 1.2, 1.3};
  all[1].ratio = ratio(0.15, 0.14, 0.16);
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
  const std::vector<run_row> all = {
      row("t/s/design:slice", "slice", 12, 11.9, 12.1, "no ratio: `copy` was not timed at these parameters")};
  const std::string text = run_text(all, 0.01);
  CHECK(text.find("|   no ratio: `copy` was not timed at these parameters ") != std::string::npos);
  CHECK(text.find("1 cells: 1 holds. 1 of 1 times are without a ratio to `copy`.") != std::string::npos);
}

TEST_CASE("console: every table fits into the terminal") {
  const char* cell = "raft/pass/design:protobuf_arena/how:gather/size:65536/streams:16/allocator:glibc";
  const char* why = "gave up waiting for the other process, which has been stopped by somebody for half a minute";
  run_row run = row(cell, "protobuf_arena", 1.5e6, 1.4e6, 1.6e6, why);
  run.said = verdict::no_honest_copy;
  run.ratio = ratio(100, 99, 101);
  run.time->limit = multiple{"1048576 x malloc_memcpy_free/size:1048576/alive:4096", 1.5e6, 1, 1, 1};
  made::cell_table toys("event_store", made::scripted_workload(why));
  toys.add("whole_array");
  judged_row audit;
  audit.found.what = toys.at("whole_array", params{{"size", 65536}, {"streams", 16}});
  audit.found.alloc_bytes = 123456.5;
  audit.said.reasons = {why};
  law_row law;
  law.system = "event_store";
  law.design = "whole_array";
  law.law = "what_is_kept_stays_while_the_inbox_goes_on";
  law.cases = 100000;
  law.replay = "event_store/whole_array/what_is_kept@" + std::string(70, 'A');
  law.why = why;
  law_row input = law;
  input.law = "input";
  input.input = law_row::of_input{"f", "ab", {std::string(64, 'a'), {{"bytes", 12}, {"lines", 3}}}};
  limit_row limit;
  limit.id.name = "cache_line_round_trip";
  limit.ns = 1.5e6;
  limit.between = stats::interval{1.4e6, 1.6e6, 0.95};
  limit.error = why;
  const compare_row compared{
      cell, "alloc_bytes_per_op", 123456.5, 123457.5, difference::not_in_baseline, 100, 1.4e6, 1.6e6, {}, why};
  const env::check check{"transparent huge pages", "warn", why, std::string(why) + why};
  for (const std::size_t width : {80u, 120u}) {
    CHECK(widest(run_text({run}, 0.01, width)) <= width);
    CHECK(widest(audit_text({audit}, width)) <= width);
    CHECK(widest(verify_text({law, input}, width)) <= width);
    CHECK(widest(limits_text({limit}, width)) <= width);
    CHECK(widest(comparison_text({compared}, {}, width)) <= width);
    CHECK(widest(list_text({{audit.found.what, 1.5, why}}, width)) <= width);
    CHECK(widest(doctor_text({check}, width)) <= width);
  }
  CHECK(run_text({run}, 0.01, 80).find("Left out for want of room: low, high") != std::string::npos);
}

TEST_CASE("console: what could not be measured is one line, the most frequent reason first") {
  const auto missing = [](const char* why) { return row("c", "d", verdict::not_measured, why); };
  const std::vector<run_row> runs = {row("c", "d", 1, 1, 1), missing("no room"), missing("signal 9"),
                                     missing("signal 9")};
  CHECK(what_is_missing(runs) == "3 of 4 cells could not be measured: signal 9 (2); no room (1)");
  CHECK(what_is_missing(std::vector<run_row>{runs[0]}).empty());
  std::vector<law_row> laws(2);
  laws[1].said = law_verdict::not_asked;
  laws[1].why = "signal 9";
  CHECK(what_is_missing(laws) == "1 of 2 laws could not be measured: signal 9 (1)");
  std::vector<judged_row> audits(2);
  audits[1].said = {verdict::not_measured, {"no room", "no time"}, nullptr};
  CHECK(what_is_missing(audits) == "1 of 2 cells could not be measured: no room; no time (1)");
}

TEST_CASE("console: a noise floor that is not known is not a number") {
  const std::string text = run_text({}, std::numeric_limits<double>::infinity());
  CHECK(text.find("Noise floor (A/A): not known (too few launches).\n") != std::string::npos);
}

TEST_CASE("console: audit") {
  made::cell_table toys("t", made::scripted_workload("s"));
  toys.add("copy");
  toys.add("slice");
  std::vector<judged_row> all(2);
  audit_row &copy = all[0].found, &slice = all[1].found;
  copy.what = toys.at("copy");
  copy.allocs = 1;
  copy.alloc_bytes = copy.copied = 2048;
  slice.what = toys.at("slice");
  slice.allocs = 0.5;
  slice.alloc_bytes = 16;
  slice.refcount_ops = 2;
  slice.retained_bytes = 3;
  slice.live_bytes = 2;
  all[1].said = {verdict::broken, {"one", "two"}, nullptr};
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
  const law_row law{"t", "copy", "slices_compose", 200, law_verdict::holds, "", "", {}, {}, {}};
  const std::vector<law_row> laws = {law};
  CHECK(verify_text(laws) ==
        "| system | design | law            | cases | verdict |\n"
        "|--------|--------|----------------|------:|---------|\n"
        "| t      | copy   | slices_compose |   200 | holds   |\n"
        "\n1 rows: 1 holds.\n");
  const auto of_input = [](const char* system, const char* design, input_result made) {
    return law_row{system, design, "input", 1, law_verdict::holds, "", "", law_row::of_input{"f", "ab", made}, {}, {}};
  };
  const std::vector<law_row> input = {of_input("t", "copy", {"ab", {{"bytes", 12}, {"lines", 3}}})};
  CHECK(verify_text(input) == "t/copy: bytes 12, lines 3, digest ab, holds\n1 rows: 1 holds.\n");
  const std::vector<law_row> in_a_mode = {of_input("t", "copy", {"ab", {{"items", 3}}, "serialised", {}})};
  CHECK(verify_text(in_a_mode) == "t/copy: serialised: items 3, digest ab, holds\n1 rows: 1 holds.\n");
  std::vector<law_row> other = {of_input("t", "a", {"ab", {{"live", 2}, {"live_sha256", "ef"}}}),
                                of_input("u", "b", {})};
  other[1].said = law_verdict::not_offered;
  other[1].why = "x: no";
  CHECK(verify_text(other) ==
        "t/a: live 2, live_sha256 ef, digest ab, holds\nu/b: not offered: x: no\n2 rows: 1 holds, 1 not offered.\n");
}

TEST_CASE("console: limits") {
  std::vector<limit_row> all(3);
  all[0].id = {"memcpy_hot", 4096};
  all[0].ns = 51.2;
  all[0].between = stats::interval{50, 52, 0.95};
  all[0].bytes_per_second = 8e10;
  all[1].id = {"refcount_pair"};
  all[1].ns = 11.1;
  all[1].between = stats::interval{11, 11.2, 0.95};
  all[2].id = {"disk"};
  CHECK(limits_text(all) ==
        "| limit         | params |    time |     low |    high | GB/s |\n"
        "|---------------|--------|--------:|--------:|--------:|-----:|\n"
        "| memcpy_hot    | 4 KiB  | 51.2 ns | 50.0 ns | 52.0 ns | 80.0 |\n"
        "| refcount_pair |        | 11.1 ns | 11.0 ns | 11.2 ns |    - |\n"
        "| disk          |        |       - |       - |       - |    - |\n");
}

TEST_CASE("console: compare and gate") {
  const std::vector<compare_row> all = {{"a", "ns", 10.0, 11.0, difference::slower, 1.1, 1.05, 1.15, {}, {}},
                                        {"b", "allocs_per_op", 0.0, 1.0, difference::changed, {}, {}, {}, {}, {}},
                                        {"c", "row", "there", {}, difference::missing, {}, {}, {}, {}, {}}};
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
  made::cell_table toys("t", made::scripted_workload("s"));
  toys.add("a");
  toys.add("b");
  CHECK(
      list_text({{toys.at("a"), 0.012, ""}, {toys.at("b"), {}, ""}}) ==
      "| cell         | estimate |\n|--------------|---------:|\n| t/s/design:a |  12.0 ms |\n| t/s/design:b |        "
      "- |\n");
  CHECK(doctor_text({{"turbo", "warn", "e", "r"}}) ==
        "| check | state | effect | remedy |\n|-------|-------|--------|--------|\n| turbo | warn  | e      | r      "
        "|\n");
}

}  // namespace
}  // namespace copycost
