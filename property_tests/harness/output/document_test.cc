// SPDX-License-Identifier: Apache-2.0
// Goal: the machine-readable rows have the keys that others rely on. Method: an audit row made by hand, written out.
#include "harness/output/document.h"

#include "property_tests/catch.h"
#include "property_tests/made_cells.h"

namespace copycost {
namespace {

using made::always;

struct bench {
  static workload_entry work() {
    workload_entry e = made::scripted_workload("one");
    e.kernel_bytes = always<4>;
    e.syscalls = always<3>;
    return e;
  }
  bench() : toys("toy", work()) {
    made::g_form = {};
    design = &toys.add("slice");
    design->promises = {{"one", bound::exact, always<1>, made::size_of, growth::linear, always<2>, ""}};
    row.what = toys.at("slice", params{{"size", 64}}.set("mode", "cold"));
    row.ops = 8;
    row.batch = 8;
    row.allocs = 1;
    row.alloc_bytes = 80;
    row.copied = 64;
    row.refcount_ops = 2;
    row.syscalls = 3;
    row.kernel_bytes = 4;
    row.faults = 0.5;
    row.sub_allocs = 6;
    row.peak_live_bytes = 100;
    row.retained_bytes = 90;
    row.live_bytes = 60;
    row.seen.primitive = row.seen.interposed = {sight::exact, 64};
    row.seen.signature = {sight::lower_bound, 56};
    row.seen.identity = {sight::not_applicable, 1};
    row.written = {{1, 1, 3, 10}, {8, 1, 4, 10}};
    row.by = write_means::userfaultfd;
    row.guarded.pages = 2;
    row.covers = "8 operations";
    row.known = proof::proved;
  }
  made::cell_table toys;
  design_entry* design;
  audit_row row;
};

TEST_CASE("document: the row of an audit, written out") {
  const bench b;
  CHECK(
      to_json(judged_row{b.row, judge(b.row)}).dump() ==
      R"({"cell":"toy/one/design:slice/size:64/mode:cold","system":"toy","workload":"one","class":"share",)"
      R"("design":"slice",)"
      R"("params":{"size":64,"mode":"cold"},"ops":8,"allocs_per_op":1,"alloc_bytes_per_op":80,)"
      R"("payload_bytes_copied_per_op":64,)"
      R"("kernel_bytes_copied_per_op":4,"syscalls_per_op":3,"mapped_bytes_per_op":0,"refcount_ops_per_op":2,)"
      R"("page_faults_per_op":0.5,"sub_allocs_per_op":6,)"
      R"("peak_live_bytes":100,"live_bytes":60,"retained_bytes":90,"retained_over_live":1.5,)"
      R"("witnesses":{"primitive":{"kind":"exact","bytes_per_op":64},"interposed":{"kind":"exact","bytes_per_op":64},)"
      R"("signature":{"kind":"lower_bound","bytes_per_op":56},"identity":{"kind":"n/a"},"touch":{"kind":"blind"}},)"
      R"("elsewhere":{"allocs_per_op":0,"alloc_bytes_per_op":0,"payload_bytes_copied_per_op":0,)"
      R"("kernel_bytes_copied_per_op":0,"syscalls_per_op":0},)"
      R"("upper_bound":{"means":"userfaultfd","ops":8,"pages":4,"allowed_pages":10},)"
      R"("guarded_pages":2,"covers":"8 operations","proof":"proved","could_hide":"",)"
      R"("promise":{"kind":"exact","allocs":1,"copied":64,"grows":"linear","kept":true,"retained":2,"why":""},)"
      R"("exact":true,"verdict":"holds","reasons":[]})");
}

TEST_CASE("document: a cell that could not be audited has its reason and no numbers") {
  bench b;
  b.row.error = "no room";
  CHECK(to_json(judged_row{b.row, judge(b.row)}).dump() ==
        R"({"cell":"toy/one/design:slice/size:64/mode:cold","system":"toy","workload":"one","class":"share",)"
        R"("design":"slice",)"
        R"("params":{"size":64,"mode":"cold"},"verdict":"not measured","reasons":["no room"]})");
}

TEST_CASE("document: without a promise, or with one that names no amounts, the promise is null") {
  bench b;
  b.design->promises[0].allocs = nullptr;
  CHECK(to_json(judged_row{b.row, judge(b.row)})["promise"].is_null());
  b.design->promises.clear();
  CHECK(to_json(judged_row{b.row, judge(b.row)})["promise"].is_null());
}

TEST_CASE("document: nothing kept has no ratio") {
  bench b;
  b.row.live_bytes = 0;
  CHECK(to_json(judged_row{b.row, judge(b.row)})["retained_over_live"].is_null());
}

TEST_CASE("document: every command's object has the same seven keys") {
  const json doc = document(7, {json::of({{"cell", "a"}})}, true);
  std::vector<std::string> keys;
  for (const auto& [key, value] : doc.members()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"schema", "tool", "version", "seed", "machine", "rows", "ok"});
  CHECK((doc["schema"].integer() == 1 && doc["seed"].integer() == 7 && doc["ok"].boolean()));
  CHECK(doc["version"].text() == kVersion);
  CHECK(json::parse(doc.dump(1), "doc") == doc);
}

}  // namespace
}  // namespace copycost
