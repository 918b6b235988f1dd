// SPDX-License-Identifier: Apache-2.0
//
// Observers: what happens to each result of an operation. The batch loop of a workload is a template over the observer,
// so that the work is written once and the clock pays nothing for the judge.
//
//   cost      the handle escapes in two registers; read() reads every byte of the payload
//   results   both feed the digest that is compared with the oracle's
//   identity  both report the address, which must lie where the producer wrote
//
// A handle escapes in registers and not through memory, because a store next to a locked instruction costs time. The
// compiler must assume that the bytes behind the handle are read, so it leaves no copy out. It may keep all else in
// registers: a load that waits behind a locked instruction costs time as well.
//
// Threads: an observer belongs to its role.
// Cost: that of the table, inlined.
#pragma once
#include <cstddef>
#include <span>

#include "harness/core/read_all.h"
#include "harness/core/seam.h"

namespace copycost {

#ifdef __clang__
using many_bytes = const std::byte[std::size_t{1} << 30];  // clang takes no array of unknown size here
#else
using many_bytes = const std::byte[];
#endif
// The compiler must assume that these values are used, and that the bytes behind `pointer` are read. No instruction.
inline void escape(const std::byte* pointer, std::size_t number) {
  asm volatile("" : : "r"(pointer), "r"(number), "m"(*reinterpret_cast<many_bytes*>(pointer)));
}
// The same of one value; all memory may be read and written.
inline void escape(const void* pointer) { asm volatile("" : : "r"(pointer) : "memory"); }
inline void escape(std::size_t number) { asm volatile("" : : "r"(number) : "memory"); }

// The same pointer, but the optimiser does not know that it is the same: each turn of a loop loads what lies there.
template <class T>
inline T* hidden(T* pointer) {
  asm volatile("" : "+r"(pointer));
  return pointer;
}

// For the clock and the ledger's counts.
struct cost_observer {
  // A result of which the consumer takes the handle only.
  void handle(std::span<const std::byte> bytes) { escape(bytes.data(), bytes.size()); }
  // A result of which the consumer reads every byte.
  void read(std::span<const std::byte> bytes) { escape(read_all(bytes)); }
  // A result that is a number.
  void number(std::uint64_t value) { escape(static_cast<std::size_t>(value)); }
};

// For the judge.
struct results_observer {
  digest& seen;
  void handle(std::span<const std::byte> bytes) { seen.add(bytes); }
  void read(std::span<const std::byte> bytes) { seen.add(bytes); }
  void number(std::uint64_t value) { seen.add(value); }
};

// For the identity witness.
struct identity_observer {
  window& w;
  void handle(std::span<const std::byte> bytes) { w.consumed(bytes); }
  void read(std::span<const std::byte> bytes) { w.consumed(bytes); }
  void number(std::uint64_t) {}
};

// Runs `loop(observer)` with the observer that the instrument asks for.
template <class Loop>
void observed(window& w, Loop loop) {
  switch (w.watches()) {
    case watching::cost: {
      cost_observer see;
      return loop(see);
    }
    case watching::results: {
      results_observer see{w.seen()};
      return loop(see);
    }
    case watching::identity: {
      identity_observer see{w};
      return loop(see);
    }
  }
}

}  // namespace copycost
