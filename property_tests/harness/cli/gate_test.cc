// SPDX-License-Identifier: Apache-2.0
// Goal: the gate is red for one more allocation, one more byte and one row less, and never green where it cannot know.
// Method: baselines made from the program's own audit, each with one thing changed.
#include <filesystem>

#include "harness/cli/gate_code.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

constexpr const char* kClone = "chunk/slice/design:copy/size:64";

// The baseline that an audit with these arguments supports. Only exact cells are in it.
json baseline_of(const words& audit) {
  const json object = copycost(audit).object();
  json cells = json::object{};
  for (const json& row : object["rows"].items()) {
    if (!row["exact"].boolean()) continue;
    cells.set(row["cell"].text(), json::of({{"allocs_per_op", row["allocs_per_op"]},
                                            {"alloc_bytes_per_op", row["alloc_bytes_per_op"]},
                                            {"primitive_bytes_per_op", row["witnesses"]["primitive"]["bytes_per_op"]},
                                            {"verdict", row["verdict"]}}));
  }
  return json::of({{"schema", 1},
                   {"tool", "copycost"},
                   {"kind", "exact baseline"},
                   {"profile", "smoke"},
                   {"key", json::of({{"allocator", object["machine"]["allocator"]}, {"libstdcxx", _GLIBCXX_RELEASE}})},
                   {"cells", cells}});
}

const json& small_baseline() {
  static const json made = baseline_of(small("audit", {"--json"}));
  return made;
}

answer gate(const json& baseline, const words& more = {}) {
  const scratch_dir dir;
  replace_file(dir.file("exact.json"), baseline.dump(1));
  words call = small("gate", {"--baseline", dir.file("exact.json")});
  call.insert(call.end(), more.begin(), more.end());
  return copycost(call);
}

// The small baseline with one member of one cell changed.
json with(const char* cell, const char* metric, json value) {
  json cells = small_baseline()["cells"], row = cells[cell], out = small_baseline();
  REQUIRE(row.has(metric));
  return out.set("cells", cells.set(cell, row.set(metric, std::move(value))));
}

json without(const char* cell) {
  json cells = json::object{}, out = small_baseline();
  for (const auto& [name, row] : small_baseline()["cells"].members())
    if (name != cell) cells.set(name, row);
  return out.set("cells", cells);
}

TEST_CASE("gate: nothing changed is green") {
  const answer a = gate(small_baseline(), {"--json"});
  CAPTURE(a.err);
  CHECK(a.code == 0);
  CHECK((a.object()["rows"].items().empty() && a.object()["ok"].boolean()));
  const std::size_t all = small_baseline()["cells"].members().size();
  CHECK(a.object()["compared"].integer() == static_cast<std::int64_t>(all));
  CHECK(gate(small_baseline()).out == std::to_string(all) + " cells compared, 0 rows differ: nothing differs.\n");
}

TEST_CASE("gate: one more allocation, one less, and one byte more are red, with the row that says which") {
  const struct {
    const char* metric;
    double base;
  } all[] = {{"allocs_per_op", 0}, {"allocs_per_op", 2}, {"alloc_bytes_per_op", 31}, {"primitive_bytes_per_op", 31}};
  for (const auto& [metric, base] : all) {
    const answer a = gate(with(kClone, metric, base), {"--json"});
    CAPTURE(metric, base, a.err);
    CHECK(a.code == 3);
    const json rows = a.object()["rows"];
    REQUIRE(rows.items().size() == 1);
    const json& row = rows.items()[0];
    CHECK((row["cell"].text() == kClone && row["metric"].text() == metric && row["verdict"].text() == "changed"));
    CHECK((row["base"].number() == base && row["head"].number() != base));
    CHECK(a.says("copycost gate --accept"));
  }
}

TEST_CASE("gate: a verdict that changed is red") { CHECK(gate(with(kClone, "verdict", "not measured")).code == 3); }

TEST_CASE("gate: a row that the baseline has not is red") {
  const answer a = gate(without(kClone), {"--json"});
  CHECK(a.code == 3);
  REQUIRE(a.object()["rows"].items().size() == 1);
  CHECK(a.object()["rows"].items()[0]["verdict"].text() == "not in the baseline");
}

TEST_CASE("gate: a row of the baseline that is gone is missing, and not green") {
  const scratch_dir dir;
  const words whole = {"audit", "--profile", "smoke", "--json"};
  json baseline = baseline_of(whole), cells = baseline["cells"];
  const bool kept = copycost(whole).code == 0;
  cells.set("chunk/slice/design:gone/size:64", cells[kClone]);
  replace_file(dir.file("exact.json"), baseline.set("cells", cells).dump());
  const answer a = copycost({"gate", "--profile", "smoke", "--baseline", dir.file("exact.json")});
  CAPTURE(a.err);
  CHECK(a.code == (kept ? 4 : 1));
  CHECK(a.out.find("| missing") != std::string::npos);
  // A partial selection does not ask for the rows that it did not select.
  CHECK(copycost(small("gate", {"--baseline", dir.file("exact.json")})).code == 0);
}

TEST_CASE("gate: a baseline that is no baseline is refused") {
  const scratch_dir dir;
  const std::string path = dir.file("exact.json");
  const auto code_of = [&](const std::string& content, const std::string& line) {
    replace_file(path, content);
    const answer a = copycost(small("gate", {"--baseline", path}));
    CAPTURE(a.err);
    CHECK(a.err == "copycost: " + path + line + "\n");
    CHECK(a.out.empty());
    return a.code;
  };
  json other = small_baseline();
  CHECK(code_of(json(other).set("schema", 2).dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("tool", "other").dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("kind", "times").dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of("{}", ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("profile", "quick").dump(), ": is of profile quick, not smoke") == 2);
  CHECK(code_of(json(other).set("cells", json::object{}).dump(), ": holds no cells") == 4);
  CHECK(code_of("{\n\"schema\": }", ":2: not JSON: expected a value (byte 13)") == 2);
  std::filesystem::remove(path);
  CHECK(copycost(small("gate", {"--baseline", path})).code == 2);
}

TEST_CASE("gate: a baseline of another allocator or library is inconclusive, and not green") {
  for (const char* part : {"allocator", "libstdcxx"}) {
    json other = small_baseline(), key = other["key"];
    const answer a = gate(other.set("key", key.set(part, "something else")), {"--json"});
    CAPTURE(part, a.err);
    CHECK(a.code == 5);
    CHECK(a.says("INCONCLUSIVE"));
    CHECK_FALSE(a.object()["ok"].boolean());
  }
}

TEST_CASE("gate: accepting takes the whole profile, and leaves the old baseline where it does not") {
  const scratch_dir dir;
  replace_file(dir.file("exact.json"), "old");
  const answer a = copycost(small("gate", {"--accept", "--baseline", dir.file("exact.json")}));
  CHECK(a.code == 2);
  CHECK(a.err == "copycost: --accept takes the whole profile\n");
  CHECK(read_file(dir.file("exact.json")) == "old");
}

TEST_CASE("gate: what is accepted is green afterwards, whole and in parts") {
  const scratch_dir dir;
  const words to = {"--profile", "smoke", "--baseline", dir.file("exact.json")};
  words accept = {"gate", "--accept"}, whole = {"gate"};
  accept.insert(accept.end(), to.begin(), to.end()), whole.insert(whole.end(), to.begin(), to.end());
  const answer a = copycost(accept);
  CAPTURE(a.err);
  if (copycost({"audit", "--profile", "smoke"}).code != 0) {  // a broken promise is not accepted
    CHECK(a.code == 1);
    CHECK_FALSE(std::filesystem::exists(dir.file("exact.json")));
    return;
  }
  REQUIRE(a.code == 0);
  CHECK(copycost(whole).code == 0);
  whole.insert(whole.end(), {"--shard", "1/2"});
  CHECK(copycost(whole).code == 0);
}

TEST_CASE("gate: a broken promise wins over missing rows, and those over changed ones") {
  CHECK(gate_code(true, 0, 0) == exit_code::ok);
  CHECK(gate_code(true, 0, 3) == exit_code::regression);
  CHECK(gate_code(true, 1, 3) == exit_code::nothing_ran);
  CHECK(gate_code(false, 0, 0) == exit_code::incorrect);
  CHECK(gate_code(false, 1, 3) == exit_code::incorrect);
}

}  // namespace
}  // namespace copycost::cli_test
