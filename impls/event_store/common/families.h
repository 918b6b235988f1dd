// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the event store's workloads: those whose readers look at records in place (slice, arena,
// shm), those that copy what is read (copy), and peers, whose libraries decide what to copy and allocate. Each design
// amends one of them. A workload that a design does not offer has no promise.
//
// Threads: safe; pure functions.
#pragma once
#include "impls/event_store/common/amounts.h"
#include "scenarios/event_store/workloads/append_many.h"
#include "scenarios/event_store/workloads/durable_append.h"
#include "scenarios/event_store/workloads/follow.h"
#include "scenarios/event_store/workloads/read.h"
#include "scenarios/event_store/workloads/recover.h"
#include "scenarios/event_store/workloads/replay_files.h"
#include "scenarios/event_store/workloads/replay_processes.h"

namespace copycost::event_store {

inline constexpr std::string_view kThreads = "several threads", kProjection = "the projection's own memory";

// An append copies its payload once, reading copies and allocates nothing. `retained`: by a snapshot that is held;
// `segments_are`: why an append allocates now and then.
inline promise_family view_family(amount retained, std::string_view segments_are) {
  using namespace amounts;
  constexpr amount projected = [](const params& at) { return 64 + 3 * events_of(at); };
  constexpr amount durably = [](const params& at) { return 4 + number(at, "batch"); };
  constexpr amount recovered = [](const params& at) { return 200 + number(at, "events") / 100; };
  // A segment is kept as a whole, or is not: what is retained is a bound.
  return {
      promised<workloads::append>()
          .exact()
          .allocs_at_most(segments, segments_are)
          .copied(batch_bytes)
          .grows()
          .mapped(grown, growth_calls),
      promised<workloads::append_many>()
          .exact()
          .allocs_at_most(segments_of_many, segments_are)
          .copied(all_events)
          .grows()
          .mapped(grown, growth_calls),
      promised<workloads::snapshot>().at_most(kThreads).allocs(none).copied(none),
      promised<workloads::hold>()
          .exact()
          .allocs_at_most(seldom_a_segment, segments_are)
          .copied(one_event)
          .retained_at_most(retained)
          .mapped(grown, growth_calls),
      promised<workloads::read>().exact().allocs(none).copied(none).grows(),
      promised<workloads::read_entity>().exact().allocs(none).copied(none).grows(),
      promised<workloads::replay>().at_most(kThreads).allocs(none).copied(none).grows(),
      promised<workloads::project>().at_most(kProjection).allocs(projected).copied(none).grows(),
      promised<workloads::follow>().at_most("two threads").allocs(two).copied(one_event).mapped(grown, growth_calls),
      promised<workloads::mix>()
          .exact()
          .allocs_at_most(seldom_a_segment, segments_are)
          .copied(mix_appended)
          .mapped(grown, growth_calls),
      promised<workloads::durable_append>()
          .at_most("several writers; segments and files now and then")
          .allocs(durably)
          .copied(batch_of_64)
          .grows()
          .mapped(grown, growth_calls),
      promised<workloads::recover>()
          .at_most("as many segments and files as there are")
          .allocs(recovered)
          .copied(none)
          .grows()
          .mapped(reserved),
      promised<workloads::replay_files>()
          .at_most("as many files as there are")
          .allocs(files)
          .copied(none)
          .grows()
          .mapped(grown),
      promised<workloads::replay_processes>().at_most("several processes").allocs(none).copied(none).grows(),
  };
}

// A reader has bytes of its own, and the log is a vector that doubles.
inline promise_family copy_family() {
  using namespace amounts;
  constexpr std::string_view kGrows = "a vector that grows by doubling, and an index by names and vectors";
  constexpr amount appended = [](const params& at) { return 4 + 2 * number(at, "batch"); };
  constexpr amount appended_bytes = [](const params& at) { return 3 * number(at, "batch") * number(at, "size"); };
  constexpr amount filled = [](const params& at) { return 2100 + 0.5 * number(at, "events"); };
  constexpr amount filled_bytes = [](const params& at) { return 3 * all_events(at); };
  constexpr amount snapshots = [](const params&) { return 2.5; };
  constexpr amount snapshot_bytes = [](const params&) { return 1.1 * workloads::snapshot::kEvents * kPayload; };
  constexpr amount held_bytes = [](const params& at) {
    return (8 + number(at, "held") * workloads::hold::kKept / number(at, "appends")) * kPayload;
  };
  constexpr amount projected = [](const params& at) { return 64 + 12 * events_of(at); };
  constexpr amount projected_bytes = [](const params& at) { return 512 * events_of(at); };
  constexpr amount followed = [](const params&) { return 8.0; };
  constexpr amount followed_bytes = [](const params&) { return 64 * kPayload; };
  constexpr amount mixed_bytes = [](const params& at) { return 8 * mix_appended(at) + mix_read(at); };
  constexpr amount durably = [](const params& at) { return 16 + 4 * number(at, "batch"); };
  constexpr amount durable_bytes = [](const params& at) { return 5 * batch_of_64(at); };
  constexpr amount recovered = [](const params& at) { return 200 + number(at, "events"); };
  return {
      promised<workloads::append>().at_most(kGrows).allocs(appended).copied(appended_bytes).grows(),
      promised<workloads::append_many>().at_most(kGrows).allocs(filled).copied(filled_bytes).grows(),
      promised<workloads::snapshot>()
          .at_most("the log grows meanwhile")
          .allocs(snapshots)
          .copied(snapshot_bytes)
          .grows(),
      promised<workloads::hold>().at_most(kGrows).allocs(one).copied(held_bytes).retained(both_held),
      promised<workloads::read>().exact().allocs(one).copied(count_events).grows(),
      promised<workloads::read_entity>().exact().allocs(one).copied(entity_events).grows(),
      promised<workloads::replay>().at_most(kThreads).allocs(one).copied(all_events).grows(),
      promised<workloads::project>().at_most(kProjection).allocs(projected).copied(projected_bytes).grows(),
      promised<workloads::follow>()
          .at_most("two threads, and the growing vector")
          .allocs(followed)
          .copied(followed_bytes),
      promised<workloads::mix>().at_most(kGrows).allocs(two).copied(mixed_bytes).grows(),
      promised<workloads::durable_append>().at_most(kGrows).allocs(durably).copied(durable_bytes).grows(),
      promised<workloads::recover>().at_most(kGrows).allocs(recovered).copied(filled_bytes).grows(),
      promised<workloads::replay_files>()
          .at_most("as many files as there are; the kernel copies")
          .allocs(files)
          .copied(none)
          .grows()
          .mapped(grown),
  };
}

// Wide bounds for every workload: no witness sees all that a library copies.
inline promise_family peer_family() {
  using namespace amounts;
  constexpr std::string_view kPeer = "a peer: what its library allocates is its own business";
  static constexpr auto named_events = [](const params& at, double otherwise) {
    for (const char* key : {"batch", "events", "count"})
      if (at.has(key)) otherwise += number(at, key);
    return otherwise + (at.has("input") ? events_of(at) : 0);
  };
  static constexpr amount any = [](const params& at) { return 4000 + 40 * named_events(at, 4); };
  // What is appended into the place that the database gives, pages that it copies, and what is read out of it.
  constexpr amount copied = [](const params& at) {
    return 32 * (at.has("size") ? number(at, "size") : kPayload) * named_events(at, 4096);
  };
  // Through its files, in as many calls as it likes.
  constexpr amount through_files = [](const params& at) { return reserved(at) * 4 + 1000 * any(at) * kPayload; };
  return view_family(all_since, kPeer).at_most(kPeer).each([&](promise& p) {
    p.allocs = any;
    p.copied = copied;
    p.grows = growth::linear;
    p.allocs_at_most = p.retained_at_most = false;
    p.mapped = p.kernel_bytes = p.else_kernel_bytes = through_files;
    p.syscalls = p.else_syscalls = any;
  });
}

}  // namespace copycost::event_store
