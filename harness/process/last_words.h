// SPDX-License-Identifier: Apache-2.0
//
// What this process was at, said when a signal ends it: a crash in a design names the cell, not the shell's
// "Segmentation fault" alone. The process ends by the signal as it would have.
//
//   const at_work now("the audit of " + cell.name());
//   copycost: the audit of chunk/slice/...: the process ended by signal 11 (SEGV)
//
// Lifetime: an at_work holds its text until it is destroyed; then the one before it stands again.
// Threads: one thread says what is done; any may crash.
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
