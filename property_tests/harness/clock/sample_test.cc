// SPDX-License-Identifier: Apache-2.0
// Goal: what a launch writes is what the run keeps, to the last key, and a row has its keys in their order. Method:
// lines of launches and rows, written out.
#include "harness/clock/sample.h"

#include "property_tests/catch.h"
#include "property_tests/harness/clock/made_samples.h"

namespace copycost {
namespace {

using namespace made;

TEST_CASE("sample: a launch's line goes through the program unchanged") {
  for (const char* line : {
           R"({"launch":2,"circumstances":{"order":7291848929163409183,"heap":5,"heap_blocks":200,"payload_place":64,)"
           R"("stack_bytes":16},"allocator":"mimalloc","run_id":"0123"})",
           R"({"launch":2,"limit":"memcpy_hot","size":64,"alive":0,"ns":5.25,"best_ns":5,"bytes_per_second":1.5e+20,)"
           R"("allocator":"mimalloc"})",
           R"({"launch":0,"limit":"memcpy_cold","size":64,"alive":3,"span":4096,"buffer":512,"from":8,)"
           R"("error":"one processor"})",
           R"({"launch":0,"limit":"gather_break_even","size":0,"alive":0,"ns":9,"best_ns":8,"bytes_per_second":0,)"
           R"("bytes":4096})",
           R"({"cell":"t/s/design:copy","twin":true,"place":{"file_system":"ext4","device":"/dev/vda1",)"
           R"("mount_point":"/","is":"disk","why_not_durable":""},"ns":50.5,"ops":1200,"batches":[50.5,51],)"
           R"("items_per_op":2,"payload_bytes_per_op":64.5,"overlap":0.75,)"
           R"("latencies":{"min":3,"max":900,"overflow":0,"cells":[[3,1],[484,2]]},"launch":1,"iterations":1200,)"
           R"("real_time":51.25,"cpu_ns":50,"allocator":"glibc","run_id":"0123"})",
           R"({"cell":"t/s/design:copy","error":"it slipped","code":1,"launch":1,"iterations":0,"real_time":0,)"
           R"("cpu_ns":0})",
           R"({"cell":"t/s/design:copy","launch":1,"error":"role died: signal 9","code":70,"allocator":"mimalloc"})",
       })
    CHECK(to_json(sample_from_json(json::parse(line, "line"))).dump() == line);
}

TEST_CASE("sample: what a line does not say is absent, and not 0") {
  const sample s = sample_from_json(json::parse(R"({"cell":"c","launch":1,"ns":null})", "line"));
  CHECK_FALSE((s.ns || s.items_per_op || s.payload_bytes_per_op || s.overlap || s.ops || s.bytes || s.best_ns));
  CHECK_FALSE((s.place || s.reported || s.error || s.code || s.met || s.latencies != nullptr));
}

TEST_CASE("sample: a calibration says whether a cell is equal, or that it could not be asked") {
  for (const char* line : {
           R"({"cell":"c","equal":true,"why":"","code":0,"judge_ns":5,"setup_ns":4,"ns":3,"paused_ns":2,"batch_ns":1})",
           R"({"cell":"c","equal":false,"why":"digest 01","code":1})",
           R"({"cell":"c","equal":null,"why":"no room","code":70})",
       })
    CHECK(to_json(calibration_from_json(json::parse(line, "line"))).dump() == line);
  CHECK(is_calibration(json::of({{"equal", nullptr}})));
  CHECK_FALSE(is_calibration(json::of({{"cell", "c"}})));
}

std::string keys(const json& row) {
  std::string out;
  for (const auto& [key, value] : row.members()) out += (out.empty() ? "" : " ") + key;
  return out;
}

TEST_CASE("sample: the keys of a run's row stand in their order, whatever it says") {
  const std::string head = "cell system workload class design params allocator ";
  bench b;
  b.time("copy", steady(100)).time("slice", steady(50)).limit("refcount_pair", 0, steady(10));
  b.samples.lines[8].ns.reset();
  b.samples.lines[9].place = file_place{"ext4", "/dev/vda1", "/", standing::disk, ""};
  b.samples.lines[15].place = b.samples.lines[9].place;
  CHECK(keys(b.row(kCopy)) == head +
                                  "ns low high launches limit reference remark items_per_second bytes_per_second "
                                  "overlap latency floor ratio verdict why");
  CHECK(keys(b.row(kSlice)) == head +
                                   "place ns low high launches missed missed_why limit reference remark "
                                   "items_per_second bytes_per_second overlap latency ratio ratio_low ratio_high "
                                   "detectable pairs verdict why");
  b.samples.calibration.pop_back();
  CHECK(keys(b.row(kSlice)) == head + "ns verdict why code");
  bench gone;
  gone.time("copy", steady(0.1)).time("slice", steady(50));
  CHECK(keys(gone.row(kCopy)) == head +
                                     "ns low high launches limit limit_why reference remark items_per_second "
                                     "bytes_per_second overlap latency ratio verdict why code");
}

}  // namespace
}  // namespace copycost
