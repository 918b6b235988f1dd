// SPDX-License-Identifier: Apache-2.0
//
// What was loaded into this process beside the program: which file serves a function, and which tool watches.
//
// Lifetime: texts are owned.
// Threads: safe.
// Cost: a look-up by the loader; some microseconds.
#pragma once
#include <string>
#include <string_view>

#include "harness/base/short_text.h"

namespace copycost {

// The name, without its folder, of the file whose definition every call of `function` in this process reaches
// ("libc.so.6"); the program's own name where it is built in; empty when no object has it.
std::string server_of(const char* function);

// A tool that has to be loaded first and would be lost if the program started itself again: "heaptrack", "valgrind",
// "rr"; empty: none.
short_text tool_in_process();

// The files of /etc/ld.so.preload, which no environment takes away; empty: none.
short_text preloaded_by_system();
// Whether the ledger's hooks are in this process.
bool hooks_in_process();

// Functions that are timed or that timing hangs on, and are not served as a program on `allocator` ("mimalloc" or
// "glibc") has them: "malloc is served by libjemalloc.so.2"; empty: all are. Under a sanitizer nothing is said.
std::string served_by_strangers(std::string_view allocator);

}  // namespace copycost
