// SPDX-License-Identifier: Apache-2.0
#include "harness/limits/block.h"
#include "harness/limits/probe.h"
#include "harness/limits/probes.h"

namespace copycost::limits::detail {

sample malloc_free(std::uint64_t size, std::chrono::nanoseconds budget) {
  const auto pair = [&] {
    std::byte* block = allocate(size);
    block[0] = std::byte{1};
    escape(block);
    std::free(block);
  };
  return repeat({budget}, [&](std::uint64_t ops) { return time_operations(ops, pair); });
}

}  // namespace copycost::limits::detail
