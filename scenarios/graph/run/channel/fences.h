// SPDX-License-Identifier: Apache-2.0
//
// Two fences for two threads that each write and then look at what the other wrote: at least one of them sees the
// other's write. The one that passes often pays nothing, the one that is about to sleep pays for both.
//
//   often:  write what is new; light_fence(); look whether the other listens
//   seldom: write that I listen; heavy_fence(); look whether there is something new
//
// Threads: safe.
// Cost: light_fence() is a predictable branch, and heavy_fence() is some microseconds, because the kernel makes every
// other processor that runs this process pass a barrier. Where the kernel cannot, both are ordinary fences; then
// light_fence() waits until earlier writes have left the processor, which is a whole miss when another core has the
// line.
// Source: membarrier(2), MEMBARRIER_CMD_PRIVATE_EXPEDITED; Dice, Huang and Yang, "Asymmetric Dekker
// synchronization" (2001).
#pragma once
#include <atomic>

namespace copycost::graph {

namespace detail {
// Set before main() begins, and the same from then on.
extern bool kernel_fences;
void ask_kernel_for_fence();
}  // namespace detail

inline void light_fence() {
  if (detail::kernel_fences) [[likely]]
    std::atomic_signal_fence(std::memory_order_seq_cst);
  else
    std::atomic_thread_fence(std::memory_order_seq_cst);
}
inline void heavy_fence() {
  if (detail::kernel_fences)
    detail::ask_kernel_for_fence();
  else
    std::atomic_thread_fence(std::memory_order_seq_cst);
}

}  // namespace copycost::graph
