// SPDX-License-Identifier: Apache-2.0
//
// What happens when the library is loaded, when the process forks, and when it exits.
#include <pthread.h>

#include "harness/ledger/hooks/slot.h"
#include "harness/ledger/hooks/totals.h"
#include "harness/ledger/hooks/trace/trace.h"

namespace copycost::hooks {
namespace {

void before_fork() {
  lock_trace();
  lock_slots();
}

void after_fork_in_parent() {
  unlock_slots();
  unlock_trace();
}

void after_fork_in_child() {
  unlock_slots();
  drop_trace_in_child();
  unlock_trace();
}

[[gnu::constructor]] void start() { pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child); }

// A trace that was not stopped ends here, and so is complete up to the exit.
[[gnu::destructor]] void finish() {
  stop_trace(nullptr);
  write_totals();
}

}  // namespace
}  // namespace copycost::hooks
