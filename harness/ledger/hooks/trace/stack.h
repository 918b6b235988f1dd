// SPDX-License-Identifier: Apache-2.0
//
// The call stack of the program at an allocation, without the library's own frames.
//
// Threads: safe; called outside of every lock.
// Cost: some hundred nanoseconds. The first call on a thread is slower.
#pragma once
#include <cstddef>
#include <cstdint>
#include <span>

namespace copycost::hooks {

inline constexpr int kFramesMax = 64;

class call_stack {
 public:
  // Walks the stack of the calling thread. Source of the walk: libunwind's unw_backtrace.
  [[gnu::noinline]] void capture();
  // Addresses of the calling instructions (return address - 1), innermost first. Empty when the walk failed.
  std::span<void* const> frames() const { return {frames_ + first_, count_ - first_}; }

 private:
  void* frames_[kFramesMax] = {};
  std::size_t first_ = 0;
  std::size_t count_ = 0;
};

// Must run once before the first capture. May allocate.
void prepare_stack_walks();

}  // namespace copycost::hooks
