// SPDX-License-Identifier: Apache-2.0
//
// Sleeping on a word of shared memory until another thread or process changes it.
//
// Threads: safe, also between processes that map the same file; no state.
// Cost: a system call each.
#pragma once
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstdint>
#include <ctime>

namespace copycost {

// Tells the processor that this is a waiting loop.
inline void spin_pause() {
#ifdef __x86_64__
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Sleeps while `word` is `seen`, at most `time_ns`; may return early for no reason. REQUIRES: 0 < time_ns < 1 s.
inline void futex_wait(std::atomic<std::uint32_t>& word, std::uint32_t seen, long time_ns) {
  const timespec limit{0, time_ns};
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAIT, seen, &limit, nullptr, 0);
}

inline void futex_wake(std::atomic<std::uint32_t>& word, int sleepers = INT_MAX) {
  syscall(SYS_futex, reinterpret_cast<std::uint32_t*>(&word), FUTEX_WAKE, sleepers, nullptr, nullptr, 0);
}

}  // namespace copycost
