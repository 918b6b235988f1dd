// SPDX-License-Identifier: Apache-2.0
//
// The seam: a workload describes its work once, as an episode; every instrument (clock, ledger, judge) runs the same
// episode and looks at it through a window.
//
//   instrument --lends--> window (one per role) --to--> episode (one per workload, design and parameters)
//
//   setup(w)          untimed, once in every process: builds the state from w.payload(), w.segment(), w.dir()
//   run(w, role, n)   in every role: prepares, w.open(), does n operations, w.close(), cleans up
//   finish(w)         untimed, once in every process: says what was done, with the digest that the oracle must equal
//
//   role 0   ..prepare..| open: waits |=== n operations ===| close: waits |..clean up..
//   role 1   ....prepare....| open    |=== n operations =======| close    |..clean up..
//                                     ^ only this is timed, counted and compared
//
// A role is a thread, of this process or of another one; shape says how many there are. open() and close() are barriers
// over all roles.
//
// The smallest episode:
//
//   void setup(window& w) override { source_ = w.payload(64, 0); }
//   void run(window& w, unsigned, std::uint64_t n) override {
//     w.open();
//     observed(w, [&](auto& see) { for (std::uint64_t i = 0; i < n; ++i) see.read(source_); });   // observe.h
//     w.close();
//     done_ += n;
//   }
//   tally finish(window& w) override { return {done_, done_, 64 * done_, w.results()}; }
//
// Lifetime: an instrument lends a window until the episode is destroyed.
// Threads: a window belongs to one role; the barriers in open() and close() are safe.
// Cost: open() and close() are a barrier each; inside the loop of operations nothing is virtual.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string_view>

#include "harness/core/digest.h"

namespace copycost {

// When operations of a role begin: one after the other, or at intended times, from which latencies are recorded.
enum class op_start { one_by_one, intended };
// What a batch begins with: the state that the one before has left, or fresh state.
enum class batch_state { kept, fresh };
// Whether operations cost the same in every run. Where roles meet they never do.
enum class op_cost { exact, varies };

// How many roles an episode has, and how far it can be repeated.
struct shape {
  unsigned threads = 1;    // in each process
  unsigned processes = 1;  // fork and exec of this program; role r lives in process r / threads
  unsigned scenery = 0;    // how many of the first roles are not timed: the others work against them (a writer, say)
  op_start start = op_start::one_by_one;
  batch_state state = batch_state::kept;
  op_cost cost = op_cost::exact;
  constexpr unsigned roles() const { return threads * processes; }
  constexpr bool open_loop() const { return start == op_start::intended; }
  constexpr bool repeatable() const { return state == batch_state::kept; }
  // Whether a promise says what an operation costs to the byte; otherwise it is a bound.
  constexpr bool exact() const { return cost == op_cost::exact && roles() == 1; }
};
// Why there is no such shape; empty: there is.
constexpr std::string_view why_not(const shape& s) {
  if (s.roles() == 0) return "a stage has a role";
  if (s.scenery >= s.roles()) return "scenery alone is not timed";
  if (s.scenery > 0 && s.processes > 1) return "scenery shares its process with those that are timed";
  return {};
}

// What one process did in all of its batches.
struct tally {
  std::uint64_t ops = 0;            // operations, of all of its roles
  std::uint64_t items = 0;          // the unit in which throughput is shown: events, messages
  std::uint64_t payload_bytes = 0;  // that the operations handled
  std::uint64_t result = 0;         // digest of everything that the operations produced
};

// What an instrument wants to know of each result. It picks the observer that the loop is compiled with (observe.h).
enum class watching {
  cost,      // the clock and the ledger's counts: nothing but the cost
  results,   // the judge: what the results are
  identity,  // the identity witness: where the results lie
};

class window {
 public:
  virtual ~window() = default;

  // The number of this role, from 0.
  virtual unsigned role() const = 0;
  virtual watching watches() const = 0;

  // open() waits for all roles, then starts timing and counting for this role; close() stops both, then waits.
  // Throws failure when another role has failed, or does not come within the time limit.
  virtual void open() = 0;
  virtual void close() = 0;

  // What runs between pause() and resume() is neither timed nor counted. Use it where an operation uses something up
  // that a real peer brings meanwhile. A pause adds some 25 ns to the time that is measured after it, so prepare for
  // many operations in one. REQUIRES: one role, between open() and close(), in pairs.
  virtual void pause() = 0;
  virtual void resume() = 0;

  // Open loop: due(i) waits for the intended start of operation i of this role and returns that time in ns; done(i)
  // records the latency from the intended start until now. REQUIRES: between open() and close().
  virtual std::int64_t due(std::uint64_t i) = 0;
  virtual void done(std::uint64_t i) = 0;

  // `size` bytes of payload that the producer wrote: pattern::write(.., epoch(), id). Designs may only read them. The
  // witnesses know this memory. Two calls with the same size and id answer two buffers with the same bytes. VALID
  // UNTIL: the episode is destroyed.
  virtual std::span<std::byte> payload(std::size_t size, std::uint64_t id) = 0;
  // Says where payload was produced, when that is memory of the workload or the design: the identity witness needs it.
  virtual void produced(std::span<const std::byte> where) = 0;
  // Says that the consumer read these bytes of payload. Only the identity observer calls it.
  virtual void consumed(std::span<const std::byte> where) = 0;
  // The number of this episode in the payload's pattern; never 0.
  virtual std::uint16_t epoch() const = 0;

  // A memfd of `size` bytes that the roles share: the k-th call answers the k-th segment in every process. The
  // instrument owns the descriptor. Throws failure when the segment cannot be made.
  virtual int segment(std::size_t size) = 0;
  // A fresh, empty directory, the same in every process; it is removed with the episode.
  virtual std::filesystem::path dir() = 0;
  // A point where an instrument may inject a fault (kill, stop, failing call). Does nothing unless it is armed.
  virtual void fault_point(int id) = 0;

  // A loop that waits for another role calls this now and then. Throws failure when a role has died or failed.
  virtual void waiting() = 0;

  // The digest of what this role has seen.
  virtual digest& seen() = 0;
  // The digest over all roles of this process, in the order of the roles: what finish() puts into its tally.
  virtual std::uint64_t results() = 0;
};

class episode {
 public:
  virtual ~episode() = default;
  virtual void setup(window& w) = 0;
  virtual void run(window& w, unsigned role, std::uint64_t n) = 0;
  virtual tally finish(window& w) = 0;
  // Payload bytes that are live in what the episode still holds, for retention; 0 where it holds nothing.
  virtual std::uint64_t live_payload_bytes() const { return 0; }
};

}  // namespace copycost
