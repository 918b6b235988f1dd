// SPDX-License-Identifier: Apache-2.0
//
// What the library keeps for each thread, in one piece of thread-local storage that needs no allocation.
//
// Lifetime: the thread.
// Threads: one; only the thread itself touches it.
// Cost: one address calculation for all of it.
#pragma once
#include <cerrno>
#include <cstdint>

namespace copycost::hooks {

struct slot;

struct thread_state {
  slot* counters = nullptr;   // see my_slot()
  unsigned own_work = 0;      // how deep the thread is in the library's own work
  std::uintptr_t region = 0;  // the last region of addresses that the allocator called its own
};
extern constinit thread_local thread_state t_state;

// Marks a scope as the library's own work: its allocations, copies and system calls are not counted as the program's.
// Keeps errno as well: a malloc that succeeds must not change it.
class own_work {
 public:
  own_work() : errno_(errno) { ++t_state.own_work; }
  ~own_work() {
    --t_state.own_work;
    errno = errno_;
  }
  own_work(const own_work&) = delete;
  own_work& operator=(const own_work&) = delete;

 private:
  int errno_;
};

inline bool is_own_work() { return t_state.own_work != 0; }

}  // namespace copycost::hooks
