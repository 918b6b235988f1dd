// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the chunk workloads: those whose chunks are views of a block that is shared (slice, arena,
// shm, std::shared_ptr, absl::Cord), and those whose chunks own their bytes alone (copy). Each design amends one of the
// two.
//
// Threads: safe; pure functions.
#pragma once
#include "impls/chunk/common/amounts.h"
#include "scenarios/chunk/workloads/clone.h"
#include "scenarios/chunk/workloads/codec.h"
#include "scenarios/chunk/workloads/contended.h"
#include "scenarios/chunk/workloads/fan_out.h"
#include "scenarios/chunk/workloads/hand_over.h"
#include "scenarios/chunk/workloads/hand_over_process.h"
#include "scenarios/chunk/workloads/published.h"
#include "scenarios/chunk/workloads/share.h"
#include "scenarios/chunk/workloads/slice.h"

namespace copycost::chunk {

// So many times what an amount says.
template <int times, amount of>
double times_of(const params& at) {
  return times * of(at);
}

// `block`: allocations of a block; `head`: bytes that it needs beside the payload.
template <int block, std::size_t head>
promise_family view_family() {
  using namespace amounts;
  constexpr amount a_block = times_of<block, one>;
  constexpr amount kept_blocks = [](const params& at) { return block * (1 + compactions(at)); };
  return {
      promised<workloads::slice>().exact().allocs(none).copied(none),
      promised<workloads::share>().exact().allocs(none).copied(none),
      promised<workloads::clone>().exact().allocs(a_block).copied(size).grows(),
      promised<workloads::frames>().exact().allocs(none).copied(none).grows(),
      promised<workloads::fan_out>().exact().allocs(none).copied(none).grows(),
      promised<workloads::lines>().exact().allocs(times_of<block, crossing>).copied(crossing_bytes).grows(),
      promised<workloads::reassemble>().exact().allocs(none).copied(none).grows(),
      promised<workloads::codec>().exact().allocs(times_of<block, codings>).copied(coded).grows(),
      promised<workloads::published>().exact().allocs(none).copied(none),
      promised<workloads::retain>().exact().allocs(kept_blocks).copied(compacted).retained(held<head>),
      promised<workloads::contended>().at_most(kThreads).allocs(none).copied(none),
      promised<workloads::hand_over>().at_most(kTwoThreads).allocs(none).copied(none).grows(),
      promised<workloads::hand_over_process>().at_most(kReceiver).allocs(a_block).copied(none).grows(),
  };
}

// Every chunk is one allocation and a copy of its bytes.
inline promise_family copy_family() {
  using namespace amounts;
  constexpr amount consumers = [](const params& at) { return number(at, "consumers"); };
  constexpr amount consumed = [](const params& at) { return number(at, "consumers") * size(at); };
  constexpr amount framed = [](const params& at) { return workloads::frames::mean_of(at).bytes; };
  constexpr amount full_lines = [](const params& at) {
    const workloads::lines::census c = workloads::lines::census_of(at);
    return static_cast<double>(c.lines - c.empty);
  };
  constexpr amount line_bytes = [](const params& at) {
    return static_cast<double>(workloads::lines::census_of(at).bytes);
  };
  // The source, what is cut from it, and what is made of that.
  constexpr amount kept = [](const params& at) { return 2 + compactions(at); };
  constexpr amount kept_bytes = [](const params& at) { return workloads::retain::kPiece + compacted(at); };
  return {
      promised<workloads::slice>().exact().allocs(one).copied(half).grows(),
      promised<workloads::share>().exact().allocs(one).copied(size).grows(),
      promised<workloads::clone>().exact().allocs(one).copied(size).grows(),
      promised<workloads::frames>().exact().allocs(amounts::frames).copied(framed).grows(),
      promised<workloads::fan_out>().exact().allocs(consumers).copied(consumed).grows(),
      promised<workloads::lines>().exact().allocs(full_lines).copied(line_bytes).grows(),
      promised<workloads::reassemble>().exact().allocs(pieces).copied(size).grows(),
      promised<workloads::codec>().exact().allocs(two).copied(times_of<2, size>).grows(),
      promised<workloads::published>().exact().allocs(one).copied(half).grows(),
      promised<workloads::retain>().exact().allocs(kept).copied(kept_bytes).retained(one),
      promised<workloads::contended>().at_most(kThreads).allocs(one).copied(size).grows(),
      promised<workloads::hand_over>().at_most(kTwoThreads).allocs(one).copied(size).grows(),
      promised<workloads::hand_over_process>().at_most(kReceiver).allocs(one).copied(none).grows(),
  };
}

}  // namespace copycost::chunk
