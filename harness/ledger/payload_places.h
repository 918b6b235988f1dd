// SPDX-License-Identifier: Apache-2.0
//
// Where payload lies in this process. It is found by its pattern in all memory that can be read, however it got there
// (the producer, a store, the kernel), so that no workload has to report it. Lent payload is found without a pattern.
//
//   page    |....hhpppppp|pppppppppppp|pppphhppppph|     p payload, h what frames it
//   places       [-------------------)[----) [---)
//
// Not found: payload on stacks and in the data of programs and libraries, and runs shorter than two cells of the
// pattern.
//
// Lifetime: values in memory by the page; the places hold until payload moves.
// Threads: one search at a time in a process.
// Cost: a walk over the present pages.
#pragma once
#include <cstdint>

#include "harness/ledger/mappings.h"

namespace copycost {

struct payload_place {
  std::uintptr_t begin = 0, end = 0;
  bool writable = true;  // how its page is mapped
};
using payload_places = std::vector<payload_place, page_allocator<payload_place>>;

// In the order of the addresses. Throws failure{internal} when the mappings cannot be listed.
payload_places find_payload(std::uint16_t epoch);

}  // namespace copycost
