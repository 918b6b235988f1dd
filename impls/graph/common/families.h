// SPDX-License-Identifier: Apache-2.0
//
// What designs promise of the graph workloads, by how they own bytes. Each design amends one family.
//
// Threads: safe; pure functions.
#pragma once
#include "harness/core/registry.h"
#include "scenarios/graph/workloads/chain.h"
#include "scenarios/graph/workloads/disruptor.h"
#include "scenarios/graph/workloads/executors.h"
#include "scenarios/graph/workloads/fan_out.h"
#include "scenarios/graph/workloads/handles.h"
#include "scenarios/graph/workloads/headers.h"
#include "scenarios/graph/workloads/hop.h"
#include "scenarios/graph/workloads/hop_latency.h"
#include "scenarios/graph/workloads/json_strings.h"
#include "scenarios/graph/workloads/keys.h"
#include "scenarios/graph/workloads/latency.h"
#include "scenarios/graph/workloads/lines.h"
#include "scenarios/graph/workloads/publish.h"
#include "scenarios/graph/workloads/retain.h"
#include "scenarios/graph/workloads/skew.h"
#include "scenarios/graph/workloads/slow_consumer.h"
#include "scenarios/graph/workloads/soak.h"
#include "scenarios/graph/workloads/transform.h"
#include "scenarios/graph/workloads/weak.h"
#include "scenarios/graph/workloads/write_branches.h"

namespace copycost::graph {

namespace amounts {
using namespace copycost::amounts;
inline double branches(const params& at) { return number(at, "branches"); }
inline double bytes_of_branches(const params& at) { return branches(at) * size(at); }
// Of the branches that write, each has bytes of its own.
inline double writers(const params& at) { return number(at, "writers"); }
inline double bytes_of_writers(const params& at) { return writers(at) * size(at); }
// The item is a copy of bytes that stay where they are.
inline double source(const params&) { return workloads::headers::kSize; }
inline double source_of_branches(const params& at) { return branches(at) * source(at); }
inline double four(const params&) { return workloads::write_branches::kBranches; }
inline double bytes_of_four(const params& at) { return four(at) * size(at); }
inline double other_items(const params& at) { return branches(at) - 1; }
inline double other_branches(const params& at) { return (branches(at) - 1) * size(at); }
inline constexpr std::string_view kTwoThreads = "two threads", kThreads = "several threads";
inline double hopped(const params&) { return workloads::hop::kSize; }
inline double made(const params& at) { return 1 - number(at, "counted"); }
inline double bytes_made(const params& at) { return made(at) * hopped(at); }
inline double anew(const params& at) { return 1 - number(at, "premade"); }
inline double bytes_anew(const params& at) { return anew(at) * size(at); }
// An item that another one owns as well is changed in a copy.
inline double shared(const params& at) { return number(at, "shared"); }
inline double bytes_shared(const params& at) { return shared(at) * size(at); }
// Strings of a text that are items of their own bytes: those with escapes, and all where none is borrowed.
inline double all_strings(const params&) { return workloads::json_strings::kStrings; }
inline double bytes_of_strings(const params& at) {
  return workloads::json_strings::decoded_bytes(at) + workloads::json_strings::plain_bytes(at);
}
inline double own_strings(const params& at) {
  return number(at, "owned") != 0 ? all_strings(at) : workloads::json_strings::decoded(at);
}
inline double bytes_of_own_strings(const params& at) { return workloads::json_strings::copied_cap(at); }
inline double lines_of(const params& at) { return static_cast<double>(workloads::lines::lines_of(at)); }
// Items that producers make, and those that edges behind them need beside.
inline double produced(const params& at) { return static_cast<double>(workloads::disruptor::producers(at)); }
inline double produced_bytes(const params& at) { return produced(at) * workloads::disruptor::kSize; }
inline double delivered(const params& at) {
  return produced(at) + static_cast<double>(workloads::disruptor::owners(at)) - 1;
}
inline double delivered_bytes(const params& at) { return delivered(at) * workloads::disruptor::kSize; }
// All consumers but one get a copy.
inline double bytes_of_others(const params& at) { return (workloads::slow_consumer::kConsumers - 1) * size(at); }
inline double keyed(const params&) { return workloads::keys::kSize; }
// The item is made by a copy, and changed in another one.
inline double soaked(const params&) { return 2 * workloads::soak::mean_size(); }
// What the roles of a run do, and what the threads of its executor do.
inline double here(const params& at) { return workloads::by_executor(at) ? 0 : 1; }
inline double elsewhere(const params& at) { return 1 - here(at); }
inline constexpr std::string_view kExecutor = "threads of an executor do it, or roles, and who waits for whom varies";
// Held over live where `head` bytes describe each item.
template <std::size_t head>
double held(const params& at) {
  return (size(at) + head) / size(at);
}
}  // namespace amounts

// Of a graph that several threads run; `allocs` and `copied` are what it takes to make an item. A pool makes a task
// where a node begins to run, and who sleeps is woken.
template <class W, int allocs, amount copied>
promise run_by_threads() {
  promise p = promised<W>()
                  .at_most(amounts::kExecutor)
                  .allocs([](const params& at) { return amounts::here(at) * allocs; })
                  .copied([](const params& at) { return amounts::here(at) * copied(at); });
  p.else_allocs = [](const params& at) { return amounts::elsewhere(at) * (allocs + 1); };
  p.else_copied = [](const params& at) { return amounts::elsewhere(at) * copied(at); };
  p.else_syscalls = [](const params& at) { return amounts::elsewhere(at) * 64; };
  return p;
}

// Every item is one allocation and a copy of its bytes.
inline promise_family copy_family() {
  using namespace amounts;
  return {
      promised<workloads::fan_out>().exact().allocs(branches).copied(bytes_of_branches).grows(),
      promised<workloads::write_branches>().exact().allocs(four).copied(bytes_of_four).grows(),
      promised<workloads::headers>().exact().allocs(branches).copied(source_of_branches).grows(),
      promised<workloads::retain>().exact().allocs(branches).copied(other_branches).retained(branches).grows(),
      promised<workloads::publish>().exact().allocs(other_items).copied(other_branches).grows(),
      promised<workloads::hop>().at_most(kTwoThreads).allocs(one).copied(hopped),
      promised<workloads::hop_latency>().at_most(kTwoThreads).allocs(none).copied(none),
      promised<workloads::handles>().exact().allocs(anew).copied(bytes_anew).grows(),
      promised<workloads::transform>().exact().allocs(shared).copied(bytes_shared).grows(),
      promised<workloads::json_strings>().exact().allocs(all_strings).copied(bytes_of_strings).grows(),
      promised<workloads::lines>().exact().allocs(lines_of).copied(size).grows(),
      promised<workloads::disruptor>().at_most(kThreads).allocs(delivered).copied(delivered_bytes),
      promised<workloads::slow_consumer>().exact().allocs(four).copied(bytes_of_others).retained(one).grows(),
      promised<workloads::latency>().at_most(kTwoThreads).allocs(one).copied(size).grows(),
      promised<workloads::chain>().exact().allocs(one).copied(size).grows(),
      run_by_threads<workloads::executors, 1, size>(),
      promised<workloads::keys>().exact().allocs(one).copied(keyed),
      run_by_threads<workloads::skew, 1, keyed>(),
      promised<workloads::soak>().exact().allocs(two).copied(soaked).retained(one),
  };
}

// Items are views of memory that is shared. `block`: allocations of a block; `head`: bytes that it needs beside the
// payload.
template <int block, std::size_t head>
promise_family view_family() {
  using namespace amounts;
  constexpr amount a_block = [](const params&) { return double{block}; };
  constexpr amount blocks_made = [](const params& at) { return block * made(at); };
  constexpr amount written = [](const params& at) { return block * writers(at); };
  constexpr amount blocks_produced = [](const params& at) { return block * produced(at); };
  constexpr amount two_blocks = [](const params&) { return 2.0 * block; };
  constexpr amount held_in_soak = [](const params&) { return 1 + head / workloads::soak::mean_size(); };
  constexpr amount strings = [](const params& at) { return block * own_strings(at); };
  constexpr amount changed = [](const params& at) { return block * shared(at); };
  return {
      promised<workloads::fan_out>().exact().allocs(none).copied(none).grows(),
      promised<workloads::write_branches>().exact().allocs(written).copied(bytes_of_writers).grows(),
      promised<workloads::headers>().exact().allocs(a_block).copied(source).grows(),
      promised<workloads::retain>().exact().allocs(a_block).copied(none).retained(held<head>).grows(),
      promised<workloads::publish>().exact().allocs(none).copied(none).grows(),
      promised<workloads::hop>().at_most(kTwoThreads).allocs(blocks_made).copied(bytes_made),
      promised<workloads::hop_latency>().at_most(kTwoThreads).allocs(none).copied(none),
      promised<workloads::handles>().exact().allocs(none).copied(none),
      promised<workloads::weak>().exact().allocs(none).copied(none),
      promised<workloads::transform>().exact().allocs(changed).copied(bytes_shared).grows(),
      promised<workloads::json_strings>().exact().allocs(strings).copied(bytes_of_own_strings).grows(),
      promised<workloads::lines>().exact().allocs(none).copied(none).grows(),
      promised<workloads::disruptor>().at_most(kThreads).allocs(blocks_produced).copied(produced_bytes),
      promised<workloads::slow_consumer>().exact().allocs(a_block).copied(none).retained(held<head>).grows(),
      promised<workloads::latency>().at_most(kTwoThreads).allocs(none).copied(none),
      promised<workloads::chain>().exact().allocs(a_block).copied(size).grows(),
      run_by_threads<workloads::executors, block, size>(),
      promised<workloads::keys>().exact().allocs(a_block).copied(keyed),
      run_by_threads<workloads::skew, block, keyed>(),
      promised<workloads::soak>().exact().allocs(two_blocks).copied(soaked).retained(held_in_soak),
  };
}

}  // namespace copycost::graph
