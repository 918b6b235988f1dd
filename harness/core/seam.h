// SPDX-License-Identifier: Apache-2.0
//
// The seam: what a workload says once, and every instrument holds to it.
//
//   instrument --lends--> window (one per role) --to--> episode (one per workload and design)
//
//   setup(w)          untimed, in every process: build the state from w.payload(), w.segment(), w.dir()
//   run(w, role, n)   in every role: prepare, w.open(), n operations, w.close(), clean up
//   finish(w)         untimed, in every process: what was done, and the digest for the oracle
//
// A role is a thread or a process. Only what lies between open() and close() is timed or counted; both wait for all
// roles. Windows are lent until the episode is destroyed. A window belongs to one role: not thread-safe; the
// barriers inside open() and close() are. Cost: open() and close() are a barrier each; nothing is virtual inside a
// loop.
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

struct shape {
  unsigned threads = 1;    // per process
  unsigned processes = 1;  // fork and exec; role r lives in process r / threads
  unsigned scenery = 0;    // the first so many roles are not timed: they make what the others live in
  op_start start = op_start::one_by_one;
  batch_state state = batch_state::kept;
  op_cost cost = op_cost::exact;
  constexpr unsigned roles() const { return threads * processes; }
  constexpr bool open_loop() const { return start == op_start::intended; }
  constexpr bool repeatable() const { return state == batch_state::kept; }
  // Promises are exact; otherwise they are bounds.
  constexpr bool exact() const { return cost == op_cost::exact && roles() == 1; }
};
// Why there is no such shape; empty: there is.
constexpr std::string_view why_not(const shape& s) {
  if (s.roles() == 0) return "somebody plays";
  if (s.scenery >= s.roles()) return "scenery alone is not timed";
  if (s.scenery > 0 && s.processes > 1) return "scenery shares its process with those that are timed";
  return {};
}

// What one process did.
struct tally {
  std::uint64_t ops = 0, items = 0, payload_bytes = 0;
  std::uint64_t result = 0;  // digest of everything that the operations produced
};

// What the instrument wants to see of each result; picks the observer that a loop is compiled with (observe.h).
enum class watching { cost, results, identity };

class window {
 public:
  virtual ~window() = default;

  virtual unsigned role() const = 0;
  virtual watching watches() const = 0;

  // Waits for all roles, then starts (stops) timing and counting for this role.
  virtual void open() = 0;
  virtual void close() = 0;

  // What runs between pause() and resume() belongs to the set-up: it is neither timed nor counted. For operations that
  // use something up that a real peer would bring meanwhile. Costs the time that follows some 25 ns, so pause for many
  // at once. REQUIRES: one role, between open() and close(), in pairs.
  virtual void pause() = 0;
  virtual void resume() = 0;

  // Open loop: waits for the intended start of operation `i` of this role and returns it in ns; done(i) records
  // the latency from there. REQUIRES: between open() and close().
  virtual std::int64_t due(std::uint64_t i) = 0;
  virtual void done(std::uint64_t i) = 0;

  // `size` bytes of payload written by the producer: pattern::write(.., epoch(), id). Read-only for designs.
  // VALID UNTIL: the episode is destroyed. Memory that the witnesses know.
  virtual std::span<std::byte> payload(std::size_t size, std::uint64_t id) = 0;
  // Memory of the workload's or the design's own that payload is produced into: told to the identity witness.
  virtual void produced(std::span<const std::byte> where) = 0;
  // The consumer read a payload byte range here (called by the identity observer only).
  virtual void consumed(std::span<const std::byte> where) = 0;
  virtual std::uint16_t epoch() const = 0;

  // A memfd of `size` bytes shared by the roles: the k-th call answers the k-th segment in every process.
  // The descriptor belongs to the instrument. Throws failure when it cannot be made.
  virtual int segment(std::size_t size) = 0;
  // A fresh, empty directory, removed with the episode.
  virtual std::filesystem::path dir() = 0;
  // A point where a fault may be injected (kill, stop, failing call); does nothing unless the instrument arms it.
  virtual void fault_point(int id) = 0;

  // For loops that wait for another role, called now and then: throws failure when a role has died or given up.
  virtual void waiting() = 0;

  // The digest of what this role has seen, and of all roles of this process in role order.
  virtual digest& seen() = 0;
  virtual std::uint64_t results() = 0;
};

class episode {
 public:
  virtual ~episode() = default;
  virtual void setup(window& w) = 0;
  virtual void run(window& w, unsigned role, std::uint64_t n) = 0;
  virtual tally finish(window& w) = 0;
  // Bytes of payload that are live in what the episode still holds, for retention; 0 where nothing is kept.
  virtual std::uint64_t live_payload_bytes() const { return 0; }
};

}  // namespace copycost
