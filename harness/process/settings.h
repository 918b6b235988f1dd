// SPDX-License-Identifier: Apache-2.0
//
// Signals, resource limits and the rest that a process has from its parent. Each function puts right what it can
// without harm, and answers in words what it found; empty: nothing was wrong.
//
// Threads: before there is a second one.
// Cost: some hundred system calls, some 30 us.
#pragma once
#include "harness/base/short_text.h"

namespace copycost {

// Every signal has its default action and none is blocked; but SIGPIPE and SIGXFSZ are ignored, because a write that
// fails says so, and SIGHUP stays ignored where it was (nohup). Says which were otherwise: "CHLD ignored, SEGV
// blocked".
short_text settle_signals();

// The soft limit of open files becomes the hard one, that of the stack 8 MiB where it was another and may be. Says
// every limit that is not infinite: "nofile 1024 (now 4096), fsize 65536". `stack_changed`: for programs started from
// here on.
short_text settle_limits(bool& stack_changed);

// The owner may read and write what this process makes, and enter its folders. Says the mask: "0077".
short_text settle_umask();

// "nice 10, batch"; "nice 0, other" is as it should be. It is left as it is: niceness is a wish of the starter.
short_text priority();

// "there", or "gone".
short_text working_directory();

}  // namespace copycost
