// SPDX-License-Identifier: Apache-2.0
//
// What this process was doing, printed when a signal ends it: after a crash in a design the message names the cell, and
// not "Segmentation fault" alone. The process still ends by the signal.
//
//   const at_work now("the audit of " + cell.name());
//   copycost: the audit of chunk/slice/...: the process ended by signal 11 (SEGV)
//
// Lifetime: an at_work holds its text until it is destroyed; then the one before it counts again.
// Threads: one says what is done; any may crash.
// Cost: a copy of 1 KiB. Allocates nothing.
#pragma once
#include <string_view>

#include "harness/base/short_text.h"

namespace copycost {

class at_work {
 public:
  explicit at_work(std::string_view what);
  ~at_work();
  at_work(const at_work&) = delete;
  at_work& operator=(const at_work&) = delete;

 private:
  short_text what_;
  const at_work* before_;
  friend void detail_last_words(int);
};

// From now on SEGV, BUS, ILL, FPE and ABRT are reported so. Call it once, before other handlers that pass signals on.
void tell_last_words();

}  // namespace copycost
