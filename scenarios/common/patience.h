// SPDX-License-Identifier: Apache-2.0
//
// Waiting for another role of the same episode: spins, then gives the processor away, and gives up in the end.
//
// Lifetime: one wait.
// Threads: one; each waiter has its own.
// Cost: a pause instruction a turn while spinning.
#pragma once
#include <cstdint>
#include <string>
#include <thread>

#include "harness/base/failure.h"
#include "harness/base/now.h"

namespace copycost {

class patience {
 public:
  explicit patience(const char* waits_for) : waits_for_(waits_for) {}

  // To be called each time that what is waited for is not there. Throws failure{incorrect} after kGiveUpNs: it hangs.
  void turn() {
    if (++turns_ % kSpins != 0) return pause();
    std::this_thread::yield();
    const std::int64_t now = now_ns();
    if (turns_ == kSpins) since_ns_ = now;
    if (now - since_ns_ > kGiveUpNs)
      throw failure(exit_code::incorrect, std::string("gave up waiting for ") + waits_for_);
  }

 private:
  static constexpr std::uint64_t kSpins = 1024;
  static constexpr std::int64_t kGiveUpNs = 30'000'000'000;
  static void pause() {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    asm volatile("yield");
#endif
  }

  const char* waits_for_;
  std::uint64_t turns_ = 0;
  std::int64_t since_ns_ = 0;
};

}  // namespace copycost
