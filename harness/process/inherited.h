// SPDX-License-Identifier: Apache-2.0
//
// The entrance of our programs: a program puts everything that it has from its starter into one known state before it
// does anything else, and keeps what it found, so that a result can say it. README.md has the table.
//
//   main() -> settle_inherited() -> environment, signals, streams, limits, umask
//                |                   anything changed that is read before main()? then the program starts itself again,
//                |                   once, in the known state, and passes on what it found
//                v
//             inherited(): the facts
//
// Nothing here allocates, unless the program starts itself again (short_text.h).
//
// Threads: before there is a second one.
// Cost: some 50 us, and a program start (some 10 ms) where the environment had more than the list.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "harness/base/short_text.h"

namespace copycost {

// Words for what was found; empty where it was as it should be.
struct inherited_facts {
  short_text environment;  // variables left out that could have changed a result: "BENCHMARK_FILTER=x, LD_PRELOAD=..."
  short_text signals, streams;  // "CHLD ignored", "stdout"
  short_text limits;            // "nofile 1024 (now 4096)"
  short_text priority, umask, directory;
  short_text tool;       // that watches this process on purpose, so that it was not started again
  short_text preloaded;  // by the system, whatever the environment says
};

// Whether the program may have been started with our own hooks preloaded, to be counted and not timed.
enum class counted { never, maybe };

// To be called first in main(). Never throws; what cannot be put right is in inherited().
void settle_inherited(char** argv, counted by_hooks = counted::never) noexcept;

// VALID UNTIL: the end of the program.
const inherited_facts& inherited();

// One pair for each member, in a fixed order, for machine.json; "none" and the like where a member is empty.
std::vector<std::pair<std::string, std::string>> to_fields(const inherited_facts& facts);

namespace detail {
// What one start of a program tells the next: facts as one line of text, for the process with this number only.
std::string encode(const inherited_facts& facts, int pid);
bool decode(std::string_view text, int pid, inherited_facts& to);
}  // namespace detail

}  // namespace copycost
