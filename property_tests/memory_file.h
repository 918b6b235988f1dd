// SPDX-License-Identifier: Apache-2.0
//
// A file in memory, all zeros, for tests of what several processes map: a segment as soon as a process attaches. Goes
// away with its descriptor. Free of Catch's macros: children use it too. Ends the process where there is no memory.
#pragma once
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

#include "harness/base/fd.h"

namespace copycost::test {

struct memory_file {
  explicit memory_file(std::uint64_t bytes) : fd(memfd_create("test", MFD_CLOEXEC)) {
    if (ftruncate(fd, static_cast<off_t>(bytes)) != 0) std::abort();
  }
  void put(std::uint64_t at, std::uint64_t word) const {
    if (pwrite(fd, &word, sizeof word, static_cast<off_t>(at)) != sizeof word) std::abort();
  }
  const owned_fd fd;
};

}  // namespace copycost::test
