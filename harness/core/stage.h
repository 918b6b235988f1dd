// SPDX-License-Identifier: Apache-2.0
//
// A stage runs one episode for one instrument: it lends the windows, runs the roles in threads and processes, and
// collects their records. A role's process is fork and exec of this same program; its records lie in shared memory, and
// a role that dies is a `failure` with its signal, not a crash of the run.
//
//   stage s(cell, instrument);   s.setup();   s.run(n); s.run(n); ...   s.records()   s.finish()
//
// Lifetime: owns the episode, its payload, segments and directory.
// Threads: one drives a stage.
// Cost: a batch with threads starts them anew (some 50 us, outside the window).
#pragma once
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "harness/core/instrument.h"
#include "harness/core/registry.h"

namespace copycost {

struct stage_options {
  std::uint16_t epoch = 0;     // 0: a new one
  std::int64_t period_ns = 0;  // open loop: time between intended starts of one role
  unsigned timeout_s = 60;     // how long roles may wait for each other
};

// A new epoch for the payload pattern; never 0.
std::uint16_t next_epoch();

class stage {
 public:
  // `by` outlives the stage. Nothing runs yet.
  stage(const cell& what, instrument& by, const stage_options& options = {});
  ~stage();
  stage(const stage&) = delete;
  stage& operator=(const stage&) = delete;

  // Makes the episode, starts the other processes, and sets the episode up in each. Throws failure.
  void setup();
  // One batch: n operations in every role. REQUIRES: setup(). Throws failure (a role died, threw, or hangs).
  void run(std::uint64_t n);
  // Ends the episode in every process and adds up the tallies. REQUIRES: at least one batch.
  tally finish();

  // The episode's number in the payload pattern.
  std::uint16_t epoch() const;
  // The directory that the episode asked for; empty where it asked for none.
  std::filesystem::path directory() const;
  // The episode of this process. REQUIRES: setup(). VALID UNTIL: the stage is destroyed.
  episode& running();
  // What is known of each role after the last batch. VALID UNTIL: the next batch.
  std::span<const role_record> records() const;
  // The memory of the instrument for a role (instrument::scratch_bytes). VALID UNTIL: the stage is destroyed.
  void* scratch(unsigned role) const;

 private:
  struct parts;
  std::unique_ptr<parts> parts_;
};

// Call it first in main(). When this process was started as a role of a stage, it runs that role and returns the exit
// code; otherwise it returns nothing. `make` turns instrument::kind() back into an instrument.
using instrument_maker = std::unique_ptr<instrument> (*)(std::string_view kind);
std::optional<int> role_main(int argc, char** argv, instrument_maker make);

}  // namespace copycost
