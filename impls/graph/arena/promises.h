// SPDX-License-Identifier: Apache-2.0
//
// What the arena design promises of each graph workload. The judge holds it to every cell. Pieces of a region are
// counted apart (sub-allocations): `allocs` are calls of the heap.
#pragma once
#include "harness/core/registry.h"
#include "impls/graph/common/families.h"

namespace copycost::graph {

inline promise_family arena_promises() {
  using namespace amounts;
  constexpr std::string_view kRegion = "a region is made now and then, and kept for the next batch";
  constexpr amount three = [](const params&) { return 3.0; };
  constexpr amount region_bytes = [](const params&) { return 16.0 * 1024 * 1024; };
  return view_family<0, 0>()
      .amended({
          promised<workloads::write_branches>().exact().allocs_at_most(one, kRegion).copied(bytes_of_writers).grows(),
          promised<workloads::headers>().exact().allocs_at_most(one, kRegion).copied(source).grows(),
          promised<workloads::transform>().exact().allocs_at_most(one, kRegion).copied(bytes_shared).grows(),
          promised<workloads::json_strings>().exact().allocs_at_most(one, kRegion).copied(bytes_of_own_strings).grows(),
          promised<workloads::disruptor>().at_most(kThreads).allocs(one).copied(produced_bytes),
          promised<workloads::slow_consumer>().at_most(kRegion).allocs(one).copied(none).retained_at_most(two).grows(),
          promised<workloads::chain>().exact().allocs_at_most(one, kRegion).copied(size).grows(),
          run_by_threads<workloads::executors, 1, size>(),
          promised<workloads::keys>().exact().allocs_at_most(one, kRegion).copied(keyed),
          run_by_threads<workloads::skew, 1, keyed>(),
          promised<workloads::soak>().at_most(kRegion).allocs(one).copied(soaked).retained_at_most(three),
          promised<workloads::hop>().at_most(kTwoThreads).allocs(one).copied(bytes_made),
          promised<workloads::retain>().at_most(kRegion).allocs(one).copied(none).retained_at_most(held<64>).grows(),
      })
      .with_mappings(region_bytes, one, kRegion);
}

inline design_entry arena_card() {
  design_entry d;
  d.about = "items of a batch lie in one region, which is freed behind the last of them, in any thread";
  d.owns = ownership::region;
  d.zero_copy = true;
  d.obligations = "say end_batch() where a batch ends; an item that is kept keeps its whole region";
  d.pick_when = "items are made, passed on and dropped in batches";
  d.avoid_when = "items of one batch live for different times, or each one is changed after it was shared";
  d.promises = arena_promises();
  return d;
}

}  // namespace copycost::graph
