// SPDX-License-Identifier: Apache-2.0
//
// From which size on does it cost less to refer to a payload in a gather write than to copy it beside its head and
// write one piece? This is measured on this machine: a copy of some KiB in the cache costs less than one more part,
// because the kernel reads the list of parts from the program and copies each part on its own.
//
//   copied    [head|payload copied]   send()              gathered   [head] [payload where it lies]   sendmsg()
//
// Both go over Unix socket pairs whose other ends the same thread reads, in turns, from small sizes to large ones,
// until gathering has clearly won. The answer is the size between them at which the least is lost (break_even_of).
//
// Threads: safe.
// Cost: the first call for each number of writes some milliseconds, later ones an atomic load.
#pragma once
#include <cstddef>
#include <span>

namespace copycost {

struct break_even {
  std::size_t bytes = 0;  // payloads smaller than that cost less when they are copied
  double ns = 0;          // of one payload of about that size, sent and received
};

inline constexpr unsigned kBreakEvenWritesMax = 8;

// Of a unit that is made once and written to `writes` receivers: one copy is paid once, a part in every write.
// Measured once in a process. Throws std::system_error where there is no socket pair.
// REQUIRES: 1 <= writes <= kBreakEvenWritesMax.
const break_even& gather_break_even(unsigned writes = 1);  // VALID UNTIL: the program ends

// Two ways of sending a payload behind a head through something else than sockets, and of receiving it.
class two_senders {
 public:
  two_senders() = default;
  virtual ~two_senders() = default;
  two_senders(const two_senders&) = delete;
  two_senders& operator=(const two_senders&) = delete;
  // Whether a payload of `size` bytes goes through in one piece, with all that stands around it. Nothing is sent after
  // a no.
  virtual bool takes(std::size_t size) = 0;
  virtual void copied(std::size_t size) = 0;    // REQUIRES: takes(size)
  virtual void gathered(std::size_t size) = 0;  // REQUIRES: takes(size)
};
inline constexpr std::size_t kBreakEvenSizeMax = 256 * 1024, kBreakEvenHead = 64;
// Measured now, from 256 bytes to kBreakEvenSizeMax; a unit has a head of kBreakEvenHead bytes. Throws what they throw.
// REQUIRES: they take 256 bytes.
break_even measured_break_even(two_senders& senders);

// What was measured at one size.
struct two_ways {
  std::size_t size = 0;
  double copied_ns = 0, gathered_ns = 0;
};
// The size that loses least if payloads below it are copied and all others gathered: one point that a disturbance has
// moved to the wrong side does not move the answer. Between two points it is interpolated on a logarithmic axis. Where
// copying wins everywhere: twice the last size. REQUIRES: sizes ascend, times are positive, not empty.
break_even break_even_of(std::span<const two_ways> measured);

}  // namespace copycost
