// SPDX-License-Identifier: Apache-2.0
// Goal: the gate is red for one more allocation, one more byte and one row less, and never green where it cannot know.
// Method: baselines made from the program's own audit, each with one thing changed; the program finds them in a folder.
#include <algorithm>
#include <filesystem>

#include "harness/cli/baselines.h"
#include "harness/cli/gate_code.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

constexpr const char* kClone = "chunk/slice/design:copy/size:64";
const std::string kRelease = std::to_string(_GLIBCXX_RELEASE);

// What a baseline has of a row of `audit --json`.
json exact_metrics_of(const json& row) {
  return json::of({{"allocs_per_op", row["allocs_per_op"]},
                   {"alloc_bytes_per_op", row["alloc_bytes_per_op"]},
                   {"primitive_bytes_per_op", row["witnesses"]["primitive"]["bytes_per_op"]},
                   {"kernel_bytes_per_op", row["kernel_bytes_copied_per_op"]},
                   {"syscalls_per_op", row["syscalls_per_op"]},
                   {"mapped_bytes_per_op", row["mapped_bytes_per_op"]},
                   {"verdict", row["verdict"]}});
}

// The baseline that an audit of our own designs with these arguments supports. Only exact cells are in it.
json baseline_of(const words& audit) {
  const json object = copycost(audit).object();
  json cells = json::object{};
  for (const json& row : object["rows"].items())
    if (row["exact"].boolean()) cells.set(row["cell"].text(), exact_metrics_of(row));
  return json::of({{"schema", 1},
                   {"tool", "copycost"},
                   {"kind", "exact baseline"},
                   {"profile", "smoke"},
                   {"library", "libstdc++"},
                   {"versions", json::array{kRelease}},
                   {"cells", cells}});
}

const json& small_baseline() {
  static const json made = baseline_of(small("audit", {"--json"}));
  return made;
}

answer gate(const json& baseline, const words& more = {}) {
  const scratch_dir dir;
  replace_file(dir.file("libstdc++.json"), baseline.dump(1));
  words call = small("gate", {"--baseline", dir.path()});
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

words accept_to(const std::string& folder) { return {"gate", "--accept", "--profile", "smoke", "--baseline", folder}; }

// Baselines of the whole smoke profile, as `gate --accept` makes them, made once and copied; and whether it made them:
// a broken promise is refused.
bool accepted(const std::string& folder) {
  static const scratch_dir dir;
  static const std::string made = dir.file("exact");
  static const answer a = copycost(accept_to(made));
  CAPTURE(a.err);
  if (a.code == 1) {
    CHECK(copycost({"audit", "--profile", "smoke"}).code == 1);
    CHECK_FALSE(std::filesystem::exists(made));
    return false;
  }
  REQUIRE(a.code == 0);
  std::filesystem::copy(made, folder);
  return true;
}

std::vector<std::string> files_of(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) out.push_back(entry.path().filename().string());
  std::ranges::sort(out);
  return out;
}

TEST_CASE("gate: what is accepted is green afterwards, one file a library, whole and in parts") {
  const scratch_dir dir;
  const std::string folder = dir.file("exact");
  if (!accepted(folder)) return;
  words whole = {"gate", "--profile", "smoke", "--baseline", folder};
  CHECK(copycost(whole).code == 0);
  CHECK(files_of(folder).size() > 1);
  CHECK(std::filesystem::exists(folder + "/libstdc++-" + kRelease + ".json"));
  // Again: nothing changes.
  const std::string text = read_file(folder + "/libstdc++-" + kRelease + ".json");
  REQUIRE(copycost(accept_to(folder)).code == 0);
  CHECK(read_file(folder + "/libstdc++-" + kRelease + ".json") == text);
  whole.insert(whole.end(), {"--shard", "1/2"});
  CHECK(copycost(whole).code == 0);
}

TEST_CASE("gate: a row of the baseline that is gone is missing, and not green") {
  const scratch_dir dir;
  const std::string folder = dir.file("exact"), path = folder + "/libstdc++-" + kRelease + ".json";
  if (!accepted(folder)) return;
  json baseline = read_json_file(path), cells = baseline["cells"];
  cells.set("chunk/slice/design:gone/size:64", cells[kClone]);
  replace_file(path, baseline.set("cells", cells).dump());
  const answer a = copycost({"gate", "--profile", "smoke", "--baseline", folder});
  CAPTURE(a.err);
  CHECK(a.code == 4);
  CHECK(a.out.find("| missing") != std::string::npos);
  // A partial selection does not ask for the rows that it did not select.
  CHECK(copycost(small("gate", {"--baseline", folder})).code == 0);
}

TEST_CASE("gate: the rows of a peer that is not built are missing, and not green") {
  const scratch_dir dir;
  const std::string folder = dir.file("exact");
  if (!accepted(folder)) return;
  json other = small_baseline();
  replace_file(folder + "/gone-1.json", other.set("library", "gone").dump());
  CHECK(copycost({"gate", "--profile", "smoke", "--baseline", folder}).code == 4);
}

TEST_CASE("gate: a library's version without a baseline is inconclusive, says which there are, and leaves the others") {
  const scratch_dir dir;
  const std::string folder = dir.file("exact"), path = folder + "/libstdc++-" + kRelease + ".json";
  if (!accepted(folder)) return;
  json baseline = read_json_file(path);
  replace_file(path, baseline.set("versions", json::array{"998", "1000"}).dump());
  const words gate = {"gate", "--profile", "smoke", "--json", "--baseline", folder};
  const answer a = copycost(gate);
  CAPTURE(a.err);
  CHECK(a.code == 5);
  CHECK_FALSE(a.object()["ok"].boolean());
  CHECK(a.says("no baseline for libstdc++ " + kRelease + "; there are: "));
  CHECK(a.says("; libstdc++ 998, 1000; "));
  CHECK(a.says("; `copycost gate --accept` makes one: INCONCLUSIVE"));
  CHECK(a.object()["compared"].number() > 0);  // the peers
  // What differs elsewhere is red all the same.
  for (const std::string& file : files_of(folder)) {
    if (file.starts_with("libstdc++")) continue;
    json peer = read_json_file(folder + "/" + file), cells = json::object{};
    for (const auto& [name, row] : peer["cells"].members()) cells.set(name, json(row).set("allocs_per_op", 1e6));
    replace_file(folder + "/" + file, peer.set("cells", cells).dump());
    CHECK(copycost(gate).code == 3);
    break;
  }
}

TEST_CASE("gate: accepting equal figures of another version adds the version to the file that has them") {
  const scratch_dir dir;
  const std::string folder = dir.path();
  std::vector<baseline> all;
  const baseline_rows old = {{"a", {.allocs_per_op = 1.0}}}, other = {{"a", {.allocs_per_op = 2.0}}};
  const auto accept = [&](const char* version, const baseline_rows& rows) {
    accept_baseline(folder, "quick", all, {"lib", version}, rows);
    all = read_baselines(folder, "quick");
  };
  accept("9.2", old);
  accept("10.1", old);
  CHECK(files_of(folder) == std::vector<std::string>{"lib-9.2.json"});
  CHECK(keys_of(all) == "lib 9.2, 10.1");
  accept("11", other);
  CHECK(files_of(folder) == std::vector<std::string>{"lib-11.json", "lib-9.2.json"});
  // 9.2 now says what 11 says: it moves, and the file of the one that is left is called after it.
  accept("9.2", other);
  CHECK(files_of(folder) == std::vector<std::string>{"lib-10.1.json", "lib-9.2.json"});
  // New figures of a version that shared a file: the other version is asked anew.
  accept("11", {{"a", {.allocs_per_op = 3.0}}});
  CHECK(keys_of(all) == "lib 10.1, 11");
  for (const baseline& one : all) CHECK(one.rows.size() == 1);
}

TEST_CASE("gate: one row of a baseline is one line, to be read in a diff") {
  const scratch_dir dir;
  std::vector<baseline> all;
  accept_baseline(dir.path(), "quick", all, {"lib", "1"},
                  {{"a \"quoted\"", {.allocs_per_op = 1.0}}, {"b", {.verdict = "holds"}}});
  CHECK(split(read_file(dir.file("lib-1.json")), '\n').size() == 7);
  CHECK(read_baselines(dir.path(), "quick")[0].rows.at("a \"quoted\"").allocs_per_op == figure(1.0));
}

TEST_CASE("gate: a baseline that is no baseline is refused") {
  const scratch_dir dir;
  const std::string path = dir.file("x.json");
  const auto code_of = [&](const std::string& content, const std::string& line) {
    replace_file(path, content);
    const answer a = copycost(small("gate", {"--baseline", dir.path()}));
    CAPTURE(a.err);
    CHECK(a.err == "copycost: " + path + line + "\n");
    CHECK(a.out.empty());
    return a.code;
  };
  json other = small_baseline();
  CHECK(code_of(json(other).set("schema", 2).dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("tool", "other").dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("kind", "times").dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("library", "").dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("versions", json::array{}).dump(), ": not an exact baseline of schema 1") == 2);
  CHECK(code_of("{}", ": not an exact baseline of schema 1") == 2);
  CHECK(code_of(json(other).set("profile", "quick").dump(), ": is of profile quick, not smoke") == 2);
  CHECK(code_of(json(other).set("cells", json::object{}).dump(), ": holds no cells") == 4);
  CHECK(code_of("{\n\"schema\": }", ":2: not JSON: expected a value (byte 13)") == 2);
  std::filesystem::remove(path);
  CHECK(copycost(small("gate", {"--baseline", dir.path()})).code == 4);
  CHECK(copycost(small("gate", {"--baseline", path})).code == 2);
}

TEST_CASE("gate: accepting takes the whole profile, and leaves the old baseline where it does not") {
  const scratch_dir dir;
  replace_file(dir.file("libstdc++-1.json"), "old");
  const answer a = copycost(small("gate", {"--accept", "--baseline", dir.path()}));
  CHECK(a.code == 2);
  CHECK(a.err == "copycost: --accept takes the whole profile\n");
  CHECK(read_file(dir.file("libstdc++-1.json")) == "old");
}

TEST_CASE("gate: accepting with some of the systems leaves the rows of the others, and says which") {
  const scratch_dir dir;
  json other = small_baseline();
  replace_file(dir.file("libstdc++-1.json"),
               other.set("cells", json(other["cells"]).set("elsewhere/slice/x", other["cells"][kClone])).dump(1));
  const std::string before = read_file(dir.file("libstdc++-1.json"));
  const answer a = copycost(accept_to(dir.path()));
  CHECK(a.code == 2);
  CHECK(a.err.starts_with("copycost: " + dir.path() + ": has rows of elsewhere, which this program is built without"));
  CHECK(split(a.err, '\n').size() == 1);
  CHECK(read_file(dir.file("libstdc++-1.json")) == before);
}

TEST_CASE("gate: accepting into what is no folder is refused before anything is measured") {
  const scratch_dir dir;
  const std::string file = dir.file("exact");
  replace_file(file, "");
  const answer a = copycost(accept_to(file));
  CHECK(a.code == 2);
  CHECK(a.err == "copycost: " + file + ": cannot read the folder of baselines: Not a directory\n");
}

TEST_CASE("gate: accepting says which rows and which versions go") {
  const scratch_dir dir;
  std::vector<baseline> all;
  const baseline_rows two = {{"a", {.allocs_per_op = 1.0}}, {"b", {.allocs_per_op = 1.0}}};
  accept_baseline(dir.path(), "quick", all, {"lib", "1"}, two);
  CHECK(accept_baseline(dir.path(), "quick", all, {"lib", "2"}, two).ends_with("lib-1.json"));
  const std::string said = accept_baseline(dir.path(), "quick", all, {"lib", "2"}, {{"a", {.allocs_per_op = 1.0}}});
  CHECK(said.ends_with("lib-2.json; 1 cells less than before; accept lib 1 anew, its figures went"));
}

TEST_CASE("gate: a broken promise wins over missing rows, those over changed ones, and those over unknown libraries") {
  CHECK(gate_code(true, 0, 0, 0) == exit_code::ok);
  CHECK(gate_code(true, 0, 0, 1) == exit_code::inconclusive);
  CHECK(gate_code(true, 0, 3, 1) == exit_code::regression);
  CHECK(gate_code(true, 1, 3, 1) == exit_code::nothing_ran);
  CHECK(gate_code(false, 0, 0, 0) == exit_code::incorrect);
  CHECK(gate_code(false, 1, 3, 1) == exit_code::incorrect);
}

}  // namespace
}  // namespace copycost::cli_test
