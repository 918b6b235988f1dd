// SPDX-License-Identifier: Apache-2.0
//
// The upper bound: how many pages of memory this process wrote, in whatever thread and by whatever means.
//
//   start()   protects every writable page that is there against writing; the code that runs does not notice
//   ......    the first write to such a page is a fault, and so is the first touch of a page of fresh memory
//   stop()    answers the faults of the whole process since then
//
// So a page counts once, whether a loop, a call or the kernel on the process's behalf wrote it; also when its thread
// has ended since; in memory that was there, or in a mapping that has come and gone. Pages that are read for the first
// time count as well: the figure is an upper bound. It needs no pattern and no help from the code that runs.
//
// The means, in the order of preference (the first that passes its self test; COPYCOST_WRITE_MEANS names another one):
//   userfaultfd   protection that the kernel lifts by itself (Linux 6.7)
//   soft_dirty    /proc/self/clear_refs, where the kernel keeps dirty bits
//   fresh_only    none of both: writes to memory that was there are not seen, so that nothing is proved
//
// Lifetime: a watch is used again and again. One watch runs at a time in a process.
// Threads: start() and stop() from any; what other threads do meanwhile counts.
// Cost: two system calls a mapping and some microseconds; a microsecond for each page that is written.
#pragma once
#include <cstdint>
#include <string_view>

#include "harness/base/fd.h"

namespace copycost {

enum class write_means { userfaultfd, soft_dirty, fresh_only };
std::string_view to_string(write_means);

class write_watch {
 public:
  // What this process may use. The first call tries, on a page of its own.
  static write_means means();

  // Throws failure{internal} when the mappings cannot be listed. REQUIRES: not started.
  void start();
  // Pages written since. REQUIRES: started.
  std::uint64_t stop();

 private:
  owned_fd protector_;  // the userfaultfd
  std::uint64_t begin_ = 0;
};

// Huge pages would count as one page: from here on this process, and what it starts, gets none that are new.
void without_huge_pages();

}  // namespace copycost
