// SPDX-License-Identifier: Apache-2.0
//
// How a stream is made.
//
// Threads: a value.
#pragma once
#include <cstddef>

#include "scenarios/common/streams/ring_memory.h"

namespace copycost {

struct stream_options {
  // Of each direction of a pipe or ring. REQUIRES: a power of two, at least a page.
  std::size_t ring_bytes = kRingBytes;
  int socket_bytes = 0;  // SO_SNDBUF and SO_RCVBUF of a socket; 0: as the system has it
};

}  // namespace copycost
