// SPDX-License-Identifier: Apache-2.0
//
// Who is to blame for a failure: the design (it throws, answers or crashes: that is its result), or the machine, the
// harness or the input (that says nothing of the design).
//
//   thrown, or a process that died --> fault { code, why } --> of_design(): broken       otherwise: not measured
//
// exit_code::incorrect is the design's, usage the input's, everything else the machine's or ours. A design that fails
// on a machine without what every design needs (room for files, address space) is not to blame: the machine is.
//
// Threads: safe.
// Cost: some system calls, only after a failure.
#pragma once
#include <string>
#include <string_view>

#include "harness/base/child.h"
#include "harness/base/failure.h"

namespace copycost {

struct fault {
  exit_code code = exit_code::internal;
  std::string why;  // one line
  bool of_design() const { return code == exit_code::incorrect; }
};

// REQUIRES: called inside of a handler. A failure keeps its code. Operating system errors are the machine's. Exhausted
// memory is the machine's where the address space is limited, and otherwise the design's, which asked for that much.
fault fault_of_current_exception();

// How a process ended: "signal 9 (Killed)", "exit code 3". A crash is the design's; a signal that others send (KILL,
// TERM, ...), a limit and an unknown end are not. REQUIRES: it did not end well.
fault fault_of_death(const ending& end);

// One line that says what this process is short of, with the figure; empty where there is enough.
std::string machine_short_of();

// The operating system's words for an error number; never "Success", which is no reason.
std::string reason_of(int error);

}  // namespace copycost
