// SPDX-License-Identifier: Apache-2.0
#include "scenarios/graph/run/channel/fences.h"

#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "harness/base/check.h"
#include "harness/base/sanitizer.h"

namespace copycost::graph::detail {
namespace {
bool membarrier(int command) { return syscall(SYS_membarrier, command, 0, 0) == 0; }
}  // namespace

// ThreadSanitizer does not know the barriers of the kernel.
bool kernel_fences = !kThreadSanitized && membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);

void ask_kernel_for_fence() {
  if (membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED)) return;
  // A child of fork() may have to register again.
  COPYCOST_REQUIRE(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED));
  COPYCOST_REQUIRE(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
}

}  // namespace copycost::graph::detail
