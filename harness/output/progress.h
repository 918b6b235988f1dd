// SPDX-License-Identifier: Apache-2.0
//
// The progress line on stderr: one line with an ETA, never wider than the terminal, redrawn at most ten times a second;
// only on a terminal that can redraw a line.
//
// Lifetime: the destructor clears the line.
// Threads: one at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

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

// The line itself, cut to `columns` less one; no ETA where none is known.
std::string progress_text(const run_progress& p, std::size_t columns);

// Whether stdout may be coloured: a terminal, NO_COLOR unset, TERM not dumb.
bool colour_allowed(int fd);

}  // namespace copycost
