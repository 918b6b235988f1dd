// SPDX-License-Identifier: Apache-2.0
//
// The progress line on stderr: one line with an ETA, redrawn at most ten times a second, only on a terminal.
// Not thread-safe. Cleared when the object goes.
#pragma once
#include <cstdint>

#include "harness/clock/run.h"

namespace copycost {

class progress_line {
 public:
  progress_line();
  ~progress_line();
  progress_line(const progress_line&) = delete;
  progress_line& operator=(const progress_line&) = delete;
  void show(const run_progress& p);
  progress_function function() {
    return [this](const run_progress& p) { show(p); };
  }

 private:
  void clear();
  bool terminal_ = false, drawn_ = false;
  std::int64_t last_ns_ = 0;
};

// Whether stdout may be coloured: a terminal, NO_COLOR unset, TERM not dumb.
bool colour_allowed(int fd);

}  // namespace copycost
