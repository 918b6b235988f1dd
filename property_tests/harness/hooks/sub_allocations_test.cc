// SPDX-License-Identifier: Apache-2.0
// Sub-allocations are counted apart from the heap, and join its peak only when asked to.
#include <cstdlib>

#include "property_tests/catch.h"
#include "property_tests/harness/hooks/support.h"

using namespace hooks_test;

namespace {
char g_area[4096];
}

TEST_CASE("sub-allocations have counters of their own") {
  const std::int64_t live = cch_live();
  const std::int64_t peak = cch_peak();
  const cch_counts c = counted([] {
    cch_report_alloc(g_area, 100);
    cch_report_alloc(g_area + 128, 50);
    cch_report_realloc(g_area + 128, 50, g_area + 256, 75);
    cch_report_free(g_area, 100);
    cch_report_alloc(nullptr, 9);
    cch_report_free(nullptr, 9);
    cch_report_realloc(nullptr, 0, g_area + 512, 11);
  });
  CHECK(c.sub_allocs == 4);
  CHECK(c.sub_alloc_bytes == 100 + 50 + 75 + 11);
  CHECK(c.sub_frees == 2);
  CHECK(c.sub_freed_bytes == 100 + 50);
  CHECK(c.allocs == 0);
  CHECK(c.frees == 0);
  CHECK(cch_live() == live);
  CHECK(cch_peak() == peak);
  cch_report_free(g_area + 256, 75);
  cch_report_free(g_area + 512, 11);
}

TEST_CASE("the peak can hold the heap and sub-allocations together") {
  cch_track_peak(CCH_PEAK_HEAP_AND_SUB);
  const std::int64_t start = cch_peak();
  cch_report_alloc(g_area, 1000);
  void* block = escape(std::malloc(500));
  cch_report_realloc(g_area, 1000, g_area, 1200);
  std::free(block);
  cch_report_free(g_area, 1200);
  const std::int64_t peak = cch_peak() - start;
  cch_track_peak(CCH_PEAK_HEAP);
  CHECK(peak == 1700);
}
