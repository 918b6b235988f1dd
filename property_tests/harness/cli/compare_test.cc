// SPDX-License-Identifier: Apache-2.0
// Goal: two results are compared no more surely than both allow. Method: result directories written by hand.
#include <filesystem>

#include "property_tests/almost_equal.h"
#include "property_tests/catch.h"
#include "property_tests/harness/cli/program.h"

namespace copycost::cli_test {
namespace {

json timed(const char* cell, double ns, double low, double high) {
  return json::of({{"cell", cell}, {"ns", ns}, {"low", low}, {"high", high}});
}

class two_results {
 public:
  void put(const char* name, json::array rows, const char* cpu = "one") {
    std::filesystem::create_directories(dir_.file(name));
    replace_file(dir_.file(name) + "/verdicts.json", json::of({{"schema", 1},
                                                               {"tool", "copycost"},
                                                               {"machine", json::of({{"cpu_model", cpu}})},
                                                               {"rows", json(std::move(rows))}})
                                                         .dump());
  }
  void audit(const char* name, const char* cell, double allocs) {
    replace_file(dir_.file(name) + "/audit.json",
                 json::of({{"rows", json::array{json::of({{"cell", cell},
                                                          {"allocs_per_op", allocs},
                                                          {"alloc_bytes_per_op", 10},
                                                          {"payload_bytes_copied_per_op", 0}})}}})
                     .dump());
  }
  answer compare(const words& more = {"--json"}) const {
    words call = {"compare", dir_.file("base"), dir_.file("head")};
    call.insert(call.end(), more.begin(), more.end());
    return copycost(call);
  }
  std::string file(const char* name) const { return dir_.file(name); }

 private:
  scratch_dir dir_;
};

TEST_CASE("compare: the interval is the widest that both medians' intervals allow, written out") {
  two_results r;
  r.put("base",
        {timed("a", 100, 95, 105), timed("b", 100, 99, 101), timed("c", 100, 99, 101), timed("d", 100, 99, 101)});
  r.put("head", {timed("a", 110, 100, 120), timed("b", 120, 118, 122), timed("c", 50, 49, 51),
                 json::of({{"cell", "d"}, {"ns", nullptr}})});
  const answer a = r.compare();
  CAPTURE(a.err);
  CHECK(a.code == 0);
  const json rows = a.object()["rows"];
  REQUIRE(rows.items().size() == 4);
  CHECK(first_difference(rows.items()[0],
                         json::parse(R"({"cell": "a", "metric": "ns", "base": 100, "head": 110, "ratio": 1.1,
    "low": 0.9523809523809523, "high": 1.263157894736842, "detectable": 0.155, "verdict": "not separated"})",
                                     "e")) == "");
  CHECK((rows.items()[1]["verdict"].text() == "slower" && first_difference(rows.items()[1]["low"], 118.0 / 101) == ""));
  CHECK((rows.items()[2]["verdict"].text() == "faster" && first_difference(rows.items()[2]["high"], 51.0 / 99) == ""));
  CHECK((rows.items()[3]["verdict"].text() == "not measured" && rows.items()[3]["ratio"].is_null()));
}

TEST_CASE("compare: an interval that ends at 1 separates nothing, and a skewed one is as wide as its far end") {
  two_results r;
  r.put("base", {timed("a", 80, 60, 100), timed("b", 100, 100, 110), timed("c", 100, 98, 200)});
  r.put("head", {timed("a", 120, 100, 130), timed("b", 90, 80, 100), timed("c", 100, 97, 101)});
  const json rows = r.compare().object()["rows"];
  REQUIRE(rows.items().size() == 3);
  for (const json& row : rows.items()) CHECK(row["verdict"].text() == "not separated");
  CHECK(first_difference(rows.items()[0]["low"], 1.0) == "");
  CHECK(first_difference(rows.items()[0]["high"], 130.0 / 60) == "");
  CHECK(first_difference(rows.items()[0]["detectable"], 0.5) == "");  // 1.5 above its low end, 1.44 below its high end
  CHECK(first_difference(rows.items()[1]["high"], 1.0) == "");
  CHECK(first_difference(rows.items()[2]["low"], 97.0 / 200) == "");
  CHECK(first_difference(rows.items()[2]["detectable"], 200.0 / 97 - 1) == "");
}

TEST_CASE("compare: a cell that is on one side only is a row, and the exit code says so") {
  two_results r;
  r.put("base", {timed("a", 1, 1, 1), timed("gone", 1, 1, 1)});
  r.put("head", {timed("a", 1, 1, 1), timed("new", 1, 1, 1)});
  const answer a = r.compare();
  CHECK(a.code == 4);
  CHECK(a.says("2 cells are in one directory only"));
  CHECK(a.object()["rows"].items().size() == 3);
  CHECK_FALSE(a.object()["ok"].boolean());
}

TEST_CASE("compare: exact metrics of the audits are compared where both have them") {
  two_results r;
  r.put("base", {timed("a", 1, 1, 1)}), r.put("head", {timed("a", 1, 1, 1)});
  r.audit("base", "a", 1), r.audit("head", "a", 2);
  const json rows = r.compare().object()["rows"];
  REQUIRE(rows.items().size() == 2);
  CHECK((rows.items()[1]["metric"].text() == "allocs_per_op" && rows.items()[1]["ratio"].number() == 2 &&
         rows.items()[1]["verdict"].text() == "changed"));
}

TEST_CASE("compare: different machines are told") {
  two_results r;
  r.put("base", {timed("a", 1, 1, 1)}), r.put("head", {timed("a", 1, 1, 1)}, "two");
  const answer a = r.compare();
  CHECK(a.code == 0);
  CHECK(a.says("copycost: different machines: one and two"));
}

TEST_CASE("compare: what is no result is refused, and nothing on both sides is nothing") {
  two_results r;
  r.put("base", {}), r.put("head", {});
  CHECK(r.compare().code == 4);
  CHECK(r.compare().out.empty());
  replace_file(r.file("head") + "/verdicts.json", "{}");
  const answer a = r.compare();
  CHECK(a.code == 2);
  CHECK(a.err ==
        "copycost: " + r.file("head") + "/verdicts.json: not a result of copycost: expected \"tool\": \"copycost\"\n");
}

}  // namespace
}  // namespace copycost::cli_test
