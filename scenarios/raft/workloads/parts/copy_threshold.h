// SPDX-License-Identifier: Apache-2.0
//
// encoder_options::copy_below as this machine has it: payloads smaller than that are copied beside the head, because a
// part of their own would cost more. Between processors and kernels it differs, and between transports: a system call
// with a list of parts costs more than one without, so copying pays longer on sockets than on a ring, which has no
// calls.
//
// Threads: safe.
// Cost: the first call some milliseconds (harness/limits/gather_break_even.h).
#pragma once
#include <cstddef>

#include "scenarios/common/streams/byte_stream.h"

namespace copycost::raft {

// For units that are each written to so many connections of a kind. A socket pair stands for all sockets, a ring in
// private memory for all rings. Throws std::system_error or failure{internal} where nothing can be measured. REQUIRES:
// connections >= 1; more than kBreakEvenWritesMax count as so many.
std::size_t measured_copy_below(stream_kind kind, unsigned connections = 1);

}  // namespace copycost::raft
